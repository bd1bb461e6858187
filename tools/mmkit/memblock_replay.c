// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmkit memblock replay: a boot again in the sandbox, request by request, and
 * whether it puts everything where the kernel did.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memblock_log.h"

#define GROWTH_POINTS	256
#define ALLOCATOR	"memblock_alloc_range_nid"
#define DOUBLING	"memblock_double_array"

struct caller {
	char name[64];
	uint64_t calls;
	uint64_t bytes;
};

struct replay {
	int fd;
	const struct memblock_log *log;
	struct caller *callers;
	size_t nr_callers;
	uint64_t changes;	/* that name their range */
	uint64_t compared;	/* addresses */
	uint64_t equal;
	uint64_t inferred;	/* requests that the log does not have */
	uint64_t unannounced;	/* and those that could not be made up */
	uint64_t dumps;
	uint64_t dumps_equal;
	uint64_t reserved;	/* now */
	struct json_object *requests;
	struct json_object *growth;
	bool all;		/* keep those that are equal, too */
	int err;
};

static struct caller *caller_of(struct replay *replay, const char *name)
{
	struct caller *more;
	size_t i;

	for (i = 0; i < replay->nr_callers; i++)
		if (!strcmp(replay->callers[i].name, name))
			return &replay->callers[i];
	more = realloc(replay->callers, (i + 1) * sizeof(*more));
	if (!more)
		return NULL;
	replay->callers = more;
	replay->nr_callers++;
	more[i] = (struct caller){ 0 };
	snprintf(more[i].name, sizeof(more[i].name), "%s", name);
	return &more[i];
}

static void count_caller(struct replay *replay, const char *name,
			 uint64_t bytes)
{
	struct caller *caller = caller_of(replay, name);

	if (!caller)
		return;
	caller->calls++;
	caller->bytes += bytes;
}

static int change(struct replay *replay, uint32_t verb, uint64_t base,
		  uint64_t bytes, int32_t node, uint32_t flags)
{
	struct mmkit_memblock_change req = {
		.verb = verb, .base = base, .bytes = bytes,
		.node = node, .flags = flags,
	};
	int err = mmkit_memblock_change(replay->fd, &req);

	/* The kernel's functions fail like this, too, and it goes on. */
	if (err && err != -ENOMEM && !replay->err)
		replay->err = err;
	return err;
}

static uint64_t reserved_now(struct replay *replay)
{
	struct mmkit_memblock_region region;
	struct mmkit_memblock_regions req = {
		.list = MMKIT_MEMBLOCK_RESERVED, .nr = 1,
		.node = MMKIT_MEMBLOCK_ANY_NODE,
		.regions = (uintptr_t)&region,
	};

	return mmkit_memblock_regions(replay->fd, &req) ? 0 : req.total;
}

static void keep(struct replay *replay, const struct log_event *event,
		 uint64_t real, uint64_t predicted)
{
	struct json_object *obj;

	if (real == predicted && !replay->all)
		return;
	obj = j_obj();
	j_num(obj, "line", event->line);
	json_object_object_add(obj, "time", json_object_new_double(event->time));
	j_str(obj, "call", event->call);
	j_str(obj, "caller", event->caller);
	j_u64(obj, "bytes", event->bytes);
	j_u64(obj, "address", real);
	j_u64(obj, "predicted", predicted);
	j_bool(obj, "equal", real == predicted);
	json_object_array_add(replay->requests, obj);
}

static void compare(struct replay *replay, const struct log_event *event,
		    uint64_t real, uint64_t predicted)
{
	replay->compared++;
	replay->equal += real == predicted;
	keep(replay, event, real, predicted);
	if (real == predicted)
		return;
	/* Go on from what the kernel did. */
	if (predicted)
		change(replay, MMKIT_MEMBLOCK_PHYS_FREE, predicted,
		       event->bytes, 0, 0);
	if (real)
		change(replay, MMKIT_MEMBLOCK_RESERVE, real, event->bytes, 0,
		       0);
}

static uint32_t how_of(const char *call)
{
	if (!strcmp(call, "memblock_phys_alloc_range"))
		return MMKIT_MEMBLOCK_PHYS_RANGE;
	if (!strcmp(call, "memblock_alloc_exact_nid_raw"))
		return MMKIT_MEMBLOCK_EXACT_NID;
	return MMKIT_MEMBLOCK_TRY_NID;
}

static uint64_t predict(struct replay *replay, uint32_t how,
			const struct log_event *event)
{
	struct mmkit_memblock_alloc req = {
		.how = how, .bytes = event->bytes, .align = event->align,
		.min = event->min, .max = event->max, .node = event->node,
	};
	int err = mmkit_memblock_alloc(replay->fd, &req);

	if (err && err != -ENOMEM && !replay->err)
		replay->err = err;
	return err ? 0 : req.addr;
}

static const struct log_event *event_at(const struct replay *replay, size_t i)
{
	return i < replay->log->nr ? &replay->log->events[i] : NULL;
}

static bool is_chosen(const struct log_event *event)
{
	return event && event->kind == LOG_RESERVE &&
	       !strcmp(event->caller, ALLOCATOR);
}

/* A request, and the address that came of it. Returns how many events it was. */
static size_t run_alloc(struct replay *replay, size_t i)
{
	const struct log_event *event = event_at(replay, i);
	const struct log_event *next = event_at(replay, i + 1);
	bool given = is_chosen(next);

	count_caller(replay, event->caller, given ? event->bytes : 0);
	compare(replay, event, given ? next->base : 0,
		predict(replay, how_of(event->call), event));
	return given ? 2 : 1;
}

static void set_nodes(struct replay *replay, uint32_t verb,
		      const struct memblock_list *list)
{
	uint32_t i;

	for (i = 0; i < list->nr; i++)
		change(replay, verb, list->region[i].base,
		       list->region[i].bytes, list->region[i].node, 0);
}

/* Nodes are not logged when they are set: the next dump knows them. */
static void learn_nodes(struct replay *replay, size_t i)
{
	const struct log_event *event;

	while ((event = event_at(replay, i++)))
		if (event->kind == LOG_DUMP)
			break;
	if (event)
		set_nodes(replay, MMKIT_MEMBLOCK_SET_NODE, &event->memory);
}

/*
 * memblock_phys_alloc_try_nid() logs no request. What it was is known where the
 * next line says that it was for a node's data: alloc_node_data() asks for it in
 * cache lines.
 */
static size_t run_unannounced(struct replay *replay, size_t i)
{
	const struct log_event *event = event_at(replay, i);
	const struct log_event *next = event_at(replay, i + 1);
	struct log_event made = *event;

	snprintf(made.call, sizeof(made.call), "memblock_phys_alloc_try_nid");
	if (!next || next->kind != LOG_NODE_DATA || next->base != event->base) {
		replay->unannounced++;
		count_caller(replay, "(not in the log)", event->bytes);
		change(replay, MMKIT_MEMBLOCK_RESERVE, event->base,
		       event->bytes, 0, 0);
		return 1;
	}
	snprintf(made.caller, sizeof(made.caller), "alloc_node_data");
	made.node = next->node;
	made.align = 64;
	learn_nodes(replay, i);
	replay->inferred++;
	count_caller(replay, made.caller, made.bytes);
	compare(replay, &made, event->base,
		predict(replay, MMKIT_MEMBLOCK_PHYS_TRY_NID, &made));
	return 2;
}

/* The sandbox has doubled the array as well; what the kernel logs of it is over. */
static size_t run_doubled(struct replay *replay, size_t i)
{
	const struct log_event *event = event_at(replay, i), *next;
	struct mmkit_memblock_region region;
	struct mmkit_memblock_regions req = {
		.list = event->flags ? MMKIT_MEMBLOCK_RESERVED :
				       MMKIT_MEMBLOCK_MEMORY,
		.nr = 1, .node = MMKIT_MEMBLOCK_ANY_NODE,
		.regions = (uintptr_t)&region,
	};
	size_t nr = 1;

	if (!mmkit_memblock_regions(replay->fd, &req)) {
		replay->compared++;
		replay->equal += req.array == event->base;
		keep(replay, event, event->base, req.array);
	}
	while ((next = event_at(replay, i + nr)) && next->kind != LOG_ALLOC) {
		nr++;
		if (next->kind == LOG_RESERVE && !strcmp(next->caller, DOUBLING))
			break;
	}
	return nr;
}

static bool same_list(struct replay *replay, uint32_t source, uint32_t which,
		      const struct memblock_list *want)
{
	struct memblock_list have, copy = *want;
	bool same;

	if (memblock_list_get(replay->fd, source, which, &have))
		return false;
	copy.region = calloc(want->nr ? want->nr : 1, sizeof(*copy.region));
	if (!copy.region) {
		free(have.region);
		return false;
	}
	memcpy(copy.region, want->region, want->nr * sizeof(*copy.region));
	copy.nr = memblock_coalesce(copy.region, copy.nr);
	have.nr = memblock_coalesce(have.region, have.nr);
	same = copy.nr == have.nr;
	while (same && have.nr--)
		same = have.region[have.nr].base == copy.region[have.nr].base &&
		       have.region[have.nr].bytes == copy.region[have.nr].bytes;
	free(copy.region);
	free(have.region);
	return same;
}

/* Where the log begins the kernel has done things already: start from there. */
static void begin_at(struct replay *replay, const struct log_event *dump)
{
	struct mmkit_memblock_set set = {
		.flags = MMKIT_MEMBLOCK_RESET | MMKIT_MEMBLOCK_RESIZE,
		.limit = MMKIT_MEMBLOCK_ANYWHERE,
	};
	uint32_t i;

	replay->err = mmkit_memblock_set(replay->fd, &set);
	for (i = 0; i < dump->memory.nr; i++)
		change(replay, MMKIT_MEMBLOCK_ADD, dump->memory.region[i].base,
		       dump->memory.region[i].bytes,
		       dump->memory.region[i].node,
		       dump->memory.region[i].flags & 0xf);
	for (i = 0; i < dump->reserved.nr; i++)
		change(replay, MMKIT_MEMBLOCK_RESERVE,
		       dump->reserved.region[i].base,
		       dump->reserved.region[i].bytes, 0, 0);
	set_nodes(replay, MMKIT_MEMBLOCK_SET_NODE_RESERVED, &dump->reserved);
}

static void run_dump(struct replay *replay, const struct log_event *dump)
{
	if (!replay->dumps++) {
		begin_at(replay, dump);
		replay->dumps_equal++;
		return;
	}
	replay->dumps_equal +=
		same_list(replay, MMKIT_MEMBLOCK_SANDBOX,
			  MMKIT_MEMBLOCK_MEMORY, &dump->memory) &&
		same_list(replay, MMKIT_MEMBLOCK_SANDBOX,
			  MMKIT_MEMBLOCK_RESERVED, &dump->reserved);
	set_nodes(replay, MMKIT_MEMBLOCK_SET_NODE, &dump->memory);
	set_nodes(replay, MMKIT_MEMBLOCK_SET_NODE_RESERVED, &dump->reserved);
}

static void run_change(struct replay *replay, const struct log_event *event)
{
	static const uint32_t verbs[] = {
		[LOG_ADD] = MMKIT_MEMBLOCK_ADD,
		[LOG_REMOVE] = MMKIT_MEMBLOCK_REMOVE,
		[LOG_RESERVE] = MMKIT_MEMBLOCK_RESERVE,
		[LOG_FREE] = MMKIT_MEMBLOCK_PHYS_FREE,
	};

	replay->changes++;
	if (event->kind == LOG_RESERVE)
		count_caller(replay, event->caller, event->bytes);
	change(replay, verbs[event->kind], event->base, event->bytes,
	       event->kind == LOG_ADD ? event->node : 0,
	       event->kind == LOG_ADD ? event->flags & 0xf : 0);
	keep(replay, event, event->base, event->base);
}

/* Returns how many events were dealt with. */
static size_t run_event(struct replay *replay, size_t i)
{
	const struct log_event *event = event_at(replay, i);

	if (event->kind == LOG_DUMP)
		run_dump(replay, event);
	else if (!replay->dumps || event->kind == LOG_NODE_DATA)
		return 1;	/* part of what the first dump shows */
	else if (event->kind == LOG_ALLOC)
		return run_alloc(replay, i);
	else if (event->kind == LOG_DOUBLED)
		return run_doubled(replay, i);
	else if (is_chosen(event))
		return run_unannounced(replay, i);
	else
		run_change(replay, event);
	return 1;
}

static void add_growth(struct replay *replay, uint64_t request, double time)
{
	struct json_object *point = j_obj();

	j_u64(point, "request", request);
	json_object_object_add(point, "time", json_object_new_double(time));
	j_u64(point, "reserved", reserved_now(replay));
	json_object_array_add(replay->growth, point);
}

static void run_all(struct replay *replay)
{
	size_t step = replay->log->nr / GROWTH_POINTS + 1, i = 0, next = 0;
	uint64_t request = 0;

	while (i < replay->log->nr && !replay->err) {
		const struct log_event *event = event_at(replay, i);

		i += run_event(replay, i);
		if (!replay->dumps)
			continue;
		request++;
		if (i < next && i < replay->log->nr)
			continue;
		add_growth(replay, request, event->time);
		next = i + step;
	}
	replay->reserved = reserved_now(replay);
}

static int by_bytes(const void *a, const void *b)
{
	const struct caller *x = a, *y = b;

	return x->bytes > y->bytes ? -1 : x->bytes < y->bytes;
}

static struct json_object *callers_json(struct replay *replay)
{
	struct json_object *arr = j_arr(), *obj;
	size_t i;

	if (replay->nr_callers)
		qsort(replay->callers, replay->nr_callers,
		      sizeof(*replay->callers), by_bytes);
	for (i = 0; i < replay->nr_callers; i++) {
		obj = j_obj();
		j_str(obj, "caller", replay->callers[i].name);
		j_u64(obj, "calls", replay->callers[i].calls);
		j_u64(obj, "bytes", replay->callers[i].bytes);
		json_object_array_add(arr, obj);
	}
	return arr;
}

/* This boot's map as the kernel left it, or why there is nothing to compare. */
static struct json_object *final_json(struct replay *replay, bool this_boot)
{
	struct memblock_list memory = { 0 }, reserved = { 0 };
	struct json_object *obj = j_obj();
	const char *layout;
	int err = this_boot ? memblock_observe(replay->fd, &layout) : -ESRCH;

	if (!err)
		err = memblock_list_get(replay->fd, MMKIT_MEMBLOCK_OBSERVED,
					MMKIT_MEMBLOCK_MEMORY, &memory);
	if (!err)
		err = memblock_list_get(replay->fd, MMKIT_MEMBLOCK_OBSERVED,
					MMKIT_MEMBLOCK_RESERVED, &reserved);
	j_bool(obj, "compared", !err);
	if (err)
		j_null(obj, "equal");
	else
		j_bool(obj, "equal",
		       same_list(replay, MMKIT_MEMBLOCK_SANDBOX,
				 MMKIT_MEMBLOCK_MEMORY, &memory) &&
		       same_list(replay, MMKIT_MEMBLOCK_SANDBOX,
				 MMKIT_MEMBLOCK_RESERVED, &reserved));
	j_str(obj, "reason", !err ? NULL :
	      this_boot ? memblock_unobserved(err) :
			  "the log is of another boot: its last dump is compared");
	free(memory.region);
	free(reserved.region);
	return obj;
}

static struct json_object *replay_json(struct replay *replay, const char *path)
{
	struct json_object *obj = j_obj();

	j_str(obj, "log", path ? path : "this boot's");
	j_num(obj, "lines", replay->log->lines);
	j_u64(obj, "changes", replay->changes);
	j_u64(obj, "compared", replay->compared);
	j_u64(obj, "equal", replay->equal);
	j_u64(obj, "inferred", replay->inferred);
	j_u64(obj, "unannounced", replay->unannounced);
	j_u64(obj, "dumps", replay->dumps);
	j_u64(obj, "dumps_equal", replay->dumps_equal);
	j_add(obj, "final", final_json(replay, !path));
	j_u64(obj, "reserved", replay->reserved);
	j_add(obj, "callers", callers_json(replay));
	j_add(obj, "requests", replay->requests);
	j_add(obj, "growth", replay->growth);
	return obj;
}

static void show_final(struct json_object *final)
{
	if (!json_object_get_boolean(j_get(final, "compared")))
		out_line("final map: not compared (%s)",
			 json_object_get_string(j_get(final, "reason")));
	else
		out_line("final map: %s the kernel's",
			 json_object_get_boolean(j_get(final, "equal")) ?
			 "equal to" : "NOT EQUAL TO");
}

static void show(struct cli *cli, struct json_object *obj)
{
	static const struct column callers[] = {
		{ "CALLER", "caller", F_TEXT, 0, 0 },
		{ "CALLS", "calls", F_TEXT, C_RIGHT, 0 },
		{ "BYTES", "bytes", F_SIZE, C_RIGHT, 0 },
	};
	static const struct column requests[] = {
		{ "LINE", "line", F_TEXT, C_RIGHT, 0 },
		{ "CALLER", "caller", F_TEXT, 0, 0 },
		{ "BYTES", "bytes", F_TEXT, C_RIGHT, 0 },
		{ "KERNEL", "address", F_HEX, C_RIGHT, 0 },
		{ "SANDBOX", "predicted", F_HEX, C_RIGHT, 0 },
	};

	out_line("%llu addresses that the kernel chose: the sandbox chooses %llu of them",
		 (unsigned long long)j_get_u64(obj, "compared"),
		 (unsigned long long)j_get_u64(obj, "equal"));
	out_line("%llu of these requests are not in the log and were inferred; %llu could not be",
		 (unsigned long long)j_get_u64(obj, "inferred"),
		 (unsigned long long)j_get_u64(obj, "unannounced"));
	out_line("dumps in the log: %llu, of which the sandbox is equal to %llu",
		 (unsigned long long)j_get_u64(obj, "dumps"),
		 (unsigned long long)j_get_u64(obj, "dumps_equal"));
	show_final(j_get(obj, "final"));
	if (json_object_array_length(j_get(obj, "requests")))
		out_table(cli, j_get(obj, "requests"), requests,
			  ARRAY_SIZE(requests));
	out_blank();
	out_table(cli, j_get(obj, "callers"), callers, ARRAY_SIZE(callers));
	out_blank();
	memblock_growth_draw(cli, j_get(obj, "growth"));
}

/* What differs is a failure: the model is to predict them all. */
static int status_of(struct json_object *obj)
{
	struct json_object *final = j_get(obj, "final");

	if (j_get_u64(obj, "compared") != j_get_u64(obj, "equal") ||
	    j_get_u64(obj, "dumps") != j_get_u64(obj, "dumps_equal"))
		return EXIT_FAILED;
	if (json_object_get_boolean(j_get(final, "compared")) &&
	    !json_object_get_boolean(j_get(final, "equal")))
		return EXIT_FAILED;
	return EXIT_OK;
}

static int report(struct cli *cli, struct replay *replay, const char *path,
		  const char *svg)
{
	struct json_object *obj = replay_json(replay, path);
	int status = status_of(obj), err = 0;

	if (svg)
		err = memblock_growth_svg(svg, replay->growth);
	if (err) {
		json_object_put(obj);
		return unwritable(cli, svg, err);
	}
	if (result(cli, obj, show))
		return EXIT_FAILED;
	return status;
}

static int no_dump(struct cli *cli, const char *path)
{
	return fail(cli, EXIT_ABSENT, ENODATA,
		    "boot with memblock=debug log_buf_len=4M",
		    "%s has no MEMBLOCK configuration (ENODATA)",
		    path ? path : "the log of this boot");
}

int memblock_replay_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct memblock_replay_opts *opts = data;
	const char *path = argc ? argv[0] : NULL;
	struct memblock_log log;
	struct replay replay;
	int status, err;

	replay = (struct replay){ .log = &log, .all = opts->requests };
	replay.fd = area_open_fresh(cli, "memblock", O_RDWR);
	if (replay.fd < 0)
		return -replay.fd;
	err = memblock_log_read(path, &log);
	if (err) {
		mmkit_close(replay.fd);
		return fail(cli, EXIT_FAILED, err, "dmesg > FILE as root, then replay FILE",
			    "%s: %s", path ? path : "the kernel's log", strerror(-err));
	}
	replay.requests = j_arr();
	replay.growth = j_arr();
	run_all(&replay);
	if (!replay.err && replay.dumps) {
		status = report(cli, &replay, path, opts->svg);
	} else {
		json_object_put(replay.requests);
		json_object_put(replay.growth);
		status = replay.err ? explain(cli, NULL, replay.err, "replay") :
				      no_dump(cli, path);
	}
	free(replay.callers);
	memblock_log_free(&log);
	mmkit_close(replay.fd);
	return status;
}
