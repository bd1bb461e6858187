// SPDX-License-Identifier: GPL-2.0-only
/* The screen of mmkit top: draws a document, and takes keys. */
#include <ctype.h>
#include <curses.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "top.h"

#define HISTORY	60

struct top_screen {
	unsigned int view;
	unsigned int sort[8];	/* of each view */
	bool sorted[8];		/* it was chosen */
	int selected;
	int first;		/* row that is shown on top */
	bool frozen;
	bool help;
	bool open;		/* the selected row in full */
	bool typing;		/* a filter */
	char filter[32];
	char title[64];		/* of the row that is open */
	struct json_object *doc;
	struct json_object **rows;	/* of the view, filtered and sorted */
	int nr_rows;
	int64_t history[HISTORY];	/* worst unusable index, thousandths; -1 */
};

/* qsort() has no place for it. */
static const char *sort_key;

static int by_key(const void *a, const void *b)
{
	return top_compare(*(struct json_object *const *)a,
			   *(struct json_object *const *)b, sort_key);
}

static const struct top_view *view_of(const struct top_screen *screen)
{
	return &top_views[screen->view];
}

static bool passes(const struct top_screen *screen, struct json_object *row)
{
	const struct top_view *view = view_of(screen);
	const char *name = json_object_get_string(j_get(row, view->title));

	return !*screen->filter || (name && strcasestr(name, screen->filter));
}

static void collect_rows(struct top_screen *screen)
{
	struct json_object *list = j_get(screen->doc, view_of(screen)->list), *row;
	size_t i, nr = list ? json_object_array_length(list) : 0;

	free(screen->rows);
	screen->rows = calloc(nr ?: 1, sizeof(*screen->rows));
	screen->nr_rows = 0;
	for (i = 0; screen->rows && i < nr; i++) {
		row = json_object_array_get_idx(list, i);
		if (passes(screen, row))
			screen->rows[screen->nr_rows++] = row;
	}
	sort_key = view_of(screen)->columns[screen->sort[screen->view]].key;
	if (screen->rows && screen->sorted[screen->view])
		qsort(screen->rows, screen->nr_rows, sizeof(*screen->rows), by_key);
	if (screen->selected >= screen->nr_rows)
		screen->selected = screen->nr_rows ? screen->nr_rows - 1 : 0;
}

/* The worst zone's unusable index of the order of a huge page. */
static void remember(struct top_screen *screen)
{
	struct json_object *zones = j_get(screen->doc, "zones"), *unusable;
	size_t i, nr = json_object_array_length(zones);
	int64_t worst = -1, value;

	for (i = 0; i < nr; i++) {
		unusable = j_get(json_object_array_get_idx(zones, i), "unusable");
		if (!unusable || json_object_array_length(unusable) < 10)
			continue;
		value = json_object_get_int64(json_object_array_get_idx(unusable, 9));
		worst = value > worst ? value : worst;
	}
	memmove(screen->history, screen->history + 1,
		(HISTORY - 1) * sizeof(*screen->history));
	screen->history[HISTORY - 1] = worst;
}

static void draw_history(const struct top_screen *screen)
{
	static const char levels[] = " .:-=+*#%@";
	int i;

	if (screen->history[HISTORY - 1] < 0) {
		addnstr("Unusable at order 9: known with mmkit loaded", COLS - 1);
		return;
	}
	printw("Unusable at order 9 (worst zone): %.3f |",
	       screen->history[HISTORY - 1] / 1000.0);
	for (i = HISTORY - 30; i < HISTORY; i++)
		addch(screen->history[i] < 0 ? ' ' : levels[screen->history[i] * 9 / 1000]);
	addch('|');
}

static void draw_head(const struct top_screen *screen)
{
	char lines[TOP_HEAD_LINES][200];
	int i;

	top_head(screen->doc, lines);
	for (i = 0; i < TOP_HEAD_LINES; i++)
		mvaddnstr(i, 0, lines[i], COLS);
	move(TOP_HEAD_LINES, 0);
	draw_history(screen);
}

static void draw_names(const struct top_screen *screen)
{
	unsigned int i;

	move(TOP_HEAD_LINES + 1, 0);
	for (i = 0; i < top_nr_views; i++) {
		if (i == screen->view)
			attron(A_REVERSE);
		printw(" %c %s ", top_views[i].key, top_views[i].name);
		attroff(A_REVERSE);
	}
	if (screen->frozen)
		addstr("  FROZEN");
	if (*screen->filter || screen->typing)
		printw("  /%s%s", screen->filter, screen->typing ? "_" : "");
}

static void draw_heads(const struct top_screen *screen)
{
	const struct top_view *view = view_of(screen);
	unsigned int i;

	move(TOP_HEAD_LINES + 2, 0);
	attron(A_BOLD);
	for (i = 0; i < view->nr_columns; i++) {
		if (i == screen->sort[screen->view] && screen->sorted[screen->view])
			attron(A_UNDERLINE);
		printw("%*s", view->columns[i].width, view->columns[i].head);
		attroff(A_UNDERLINE);
		addch(' ');
	}
	attroff(A_BOLD);
}

static void draw_row(const struct top_screen *screen, int at, int y)
{
	const struct top_view *view = view_of(screen);
	unsigned int i;
	char cell[80];

	if (at == screen->selected)
		attron(A_REVERSE);
	move(y, 0);
	for (i = 0; i < view->nr_columns && getcurx(stdscr) < COLS; i++) {
		top_cell(cell, sizeof(cell), screen->rows[at], &view->columns[i]);
		addnstr(cell, COLS - getcurx(stdscr));
	}
	attroff(A_REVERSE);
}

static void draw_rows(struct top_screen *screen)
{
	int top = TOP_HEAD_LINES + 3, room = LINES - top - 1, i;
	const char *untraced;

	if (screen->selected < screen->first)
		screen->first = screen->selected;
	if (room > 0 && screen->selected >= screen->first + room)
		screen->first = screen->selected - room + 1;
	for (i = 0; i < room && screen->first + i < screen->nr_rows; i++)
		draw_row(screen, screen->first + i, top + i);
	if (screen->nr_rows)
		return;
	untraced = json_object_get_string(j_get(screen->doc, "untraced"));
	if (!strcmp(view_of(screen)->list, "allocations") && untraced)
		mvaddnstr(top, 0, untraced, COLS);
	else
		mvaddstr(top, 0, "nothing here");
}

static void put_line(const char *text)
{
	int y = getcury(stdscr);

	if (y < LINES - 1) {
		addnstr(text, COLS - 1);
		move(y + 1, 0);
	}
}

static struct json_object *open_row(const struct top_screen *screen)
{
	const struct top_view *view = view_of(screen);
	const char *name;
	int i;

	for (i = 0; i < screen->nr_rows; i++) {
		name = json_object_get_string(j_get(screen->rows[i], view->title));
		if (name && !strcmp(name, screen->title))
			return screen->rows[i];
	}
	return NULL;
}

static void draw_open(struct top_screen *screen)
{
	struct json_object *row = open_row(screen);

	move(TOP_HEAD_LINES + 2, 0);
	attron(A_BOLD);
	put_line(screen->title);
	attroff(A_BOLD);
	if (row)
		view_of(screen)->detail(row, put_line);
	else
		put_line("it is no more");
}

static void draw_help(void)
{
	static const char *const lines[] = {
		"z c m a     zones, slab caches, mmkit's sessions, allocations",
		"up down     choose a row; page up and down, home, end",
		"Enter       the row in full; Esc or Enter goes back",
		"< >         sort by the column before or after",
		"/           show rows with these letters; Enter keeps, Esc forgets",
		"space       freeze, and go on",
		"?           this help",
		"q           end",
	};
	size_t i;

	move(TOP_HEAD_LINES + 2, 0);
	for (i = 0; i < ARRAY_SIZE(lines); i++)
		put_line(lines[i]);
}

static void draw(struct top_screen *screen)
{
	erase();
	draw_head(screen);
	draw_names(screen);
	if (screen->help) {
		draw_help();
	} else if (screen->open) {
		draw_open(screen);
	} else {
		draw_heads(screen);
		draw_rows(screen);
	}
	mvaddnstr(LINES - 1, 0, "?:help  z c m a:areas  Enter:open  <>:sort  /:filter  space:freeze  q:quit",
		  COLS - 1);
	refresh();
}

static void choose_view(struct top_screen *screen, int key)
{
	unsigned int i;

	for (i = 0; i < top_nr_views; i++) {
		if (top_views[i].key != key || i == screen->view)
			continue;
		screen->view = i;
		screen->selected = screen->first = 0;
		screen->filter[0] = '\0';
		screen->open = false;
	}
}

static void sort_by(struct top_screen *screen, int step)
{
	int nr = view_of(screen)->nr_columns;
	unsigned int *sort = &screen->sort[screen->view];

	if (screen->sorted[screen->view])
		*sort = (*sort + nr + step) % nr;
	screen->sorted[screen->view] = true;
}

/* Returns whether the key went into the filter. */
static bool type_filter(struct top_screen *screen, int key)
{
	size_t len = strlen(screen->filter);

	if (!screen->typing)
		return false;
	if (key == '\n' || key == KEY_ENTER) {
		screen->typing = false;
	} else if (key == 27) {
		screen->typing = false;
		screen->filter[0] = '\0';
	} else if ((key == KEY_BACKSPACE || key == 127 || key == 8) && len) {
		screen->filter[len - 1] = '\0';
	} else if (key < 256 && isprint(key) && len + 1 < sizeof(screen->filter)) {
		screen->filter[len] = key;
		screen->filter[len + 1] = '\0';
	}
	return true;
}

static void open_or_close(struct top_screen *screen)
{
	const struct top_view *view = view_of(screen);

	if (screen->open || !view->detail || !screen->nr_rows) {
		screen->open = false;
		return;
	}
	snprintf(screen->title, sizeof(screen->title), "%s",
		 json_object_get_string(j_get(screen->rows[screen->selected],
					      view->title)));
	screen->open = true;
}

static void move_to(struct top_screen *screen, int row)
{
	if (row >= screen->nr_rows)
		row = screen->nr_rows - 1;
	screen->selected = row < 0 ? 0 : row;
}

/* Returns false when it is the end. */
static bool take_key(struct top_screen *screen, int key)
{
	int page = LINES - TOP_HEAD_LINES - 4;

	if (type_filter(screen, key))
		return true;
	switch (key) {
	case 'q': return false;
	case '?': screen->help = !screen->help; break;
	case ' ': screen->frozen = !screen->frozen; break;
	case '/': screen->typing = true; break;
	case '<': sort_by(screen, -1); break;
	case '>': sort_by(screen, 1); break;
	case KEY_UP: move_to(screen, screen->selected - 1); break;
	case KEY_DOWN: move_to(screen, screen->selected + 1); break;
	case KEY_PPAGE: move_to(screen, screen->selected - page); break;
	case KEY_NPAGE: move_to(screen, screen->selected + page); break;
	case KEY_HOME: move_to(screen, 0); break;
	case KEY_END: move_to(screen, screen->nr_rows - 1); break;
	case '\n': case KEY_ENTER: open_or_close(screen); break;
	case 27: screen->open = screen->help = false; break;
	default: choose_view(screen, key);
	}
	return true;
}

/* NULL when the terminal cannot: the reason has been given. */
struct top_screen *top_screen_begin(struct cli *cli)
{
	struct top_screen *screen = calloc(1, sizeof(*screen));
	int i;

	setlocale(LC_CTYPE, "");
	if (!screen || !newterm(NULL, stdout, stdin)) {
		free(screen);
		usage(cli, "this terminal (TERM=%s) cannot show a screen; use --once",
		      getenv("TERM") ?: "");
		return NULL;
	}
	set_escdelay(50);
	cbreak();
	noecho();
	keypad(stdscr, true);
	curs_set(0);
	for (i = 0; i < HISTORY; i++)
		screen->history[i] = -1;
	/* Caches by what they take, allocations by their rate. */
	screen->sort[1] = 5;
	screen->sort[2] = 3;
	screen->sorted[1] = screen->sorted[2] = true;
	return screen;
}

/*
 * Shows @doc, which is taken over, and takes keys until @ms have passed. Returns
 * false when the user has had enough.
 */
bool top_screen_run(struct top_screen *screen, struct json_object *doc,
		    unsigned int ms)
{
	struct timespec begin, now;
	long left = ms;
	int key;

	if (!screen->frozen || !screen->doc) {
		json_object_put(screen->doc);
		screen->doc = doc;
		remember(screen);
	} else {
		json_object_put(doc);
	}
	clock_gettime(CLOCK_MONOTONIC, &begin);
	while (left > 0 && !interrupted()) {
		collect_rows(screen);
		draw(screen);
		timeout(left);
		key = getch();
		if (key != ERR && !take_key(screen, key))
			return false;
		clock_gettime(CLOCK_MONOTONIC, &now);
		left = ms - ((now.tv_sec - begin.tv_sec) * 1000 +
			     (now.tv_nsec - begin.tv_nsec) / 1000000);
	}
	return true;
}

void top_screen_end(struct top_screen *screen)
{
	endwin();
	json_object_put(screen->doc);
	free(screen->rows);
	free(screen);
}
