// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs as text, a call a line, and as C:
 *
 *	MMKIT_PAGES_ALLOC slot=0 how=0 order=0x1 count=0x2 ...
 *	MMKIT_PAGES_FREE slot=0 fail=2 handle=$0 first=0 ...
 *
 * $0 is the handle that call 0 made. What is not named is zero.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "fuzz.h"

static void write_value(FILE *file, const char *name, const struct value *v)
{
	if (v->ref)
		fprintf(file, " %s=$%u", name, v->ref - 1);
	else if (v->v)
		fprintf(file, " %s=%#" PRIx64, name, v->v);
}

static void write_number(FILE *file, const char *name, u64 v)
{
	write_value(file, name, &(struct value){ .v = v });
}

static void write_call(FILE *file, const struct call *call)
{
	const struct command *command = &commands[call->command];
	u32 i;

	fprintf(file, "%s", command->name);
	write_number(file, "slot", call->slot);
	write_number(file, "place", call->place);
	write_number(file, "beside", call->beside);
	write_number(file, "fail", call->fail);
	write_number(file, "nobody", call->nobody);
	write_number(file, "killed", call->killed);
	write_number(file, "size", call->size);
	for (i = 0; i < command->nr; i++)
		write_value(file, command->fields[i].name, &call->v[i]);
	fputc('\n', file);
}

void program_write(FILE *file, const struct program *p)
{
	u32 i;

	for (i = 0; i < p->nr; i++)
		write_call(file, &p->call[i]);
}

/* --- and back */

static bool read_word(struct call *call, u32 at, char *word)
{
	const struct command *command = &commands[call->command];
	char *text = strchr(word, '='), *end;
	struct value v = { 0 };
	u32 i;

	if (!text)
		return false;
	*text++ = '\0';
	if (*text == '$')
		v.ref = 1 + strtoul(text + 1, &end, 0);
	else
		v.v = strtoull(text, &end, 0);
	if (*end || v.ref > at)
		return false;
	for (i = 0; i < command->nr; i++)
		if (!strcmp(command->fields[i].name, word)) {
			call->v[i] = v;
			return true;
		}
	if (!strcmp(word, "slot") && v.v < SLOTS)
		call->slot = v.v;
	else if (!strcmp(word, "place") && v.v < PLACES)
		call->place = v.v;
	else if (!strcmp(word, "beside") && v.v < 2)
		call->beside = v.v;
	else if (!strcmp(word, "fail") && v.v < 256)
		call->fail = v.v;
	else if (!strcmp(word, "nobody") && v.v < 2)
		call->nobody = v.v;
	else if (!strcmp(word, "killed") && v.v < 256)
		call->killed = v.v;
	else if (!strcmp(word, "size") && v.v < 65536)
		call->size = v.v;
	else
		return false;
	return true;
}

static bool read_call(struct call *call, u32 at, char *line, char *why,
		      size_t room)
{
	char *save, *word = strtok_r(line, " \n", &save);
	const struct command *command = command_find(word);

	if (!command) {
		snprintf(why, room, "there is no call %.60s", word);
		return false;
	}
	*call = (struct call){ .command = command - commands };
	while ((word = strtok_r(NULL, " \n", &save)))
		if (!read_word(call, at, word)) {
			snprintf(why, room, "%s takes no %.60s", command->name,
				 word);
			return false;
		}
	return true;
}

/* Until an empty line or the end; lines with # are left out. */
bool program_read(FILE *file, struct program *p, char *why, size_t room)
{
	char *line = NULL;
	size_t have = 0;
	bool good = true;

	p->nr = 0;
	while (good && getline(&line, &have, file) > 0) {
		if (line[0] == '\n' && p->nr)
			break;
		if (line[0] == '\n' || line[0] == '#')
			continue;
		if (p->nr == CALLS_MAX) {
			snprintf(why, room, "more than %d calls", CALLS_MAX);
			good = false;
			break;
		}
		good = read_call(&p->call[p->nr], p->nr, line, why, room);
		p->nr += good;
	}
	free(line);
	return good;
}

/* --- C */

static void c_value(FILE *file, const struct program *p, const struct value *v)
{
	if (v->ref)
		fprintf(file, "c%u.%s", v->ref - 1,
			commands[p->call[v->ref - 1].command].makes ?
			"handle" : "size");
	else
		fprintf(file, "%#" PRIx64, v->v);
}

/* A field whose value only the machine that runs it knows, or that is an array. */
static bool is_meant(const struct field *field)
{
	return field->kind == ARRAY || field->kind == NAME ||
	       field->kind == FD || field->kind == PID ||
	       field->kind == ADDRESS || field->kind == CARVEOUT ||
	       field->kind == SYMBOL || field->kind == FILL;
}

static void c_fields(FILE *file, const struct program *p, u32 at)
{
	const struct call *call = &p->call[at];
	const struct command *command = &commands[call->command];
	u32 i;

	if (call->size)
		fprintf(file, "\tc%u.size = %u;\n", at, call->size);
	else
		fprintf(file, "\tc%u.size = sizeof(c%u);\n", at, at);
	for (i = 0; i < command->nr; i++) {
		const struct field *field = &command->fields[i];

		if (!call->v[i].ref && !call->v[i].v && !is_meant(field))
			continue;
		if (is_meant(field)) {
			fprintf(file, "\tmean(&c%u.%s, sizeof(c%u.%s), %u, %" PRIu64
				", %#" PRIx64 ");\n", at, field->name, at,
				field->name, field->kind, field->max,
				call->v[i].v);
			continue;
		}
		fprintf(file, "\tc%u.%s = ", at, field->name);
		c_value(file, p, &call->v[i]);
		fprintf(file, ";\n");
	}
}

static void c_command(FILE *file, const struct program *p, u32 at)
{
	const struct call *call = &p->call[at];
	const struct command *command = &commands[call->command];

	c_fields(file, p, at);
	fprintf(file, "\tsend(\"%s\", %u, %s, &c%u, sizeof(c%u), %u);\n",
		command->area, call->slot, command->name, at, at, call->place);
}

static void c_other(FILE *file, const struct program *p, u32 at)
{
	const struct call *call = &p->call[at];
	const struct command *command = &commands[call->command];
	u32 i;

	fprintf(file, "\top_%s(&machine, %u, (u64[]){ ", command->name,
		call->slot);
	for (i = 0; i < command->nr; i++) {
		fprintf(file, "%s/* %s */ ", i ? ", " : "",
			command->fields[i].name);
		c_value(file, p, &call->v[i]);
	}
	fprintf(file, " });\n");
}

static void c_call(FILE *file, const struct program *p, u32 at)
{
	const struct call *call = &p->call[at];

	fprintf(file, "static void *call%u(void *unused)\n{\n\t(void)unused;\n",
		at);
	if (call->nobody)
		fprintf(file, "\tbe_nobody(true);\n");
	if (call->fail)
		fprintf(file, "\tfail_nth(%u);\n", call->fail);
	if (commands[call->command].run)
		c_other(file, p, at);
	else
		c_command(file, p, at);
	if (call->fail)
		fprintf(file, "\tfail_nth(0);\n");
	if (call->nobody)
		fprintf(file, "\tbe_nobody(false);\n");
	fprintf(file, "\treturn NULL;\n}\n\n");
}

/* repro.h has send() and its like. */
void program_write_c(FILE *file, const struct program *p)
{
	u32 i;

	fprintf(file, "// SPDX-License-Identifier: GPL-2.0-only\n/*\n");
	for (i = 0; i < p->nr; i++) {
		fprintf(file, " * ");
		write_call(file, &p->call[i]);
	}
	fprintf(file, " */\n#include \"repro.h\"\n\n");
	for (i = 0; i < p->nr; i++)
		if (!commands[p->call[i].command].run)
			fprintf(file, "static struct %s c%u;\n",
				commands[p->call[i].command].type, i);
	fputc('\n', file);
	for (i = 0; i < p->nr; i++)
		c_call(file, p, i);
	fprintf(file, "int main(void)\n{\n\tbegin();\n");
	for (i = 0; i < p->nr; i++)
		if (p->call[i].killed)
			fprintf(file, "\tkilled(call%u, %u);\n", i,
				p->call[i].killed);
		else
			fprintf(file, p->call[i].beside ? "\tbeside(call%u);\n" :
				"\tcall%u(NULL);\n", i);
	fprintf(file, "\treturn end();\n}\n");
}
