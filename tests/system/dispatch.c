// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules that hold for every command of every device: sizes, tails, bad
 * pointers, numbers that are none, structs that change underneath.
 */
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib.h"

static struct mmkit_entry_info entries[4];
static struct mmkit_leak leaks[2];
static struct mmkit_page described[2];
static struct mmkit_zone zones[8];
static struct mmkit_map_strategy strategies[32];

static void make_list(int fd, void *arg)
{
	struct mmkit_info_list *list = arg;

	(void)fd;
	list->nr = ARRAY_SIZE(entries);
	list->entries = PTR(entries);
}

static void make_leaks(int fd, void *arg)
{
	struct mmkit_info_leaks *list = arg;

	(void)fd;
	list->nr = ARRAY_SIZE(leaks);
	list->leaks = PTR(leaks);
}

static void make_alloc(int fd, void *arg)
{
	(void)fd;
	*(struct mmkit_pages_alloc *)arg = alloc_init(1, 2);
}

static void make_free(int fd, void *arg)
{
	((struct mmkit_pages_free *)arg)->handle = pages_alloc(fd, 0, 1);
}

static void make_describe(int fd, void *arg)
{
	struct mmkit_pages_describe *describe = arg;

	describe->handle = pages_alloc(fd, 0, 2);
	describe->nr = ARRAY_SIZE(described);
	describe->pages = PTR(described);
}

static void make_zones(int fd, void *arg)
{
	struct mmkit_pages_zones *list = arg;

	(void)fd;
	list->nr = ARRAY_SIZE(zones);
	list->zones = PTR(zones);
}

static void make_fragment(int fd, void *arg)
{
	struct mmkit_pages_fragment *fragment = arg;

	(void)fd;
	fragment->order = 2;
	fragment->bytes = 8 * PAGE;
	fragment->node = -1;
}

static void make_set(int fd, void *arg)
{
	(void)fd;
	((struct mmkit_map_set *)arg)->bytes = 4 * PAGE;
}

static void make_map_describe(int fd, void *arg)
{
	struct mmkit_map_describe *describe = arg;

	EQUAL(map_set(fd, 2 * PAGE, ""), 0);
	describe->nr = ARRAY_SIZE(described);
	describe->pages = PTR(described);
}

static void make_strategies(int fd, void *arg)
{
	struct mmkit_map_strategies *list = arg;

	(void)fd;
	list->nr = ARRAY_SIZE(strategies);
	list->strategies = PTR(strategies);
}

static void make_log(int fd, void *arg)
{
	static u64 bits[1];
	struct mmkit_map_log *log = arg;

	EQUAL(map_set(fd, 2 * PAGE, "dirty"), 0);
	log->nr = 2;
	log->bits = PTR(bits);
}

static void make_pager(int fd, void *arg)
{
	struct mmkit_map_pager *pager = arg;

	EQUAL(map_set(fd, 2 * PAGE, "pager"), 0);
	pager->frames = 16;
	pager->fd = -1;
}

static void make_paged(int fd, void *arg)
{
	(void)arg;
	EQUAL(map_set(fd, 2 * PAGE, "pager"), 0);
}

static void make_states(int fd, void *arg)
{
	static u8 states[2];
	struct mmkit_map_states *list = arg;

	EQUAL(map_set(fd, 2 * PAGE, "pager"), 0);
	list->nr = ARRAY_SIZE(states);
	list->states = PTR(states);
}

/*
 * Every command there is. @min: the shortest struct that is taken. @array: where
 * the pointer to its array stands, if it has one. @make: a request that works.
 */
#define ROW(_area, _cmd, _type, _last, _array, _make)			\
	{								\
		.area = _area,						\
		.name = #_cmd,						\
		.cmd = _cmd,						\
		.size = sizeof(_type),					\
		.min = offsetof(_type, _last) +				\
		       sizeof(((_type *)0)->_last),			\
		.array = _array,					\
		.make = _make,						\
	}
#define AT(type, field)	offsetof(type, field)

static const struct row {
	const char *area;
	const char *name;
	u32 cmd;
	u32 size;
	u32 min;
	size_t array;
	void (*make)(int fd, void *arg);
} rows[] = {
	ROW("info", MMKIT_SESSION_INFO, struct mmkit_session_info, size, 0,
	    NULL),
	ROW("pages", MMKIT_SESSION_INFO, struct mmkit_session_info, size, 0,
	    NULL),
	ROW("map", MMKIT_SESSION_INFO, struct mmkit_session_info, size, 0,
	    NULL),
	ROW("info", MMKIT_INFO_GET, struct mmkit_info, size, 0, NULL),
	ROW("info", MMKIT_INFO_LIST, struct mmkit_info_list, entries,
	    AT(struct mmkit_info_list, entries), make_list),
	ROW("info", MMKIT_INFO_LEAKS, struct mmkit_info_leaks, leaks,
	    AT(struct mmkit_info_leaks, leaks), make_leaks),
	ROW("pages", MMKIT_PAGES_ALLOC, struct mmkit_pages_alloc, reserved, 0,
	    make_alloc),
	ROW("pages", MMKIT_PAGES_FREE, struct mmkit_pages_free, reserved, 0,
	    make_free),
	ROW("pages", MMKIT_PAGES_DESCRIBE, struct mmkit_pages_describe, pages,
	    AT(struct mmkit_pages_describe, pages), make_describe),
	ROW("pages", MMKIT_PAGES_ZONES, struct mmkit_pages_zones, zones,
	    AT(struct mmkit_pages_zones, zones), make_zones),
	ROW("pages", MMKIT_PAGES_FRAGMENT, struct mmkit_pages_fragment, blocks,
	    0, make_fragment),
	ROW("map", MMKIT_MAP_SET, struct mmkit_map_set, strategy, 0, make_set),
	ROW("map", MMKIT_MAP_GET, struct mmkit_map_get, size, 0, NULL),
	ROW("map", MMKIT_MAP_DESCRIBE, struct mmkit_map_describe, pages,
	    AT(struct mmkit_map_describe, pages), make_map_describe),
	ROW("map", MMKIT_MAP_STRATEGIES, struct mmkit_map_strategies,
	    strategies, AT(struct mmkit_map_strategies, strategies),
	    make_strategies),
	ROW("map", MMKIT_MAP_LOG, struct mmkit_map_log, bits,
	    AT(struct mmkit_map_log, bits), make_log),
	ROW("map", MMKIT_MAP_PAGER, struct mmkit_map_pager, seed, 0,
	    make_pager),
	ROW("map", MMKIT_MAP_PAGED, struct mmkit_map_paged, size, 0,
	    make_paged),
	ROW("map", MMKIT_MAP_STATES, struct mmkit_map_states, states,
	    AT(struct mmkit_map_states, states), make_states),
	/* Stops what is not there: what it makes is no handle, see events.c. */
	ROW("map", MMKIT_MAP_EVENTS, struct mmkit_map_events, nr, 0, NULL),
};

/* A request on a fresh session, in a buffer of two pages. */
struct request {
	const struct row *row;
	int fd;
	u8 *arg;
	struct mmkit_session_info before;
};

static u8 buffer[2 * PAGE] __attribute__((aligned(PAGE)));

static struct request request(const struct row *row)
{
	struct request r = { .row = row, .fd = dev_open(row->area) };

	memset(buffer, 0, sizeof(buffer));
	r.arg = buffer;
	if (row->make)
		row->make(r.fd, r.arg);
	*(u32 *)r.arg = row->size;
	r.before = session(r.fd);
	return r;
}

/* What failed must not have left anything behind. */
static void refused(struct request *r, int got, int want)
{
	struct mmkit_session_info after = session(r->fd);

	EQUAL(got, want);
	EQUAL(after.handles, r->before.handles);
	EQUAL(after.bytes, r->before.bytes);
	close(r->fd);
}

static void served(struct request *r, int got)
{
	EQUAL(got, 0);
	close(r->fd);
}

static int send(struct request *r)
{
	return call(r->fd, r->row->cmd, r->arg);
}

static void rule_good(const struct row *row)
{
	struct request r = request(row);

	test("%s on %s is served", row->name, row->area);
	served(&r, send(&r));
}

static void rule_short(const struct row *row)
{
	const u32 sizes[] = { 0, 1, row->min - 1 };
	size_t i;

	test("%s on %s: a struct that is too short is EINVAL", row->name,
	     row->area);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct request r = request(row);

		*(u32 *)r.arg = sizes[i];
		refused(&r, send(&r), -EINVAL);
	}
}

/* Of an older program: nothing beyond its struct is written. */
static void rule_older(const struct row *row)
{
	struct request r = request(row);
	u32 i;

	test("%s on %s: an older struct is served and no more is written",
	     row->name, row->area);
	*(u32 *)r.arg = row->min;
	for (i = row->min; i < row->size + 64; i++)
		r.arg[i] = 0xa5;
	served(&r, send(&r));
	for (i = row->min; i < row->size + 64; i++)
		if (r.arg[i] != 0xa5)
			break;
	EQUAL(i, row->size + 64);
	EQUAL(*(u32 *)r.arg, row->min);
}

static void rule_longer(const struct row *row)
{
	const u32 sizes[] = { row->size + 1, row->size + 8, PAGE };
	size_t i;

	test("%s on %s: a longer struct with a tail of zeros is served",
	     row->name, row->area);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct request r = request(row);

		*(u32 *)r.arg = sizes[i];
		served(&r, send(&r));
	}
}

static void rule_tail(const struct row *row)
{
	const u32 at[] = { row->size, row->size + 7, PAGE - 1 };
	size_t i;

	test("%s on %s: a longer struct with anything in its tail is E2BIG",
	     row->name, row->area);
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		struct request r = request(row);

		*(u32 *)r.arg = at[i] + 1;
		r.arg[at[i]] = 1;
		refused(&r, send(&r), -E2BIG);
	}
}

static void rule_huge(const struct row *row)
{
	const u32 sizes[] = { PAGE + 1, 0x80000000, 0xffffffff };
	size_t i;

	test("%s on %s: a struct larger than a page is E2BIG", row->name,
	     row->area);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct request r = request(row);

		*(u32 *)r.arg = sizes[i];
		refused(&r, send(&r), -E2BIG);
	}
}

/* None, unmapped, the kernel's, and one that ends in the middle. */
static void rule_pointer(const struct row *row)
{
	u8 *edge = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *bad[] = {
		NULL, unmapped(), (void *)-1ul, (void *)(-1ul << 12),
		(void *)(1ul << (sizeof(long) * 8 - 1)),
		edge + PAGE - sizeof(u32),
	};
	size_t i;

	test("%s on %s: a bad pointer is EFAULT", row->name, row->area);
	*(u32 *)bad[5] = row->size;
	munmap(edge + PAGE, PAGE);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct request r = request(row);

		refused(&r, call(r.fd, row->cmd, bad[i]), -EFAULT);
	}
	munmap(edge, PAGE);
	munmap(bad[1], PAGE);
}

static void rule_readonly(const struct row *row)
{
	struct request r;
	void *copy;

	if (!(_IOC_DIR(row->cmd) & _IOC_READ))
		return;
	test("%s on %s: an answer that cannot be written is EFAULT, undone",
	     row->name, row->area);
	r = request(row);
	copy = readonly_copy(r.arg, row->size);
	refused(&r, call(r.fd, row->cmd, copy), -EFAULT);
	munmap(copy, PAGE);
}

static void rule_array(const struct row *row)
{
	void *bad[] = { NULL, readonly_copy("", 1), unmapped(),
			(void *)(-1ul << 12) };
	size_t i;

	if (!row->array)
		return;
	test("%s on %s: an array that cannot be written is EFAULT", row->name,
	     row->area);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct request r = request(row);

		*(u64 *)(r.arg + row->array) = PTR(bad[i]);
		refused(&r, send(&r), -EFAULT);
	}
	munmap(bad[1], PAGE);
	munmap(bad[2], PAGE);
}

/* The same number with another direction, type or neighbour is no command. */
static void rule_number(const struct row *row)
{
	const u32 dirs[] = { _IOC_NONE, _IOC_READ, _IOC_WRITE,
			     _IOC_READ | _IOC_WRITE };
	struct request r;
	size_t i;

	test("%s on %s: another direction or type is ENOTTY", row->name,
	     row->area);
	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		if (dirs[i] == _IOC_DIR(row->cmd))
			continue;
		r = request(row);
		refused(&r, call(r.fd, _IOC(dirs[i], MMKIT_IOC,
					    _IOC_NR(row->cmd), row->size),
				 r.arg), -ENOTTY);
	}
	r = request(row);
	refused(&r, call(r.fd, _IOC(_IOC_DIR(row->cmd), MMKIT_IOC + 1,
				    _IOC_NR(row->cmd), row->size), r.arg),
		-ENOTTY);
}

/* The size in the number is the program's; the struct says which it is. */
static void rule_encoded_size(const struct row *row)
{
	const u32 sizes[] = { 0, row->size - 1, row->size + 8, 16383 };
	size_t i;

	test("%s on %s: the size in the number is not looked at", row->name,
	     row->area);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct request r = request(row);

		served(&r, call(r.fd, _IOC(_IOC_DIR(row->cmd), MMKIT_IOC,
					   _IOC_NR(row->cmd), sizes[i]),
				r.arg));
	}
}

static void (*const rules[])(const struct row *row) = {
	rule_good, rule_short, rule_older, rule_longer, rule_tail, rule_huge,
	rule_pointer, rule_readonly, rule_array, rule_number,
	rule_encoded_size,
};

static bool known(const char *area, u32 nr)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i].area, area) && _IOC_NR(rows[i].cmd) == nr)
			return true;
	return false;
}

/* All 256 numbers of each device but those of the table. */
static void unknown_numbers(const char *area)
{
	struct mmkit_session_info arg = { .size = sizeof(arg) };
	int fd = dev_open(area);
	u32 nr;

	test("%s: every number that is no command is ENOTTY", area);
	for (nr = 0; nr < 256; nr++)
		if (!known(area, nr) &&
		    !EQUAL(call(fd, _IOC(_IOC_READ | _IOC_WRITE, MMKIT_IOC, nr,
					 sizeof(arg)), &arg), -ENOTTY))
			diag("number %u", nr);
	close(fd);
}

/* --- others at work meanwhile: processes, which share what they need */

struct shared {
	struct mmkit_pages_alloc alloc;
	int fd;
	atomic_bool stop;
	atomic_int stolen;
};

static struct shared *share(void)
{
	struct shared *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		bail("no shared page");
	shared->fd = dev_open("pages");
	shared->alloc = alloc_init(2, 4);
	return shared;
}

static pid_t start(void (*run)(struct shared *shared), struct shared *shared)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid)
		return pid;
	while (!atomic_load(&shared->stop))
		run(shared);
	_exit(0);
}

/* Everything is free again. */
static void stop(pid_t pid, struct shared *shared)
{
	int status;

	atomic_store(&shared->stop, true);
	EQUAL(waitpid(pid, &status, 0), pid);
	EQUAL(status, 0);
	EQUAL(session(shared->fd).handles, 0);
	EQUAL(session(shared->fd).bytes, 0);
	close(shared->fd);
	munmap(shared, PAGE);
}

static void flip(struct shared *shared)
{
	static const u32 sizes[] = {
		sizeof(shared->alloc), 3, 5000, sizeof(shared->alloc) + 8
	};
	volatile struct mmkit_pages_alloc *alloc = &shared->alloc;
	static u32 i;

	i++;
	alloc->size = sizes[i % 4];
	alloc->count = i & 1 ? 1 : 64;
	alloc->order = i & 2 ? 0 : 3;
	alloc->flags = i & 4 ? 0 : MMKIT_PAGES_SPLIT;
}

/* Whatever was asked for, what is held is what is charged. */
static void check_held(int fd, u32 handle)
{
	struct mmkit_page page[512];
	struct mmkit_session_info held = session(fd);
	int nr = pages_describe(fd, handle, 0, ARRAY_SIZE(page), page);

	EQUAL(held.handles, 1);
	BETWEEN(nr, 1, 512);
	EQUAL(held.bytes, (nr * PAGE) << page[0].order);
	EQUAL(pages_free(fd, handle), 0);
	EQUAL(session(fd).bytes, 0);
}

static void double_fetch(void)
{
	struct shared *shared = share();
	pid_t flipper = start(flip, shared);
	int i, err, good = 0, bad = 0;

	test("bug 26: a struct that changes while it is read is one struct or another");
	/* On one CPU the struct stands still for whole time slices. */
	for (i = 0; i < 2000 || (i < 10000000 && !(good && bad)); i++) {
		err = call(shared->fd, MMKIT_PAGES_ALLOC, &shared->alloc);
		if (!err)
			check_held(shared->fd, shared->alloc.handle);
		else if (err != -EINVAL && err != -E2BIG)
			EQUAL(err, 0);
		good += !err;
		bad += !!err;
	}
	CHECK(good && bad);
	stop(flipper, shared);
}

static void steal(struct shared *shared)
{
	if (!pages_free(shared->fd, 1))
		atomic_fetch_add(&shared->stolen, 1);
}

static void unpublished(void)
{
	struct shared *shared = share();
	void *readonly = readonly_copy(&shared->alloc, sizeof(shared->alloc));
	pid_t thief = start(steal, shared);
	int i;

	test("bug 19: a handle that was never told is never found");
	for (i = 0; i < 2000; i++)
		EQUAL(call(shared->fd, MMKIT_PAGES_ALLOC, readonly), -EFAULT);
	atomic_store(&shared->stop, true);
	EQUAL(shared->stolen, 0);
	stop(thief, shared);
}

static void guessed(void)
{
	struct shared *shared = share();
	pid_t thief = start(steal, shared);
	int i, err, freed = 0, late = 0;

	test("of two that free one handle, one succeeds");
	for (i = 0; i < 2000; i++) {
		err = pages_free(shared->fd, pages_alloc(shared->fd, 1, 2));
		freed += !err;
		late += err == -ENOENT;
	}
	EQUAL(freed + late, 2000);
	/* The thief may be between its call and its count. */
	atomic_store(&shared->stop, true);
	BETWEEN(freed + shared->stolen, 1999, 2000);
	stop(thief, shared);
}

/* Something to report by MMKIT_INFO_LEAKS. */
static void leak_once(void)
{
	int fd = dev_open("pages");

	pages_alloc(fd, 0, 1);
	close(fd);
}

int main(void)
{
	size_t i, j;

	leak_once();
	for (j = 0; j < ARRAY_SIZE(rows); j++)
		for (i = 0; i < ARRAY_SIZE(rules); i++)
			rules[i](&rows[j]);
	unknown_numbers("info");
	unknown_numbers("pages");
	unknown_numbers("map");
	double_fetch();
	unpublished();
	guessed();
	return tap_end();
}
