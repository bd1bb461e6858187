// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/mmkit/bench: every command and every refusal; that a run ends, stops and
 * is stopped, frees what it took, keeps to the quota and charges the caller.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <mmkit/bench.h>
#include "lib.h"

/* By each run that has an allocator of that module. */
#define PAGES_HELD	"/sys/module/mmkit_pages/refcnt"

static int fd;

static struct mmkit_bench_start ask(const char *allocator, u32 pattern)
{
	struct mmkit_bench_start start = {
		.size = sizeof(start),
		.pattern = pattern,
		.threads = 1,
		.min = 64,
		.live = 16,
		.count = 1000,
		.node = -1,
	};

	strcpy(start.allocator, allocator);
	return start;
}

static int try(const struct mmkit_bench_start *request)
{
	struct mmkit_bench_start start = *request;
	int err = call(fd, MMKIT_BENCH_START, &start);

	return err ?: (int)start.handle;
}

static int status(u32 handle, u32 wait_ms, struct mmkit_bench_status *now)
{
	*now = (struct mmkit_bench_status) {
		.size = sizeof(*now), .handle = handle, .wait_ms = wait_ms,
	};
	return call(fd, MMKIT_BENCH_STATUS, now);
}

static struct mmkit_bench_status wait_end(u32 handle)
{
	struct mmkit_bench_status now;

	do {
		if (!EQUAL(status(handle, 1000, &now), 0))
			break;
	} while (now.state == MMKIT_BENCH_RUNNING);
	return now;
}

static int on_handle(unsigned long cmd, u32 handle)
{
	struct mmkit_bench_handle arg = { .size = sizeof(arg), .handle = handle };

	return call(fd, cmd, &arg);
}

static int hists(u32 handle, struct mmkit_bench_hist *out)
{
	struct mmkit_bench_result arg = {
		.size = sizeof(arg), .handle = handle, .hists = PTR(out),
	};

	return call(fd, MMKIT_BENCH_RESULT, &arg);
}

static int sizes(u32 flags, u32 nr, u32 first)
{
	struct mmkit_bench_sizes arg = {
		.size = sizeof(arg), .flags = flags, .nr = nr,
	};
	u32 i;

	for (i = 0; i < nr && i < MMKIT_BENCH_SIZES_PER_CALL; i++)
		arg.sizes[i] = first + i;
	return call(fd, MMKIT_BENCH_SIZES, &arg) ?: (int)arg.total;
}

static struct mmkit_bench_run run_of(const char *row, u64 x)
{
	struct mmkit_bench_run run = {
		.size = sizeof(run), .x = x, .cpu = -1, .rounds = 7, .nr = 16,
	};

	strcpy(run.row, row);
	return run;
}

static struct mmkit_bench_round rounds[MMKIT_BENCH_ROUNDS_MAX *
				       MMKIT_BENCH_THREADS_MAX];

static int try_run(const struct mmkit_bench_run *request)
{
	struct mmkit_bench_run run = *request;

	run.array = PTR(rounds);
	return call(fd, MMKIT_BENCH_RUN, &run) ?: (int)run.rounds;
}

/* --- refusals ------------------------------------------------------------ */

static void refuse_run(void)
{
	struct mmkit_bench_run run;

	test("run: what it refuses");
	run = run_of("nosuch/row", 0);
	EQUAL(try_run(&run), -ENOENT);
	run = run_of("pages/order", 11);
	EQUAL(try_run(&run), -EINVAL);
	run = run_of("pages/bulk", 0);
	EQUAL(try_run(&run), -EINVAL);
	run = run_of("core/nothing", 1);
	EQUAL(try_run(&run), -EINVAL);
	run = run_of("pages/order", 0);
	run.rounds = MMKIT_BENCH_ROUNDS_MAX + 1;
	EQUAL(try_run(&run), -EINVAL);
	run = run_of("pages/order", 0);
	run.threads = MMKIT_BENCH_THREADS_MAX + 1;
	EQUAL(try_run(&run), -EINVAL);
	run = run_of("pages/order", 0);
	run.nr = MMKIT_BENCH_NR_MAX + 1ull;
	EQUAL(try_run(&run), -EINVAL);
	run = run_of("pages/order", 0);
	run.cpu = -2;
	EQUAL(try_run(&run), -EINVAL);
	run.cpu = 100000;
	EQUAL(try_run(&run), -ENXIO);
	run = run_of("pages/order", 0);
	strcpy(run.allocator, "kmalloc");
	EQUAL(try_run(&run), -EINVAL);
	run = run_of("registry/alloc", 64);
	EQUAL(try_run(&run), -EINVAL);
	strcpy(run.allocator, "nosuch");
	EQUAL(try_run(&run), -ENOENT);
	run = run_of("pages/order", 0);
	memset(run.row, 'a', sizeof(run.row));
	EQUAL(try_run(&run), -EINVAL);
}

static void refuse_start(void)
{
	struct mmkit_bench_start start;

	test("start: what it refuses");
	start = ask("nosuch", MMKIT_BENCH_LIFO);
	EQUAL(try(&start), -ENOENT);
	start = ask("kmalloc", MMKIT_BENCH_PATTERN_NR);
	EQUAL(try(&start), -EINVAL);
	start = ask("kmalloc", MMKIT_BENCH_LIFO);
	start.dist = MMKIT_BENCH_DIST_NR;
	EQUAL(try(&start), -EINVAL);
	start = ask("kmalloc", MMKIT_BENCH_LIFO);
	start.min = 0;
	EQUAL(try(&start), -EINVAL);
	start = ask("kmalloc", MMKIT_BENCH_LIFO);
	start.threads = 0;
	EQUAL(try(&start), -EINVAL);
	start.threads = MMKIT_BENCH_THREADS_MAX + 1;
	EQUAL(try(&start), -EINVAL);
	start = ask("kmalloc", MMKIT_BENCH_LIFO);
	start.live = 0;
	EQUAL(try(&start), -EINVAL);
	start.live = MMKIT_BENCH_LIVE_MAX + 1;
	EQUAL(try(&start), -EINVAL);
	start = ask("kmalloc", MMKIT_BENCH_LIFO);
	start.flags = 4;
	EQUAL(try(&start), -EINVAL);
	start = ask("kmalloc", MMKIT_BENCH_LIFO);
	start.gfp = MMKIT_GFP_DMA32;
	EQUAL(try(&start), -EINVAL);
	start.gfp = MMKIT_GFP_HIGHUSER_MOVABLE;
	EQUAL(try(&start), -EINVAL);
	start = ask("kmalloc", MMKIT_BENCH_LIFO);
	start.node = 1000;
	EQUAL(try(&start), -EINVAL);
	start = ask("kmalloc", MMKIT_BENCH_LIFO);
	start.reserved = 1;
	EQUAL(try(&start), -EINVAL);
	start = ask("kmalloc", MMKIT_BENCH_LIFO);
	start.pause_us = 1;
	EQUAL(try(&start), -EINVAL);
	start = ask("kmalloc", MMKIT_BENCH_BURST);
	EQUAL(try(&start), -EINVAL);
	start = ask("kmalloc", MMKIT_BENCH_PIPE);
	EQUAL(try(&start), -EINVAL);
	start.threads = 2;
	start.live = 4097;
	EQUAL(try(&start), -EINVAL);
}

static void refuse_others(void)
{
	struct mmkit_bench_nothing nothing = { .size = sizeof(nothing) };
	struct mmkit_bench_status now;

	test("the others: what they refuse");
	EQUAL(call(fd, MMKIT_BENCH_NOTHING, &nothing), 0);
	nothing.reserved = 1;
	EQUAL(call(fd, MMKIT_BENCH_NOTHING, &nothing), -EINVAL);
	EQUAL(status(99, 0, &now), -ENOENT);
	EQUAL(status(99, 1001, &now), -EINVAL);
	EQUAL(hists(99, NULL), -ENOENT);
	EQUAL(on_handle(MMKIT_BENCH_STOP, 99), -ENOENT);
	EQUAL(on_handle(MMKIT_BENCH_FORGET, 99), -ENOENT);
	EQUAL(sizes(2, 1, 1), -EINVAL);
	EQUAL(sizes(0, MMKIT_BENCH_SIZES_PER_CALL + 1, 1), -EINVAL);
	EQUAL(sizes(0, 1, 0), -EINVAL);
}

/* --- measuring ----------------------------------------------------------- */

static void lists(void)
{
	static struct mmkit_bench_row rows[64];
	struct mmkit_bench_list list = {
		.size = sizeof(list), .nr = ARRAY_SIZE(rows), .rows = PTR(rows),
	};
	struct mmkit_bench_info info = { .size = sizeof(info) };
	u32 i, k;

	test("rows and info say what there is");
	EQUAL(call(fd, MMKIT_BENCH_ROWS, &list), 0);
	BETWEEN(list.nr, 20, ARRAY_SIZE(rows));
	for (i = 0; i < list.nr; i++) {
		CHECK(strchr(rows[i].name, '/'));
		CHECK(rows[i].help[0] && rows[i].axis[0]);
		for (k = 1; k < rows[i].nr; k++)
			CHECK(rows[i].x[k] > rows[i].x[k - 1]);
	}
	EQUAL(call(fd, MMKIT_BENCH_INFO, &info), 0);
	CHECK(info.khz > 1000);
	CHECK(info.unit < MMKIT_BENCH_UNIT_NR);
	EQUAL(info.cpus, sysconf(_SC_NPROCESSORS_ONLN));
	CHECK(info.compiler[0]);
}

/* With the smallest x each, so that it takes no time on any kernel. */
static void every_row(void)
{
	static struct mmkit_bench_row rows[64];
	struct mmkit_bench_list list = {
		.size = sizeof(list), .nr = ARRAY_SIZE(rows), .rows = PTR(rows),
	};
	u32 i;
	int k;

	EQUAL(call(fd, MMKIT_BENCH_ROWS, &list), 0);
	for (i = 0; i < list.nr; i++) {
		struct mmkit_bench_run run = run_of(rows[i].name, rows[i].x[0]);

		test("run %s", rows[i].name);
		if (rows[i].flags & MMKIT_BENCH_ALLOCATOR)
			strcpy(run.allocator, "kmalloc");
		if (!EQUAL(try_run(&run), 7))
			continue;
		for (k = 0; k < 7; k++) {
			CHECK(rounds[k].ticks && rounds[k].empty);
			EQUAL(rounds[k].thread, 0);
			EQUAL(rounds[k].flags & MMKIT_BENCH_FAILED, 0);
		}
		EQUAL(session(fd).bytes, 0);
	}
}

static void made_ready(void)
{
	struct mmkit_bench_run run = run_of("slab/free-elsewhere", 16);

	test("what is made ready before a round is one turn, however many are asked for");
	run.nr = 1000;
	run.array = PTR(rounds);
	EQUAL(call(fd, MMKIT_BENCH_RUN, &run), 0);
	EQUAL(run.nr, 16);
}

static void threads(void)
{
	struct mmkit_bench_run run = run_of("slab/alloc", 0);
	int k;

	test("two threads at once, on a CPU each");
	run.threads = 2;
	EQUAL(try_run(&run), 14);
	for (k = 0; k < 14; k++)
		EQUAL(rounds[k].thread, k / 7);
}

/* --- exercising ---------------------------------------------------------- */

static void check_end(const struct mmkit_bench_status *now, u64 allocs)
{
	EQUAL(now->state, MMKIT_BENCH_DONE);
	EQUAL(now->allocs, allocs);
	EQUAL(now->frees, allocs);
	EQUAL(now->live, 0);
	EQUAL(now->bytes, 0);
	EQUAL(now->corrupt, 0);
	EQUAL(now->threads, 0);
	EQUAL(now->enomem + now->edquot, 0);
}

static void patterns(void)
{
	static const char *const names[] = {
		"lifo", "fifo", "random", "hold", "pipe", "burst", "ramp",
	};
	struct mmkit_bench_status now;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		struct mmkit_bench_start start = ask("kmalloc", i);
		struct mmkit_bench_hist hist[2];
		u32 allocs = i == MMKIT_BENCH_PIPE ? 1000 : 2000;
		int handle;

		test("pattern %s: every object is freed, none was changed",
		     names[i]);
		start.dist = MMKIT_BENCH_UNIFORM;
		start.max = 5000;
		start.threads = 2;
		start.flags = MMKIT_BENCH_CHECK;
		start.pause_us = i == MMKIT_BENCH_BURST ? 100 : 0;
		handle = try(&start);
		if (!CHECK(handle > 0))
			continue;
		now = wait_end(handle);
		check_end(&now, allocs);
		CHECK(now.peak >= 64 && now.asked >= allocs * 64ull);
		EQUAL(hists(handle, hist), 0);
		EQUAL(hist[0].total, allocs);
		EQUAL(hist[1].total, allocs);
		CHECK(hist[0].min && hist[0].min <= hist[0].max);
		EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
		EQUAL(session(fd).bytes, 0);
	}
}

/* An object is a page: what was charged at most tells how many there were. */
static void short_pipes(void)
{
	struct mmkit_bench_start start = ask("alloc_pages", MMKIT_BENCH_PIPE);
	struct mmkit_bench_status now;
	int handle;

	start.min = PAGE;
	start.threads = 2;
	for (start.live = 1; start.live <= 3; start.live += 2) {
		test("a pipe of %u: no more are on their way", start.live);
		handle = try(&start);
		if (!CHECK(handle > 0))
			continue;
		now = wait_end(handle);
		check_end(&now, start.count);
		/* And one that is being freed. */
		BETWEEN(now.peak, PAGE, (start.live + 1) * PAGE);
		EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
	}
}

static void one_dist(const char *name, const struct mmkit_bench_start *start,
		     u64 asked)
{
	struct mmkit_bench_status now;
	int handle;

	test("sizes %s", name);
	handle = try(start);
	if (!CHECK(handle > 0))
		return;
	now = wait_end(handle);
	check_end(&now, start->count);
	if (asked)
		EQUAL(now.asked, asked);
	else
		BETWEEN(now.asked, start->min * start->count,
			start->max * start->count);
	EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
}

static void dists(void)
{
	struct mmkit_bench_start start = ask("kvmalloc", MMKIT_BENCH_FIFO);

	start.min = 100;
	one_dist("fixed", &start, 100 * 1000);
	start.dist = MMKIT_BENCH_UNIFORM;
	start.max = 200;
	one_dist("uniform", &start, 0);
	start.dist = MMKIT_BENCH_ZIPF;
	start.max = 3000;
	one_dist("zipf", &start, 0);

	EQUAL(sizes(MMKIT_BENCH_SIZES_FORGET, 4, 10), 4);
	EQUAL(sizes(0, 48, 100), 52);
	EQUAL(sizes(MMKIT_BENCH_SIZES_FORGET, 4, 10), 4);
	start = ask("kmalloc", MMKIT_BENCH_FIFO);
	start.min = 0;
	start.dist = MMKIT_BENCH_TRACE;
	/* 10, 11, 12, 13, again and again */
	one_dist("trace", &start, 250 * (10 + 11 + 12 + 13));
	EQUAL(sizes(MMKIT_BENCH_SIZES_FORGET, 1, 7), 1);
	start.dist = MMKIT_BENCH_LIST;
	one_dist("list of one", &start, 7000);
	EQUAL(sizes(MMKIT_BENCH_SIZES_FORGET, 0, 0), 0);
	EQUAL(session(fd).bytes, 0);
}

/* What a run that has ended still holds: what is noted of it. */
static u64 noted(const struct mmkit_bench_start *start)
{
	u64 before = session(fd).bytes, bytes = 0;
	int handle = try(start);

	if (CHECK(handle > 0)) {
		wait_end(handle);
		bytes = session(fd).bytes - before;
		EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
	}
	EQUAL(session(fd).bytes, before);
	return bytes;
}

static void dists_charged(void)
{
	struct mmkit_bench_start start = ask("kmalloc", MMKIT_BENCH_FIFO);
	u64 plain;
	int i;

	test("a run is charged for its copy of the sizes, or their weights");
	start.count = 16;
	plain = noted(&start);
	CHECK(plain > 0);
	start.dist = MMKIT_BENCH_ZIPF;
	start.max = 100 * start.min;
	EQUAL(noted(&start), plain + 100 * sizeof(u64));
	start.min = 0;
	start.max = 0;
	for (i = 1; i <= 10; i++)
		EQUAL(sizes(i == 1 ? MMKIT_BENCH_SIZES_FORGET : 0, 48, 100),
		      48 * i);
	start.dist = MMKIT_BENCH_TRACE;
	EQUAL(noted(&start), plain + 480 * sizeof(u32));
	start.dist = MMKIT_BENCH_LIST;
	EQUAL(noted(&start), plain + 480 * sizeof(u32));
	EQUAL(sizes(MMKIT_BENCH_SIZES_FORGET, 0, 0), 0);
	EQUAL(session(fd).bytes, 0);
}

static void every_allocator(void)
{
	static struct mmkit_entry_info entries[64];
	struct mmkit_info_list list = {
		.size = sizeof(list), .kind = MMKIT_KIND_ALLOCATOR,
		.nr = ARRAY_SIZE(entries), .entries = PTR(entries),
	};
	int info_fd = dev_open("info");
	struct mmkit_bench_status now;
	u32 i;

	EQUAL(call(info_fd, MMKIT_INFO_LIST, &list), 0);
	for (i = 0; i < list.nr; i++) {
		struct mmkit_bench_start start = ask(entries[i].name,
						     MMKIT_BENCH_HOLD);
		int handle;

		test("allocator %s: filled, compared, freed", entries[i].name);
		start.flags = MMKIT_BENCH_CHECK;
		start.count = 300;
		handle = try(&start);
		if (!CHECK(handle > 0))
			continue;
		now = wait_end(handle);
		check_end(&now, 300);
		EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
	}
	close(info_fd);
}

static struct mmkit_bench_start endless(void)
{
	struct mmkit_bench_start start = ask("alloc_pages", MMKIT_BENCH_HOLD);

	start.min = PAGE;
	start.live = 500;
	start.count = 0;
	start.threads = 2;
	return start;
}

/* Until it holds something: from then on there is something to free. */
static struct mmkit_bench_status wait_begun(u32 handle)
{
	struct mmkit_bench_status now;

	do {
		if (!EQUAL(status(handle, 1, &now), 0))
			break;
	} while (now.allocs < 1000);
	return now;
}

/* The thread of a run that is called so, or -1. */
static pid_t thread_of(const char *name)
{
	char path[300], comm[32];
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	pid_t pid = -1;

	while (dir && pid < 0 && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		if (!file_read(path, comm, sizeof(comm)))
			continue;
		comm[strcspn(comm, "\n")] = '\0';
		if (!strcmp(comm, name))
			pid = atoi(entry->d_name);
	}
	if (dir)
		closedir(dir);
	return pid;
}

/* Clock ticks that it has been at it; none of one that is gone. */
static unsigned long ticks_of(pid_t pid)
{
	char path[32], text[512], *at;
	unsigned long ticks;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (!file_read(path, text, sizeof(text)))
		return 0;
	at = strrchr(text, ')');
	return at && sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %lu",
			    &ticks) == 1 ? ticks : 0;
}

/* By so many threads each round takes minutes. */
static void killed(void)
{
	struct mmkit_bench_run run = run_of("pages/order", 0);
	u64 before = info().used_bytes;
	int ended = 0;
	pid_t pid;

	test("a run of the most operations ends when its caller is killed");
	run.nr = MMKIT_BENCH_NR_MAX;
	run.rounds = MMKIT_BENCH_ROUNDS_MAX;
	run.threads = MMKIT_BENCH_THREADS_MAX;
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(try_run(&run) < 0);
	while (!ticks_of(thread_of("mmkit_bench/0")) &&
	       !waitpid(pid, &ended, WNOHANG))
		sched_yield();
	kill(pid, SIGKILL);
	EQUAL(waitpid(pid, &ended, 0), pid);
	CHECK(WIFSIGNALED(ended));
	EQUAL(info().used_bytes, before);
}

static void check_pinned(int cpu)
{
	cpu_set_t set;
	char name[32];
	pid_t pid;

	snprintf(name, sizeof(name), "mmkit_bench/%d", cpu);
	pid = thread_of(name);
	if (!CHECK(pid > 0))
		return;
	EQUAL(sched_getaffinity(pid, sizeof(set), &set), 0);
	EQUAL(CPU_COUNT(&set), 1);
	CHECK(CPU_ISSET(cpu, &set));
}

static void pinned(void)
{
	struct mmkit_bench_start start = endless();
	struct mmkit_bench_status now;
	int handle;

	test("a pipe goes from one CPU to another, and its threads stay there");
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2) {
		skip("there is no second CPU");
		return;
	}
	start.pattern = MMKIT_BENCH_PIPE;
	handle = try(&start);
	if (!CHECK(handle > 0))
		return;
	wait_begun(handle);
	check_pinned(0);
	check_pinned(1);
	EQUAL(on_handle(MMKIT_BENCH_STOP, handle), 0);
	EQUAL(status(handle, 0, &now), 0);
	check_end(&now, now.allocs);
	EQUAL(now.moved, 0);
	EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
}

#define NODES	"/sys/devices/system/node/"

/* Pages that were wanted from a node and came from it, so far. */
static long long node_hits(int node)
{
	char path[64], text[512], *hit = NULL;

	snprintf(path, sizeof(path), NODES "node%d/numastat", node);
	if (file_read(path, text, sizeof(text)))
		hit = strstr(text, "numa_hit ");
	return hit ? atoll(hit + strlen("numa_hit ")) : -1;
}

/* From a thread on CPU 0, whichever node that belongs to. */
static void nodes(void)
{
	struct mmkit_bench_start start = ask("alloc_pages", MMKIT_BENCH_FIFO);
	struct mmkit_bench_status now;
	long long before;
	int handle;

	start.min = PAGE;
	start.count = 20000;
	start.gfp = MMKIT_GFP_THISNODE;
	for (start.node = 0; start.node < 2; start.node++) {
		test("exercised on node %d, memory comes from there", start.node);
		before = node_hits(start.node);
		if (before < 0) {
			skip("no such node");
			continue;
		}
		handle = try(&start);
		if (!CHECK(handle > 0))
			continue;
		now = wait_end(handle);
		check_end(&now, start.count);
		CHECK(node_hits(start.node) - before >= (long long)start.count);
		EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
	}
}

static void stops(void)
{
	struct mmkit_bench_start start = endless();
	struct mmkit_bench_status now;
	int handle;

	test("a run without an end is stopped, and has freed everything");
	handle = try(&start);
	if (!CHECK(handle > 0))
		return;
	now = wait_begun(handle);
	EQUAL(now.state, MMKIT_BENCH_RUNNING);
	/* The stacks of its threads, at least. */
	CHECK(session(fd).bytes - now.bytes >= start.threads * 4 * PAGE);
	BETWEEN(now.live, 1, 1000);
	EQUAL(now.threads, 2);
	EQUAL(on_handle(MMKIT_BENCH_STOP, handle), 0);
	EQUAL(status(handle, 0, &now), 0);
	check_end(&now, now.allocs);
	EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
	EQUAL(session(fd).bytes, 0);

	test("it ends by itself after its time");
	start.duration_ms = 20;
	handle = try(&start);
	now = wait_end(handle);
	EQUAL(now.state, MMKIT_BENCH_DONE);
	CHECK(now.elapsed_ns >= 20000000);
	EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
}

/* Looks at a run until it cannot any more, and says why. */
static int look(u32 handle)
{
	struct mmkit_bench_status now;
	int err;

	do {
		err = status(handle, 1000, &now);
	} while (!err && now.state == MMKIT_BENCH_RUNNING);
	return -err;
}

/* As ps has it; 0 where there is no such process. */
static char state_of(pid_t pid)
{
	char path[32], text[256], *name_end;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	name_end = file_read(path, text, sizeof(text)) ? strrchr(text, ')') :
							 NULL;
	return name_end ? name_end[2] : 0;
}

/* Until it sleeps where a signal would wake it: for a mutex it would not. */
static void wait_asleep(pid_t pid)
{
	char state;

	do {
		state = state_of(pid);
	} while (CHECK(state) && state != 'S');
}

/* Does it come to wait for a mutex? */
static bool is_locked_out(pid_t pid)
{
	char state = state_of(pid);
	int tries;

	for (tries = 0; tries < 60000 && state && state != 'D'; tries++) {
		usleep(1000);
		state = state_of(pid);
	}
	return state == 'D';
}

static bool ends_in(pid_t pid, int seconds)
{
	int ended, tries;

	for (tries = 0; tries < 10 * seconds; tries++) {
		if (waitpid(pid, &ended, WNOHANG) == pid)
			return true;
		usleep(100000);
	}
	return false;
}

/* The run of the most operations keeps the session's lock for minutes. */
static void killed_waiter(void)
{
	struct mmkit_bench_run run = run_of("pages/order", 0);
	struct mmkit_bench_start start = ask("kmalloc", MMKIT_BENCH_BURST);
	pid_t waiter, owner;
	int handle, ended;

	test("one that waits for a run is killed while the session is busy");
	start.count = 0;
	start.pause_us = 1000000000;
	handle = try(&start);
	if (!CHECK(handle > 0))
		return;
	run.nr = MMKIT_BENCH_NR_MAX;
	run.rounds = MMKIT_BENCH_ROUNDS_MAX;
	fflush(stdout);
	waiter = fork();
	if (!waiter)
		_exit(look(handle));
	wait_asleep(waiter);
	owner = fork();
	if (!owner)
		_exit(try_run(&run) < 0);
	CHECK(is_locked_out(waiter));
	kill(waiter, SIGKILL);
	CHECK(ends_in(waiter, 10));
	kill(owner, SIGKILL);
	EQUAL(waitpid(owner, &ended, 0), owner);
	CHECK(WIFSIGNALED(ended));
	EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
	EQUAL(session(fd).bytes, 0);
}

/* Three looks: between two waits of a second the session may be busy once. */
static bool is_shown(pid_t pid)
{
	static char text[4096];
	int looks;

	for (looks = 0; looks < 3; looks++) {
		wait_asleep(pid);
		CHECK(file_read(DEBUG "bench/objects", text, sizeof(text)));
		if (strstr(text, "running"))
			return true;
	}
	return false;
}

static void waits(void)
{
	struct mmkit_bench_start start = endless();
	int handle = try(&start), ended = 0;
	pid_t pid;

	test("one that waits for a run keeps nobody else from it");
	if (!CHECK(handle > 0))
		return;
	wait_begun(handle);
	pid = fork();
	if (!pid)
		_exit(look(handle));
	CHECK(is_shown(pid));
	EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
	EQUAL(waitpid(pid, &ended, 0), pid);
	EQUAL(WEXITSTATUS(ended), ENOENT);
}

static void closes(void)
{
	u64 before = info().used_bytes;
	long long held = file_number(PAGES_HELD);
	struct mmkit_bench_start start = endless();
	int old = fd, handle;

	test("closing the device stops a run and frees everything");
	fd = dev_open("bench");
	handle = try(&start);
	if (CHECK(handle > 0))
		wait_begun(handle);
	CHECK(info().used_bytes > before);
	CHECK(file_number(PAGES_HELD) > held);
	close(fd);
	fd = old;
	EQUAL(info().used_bytes, before);
	EQUAL(file_number(PAGES_HELD), held);
}

static void unwinds(void)
{
	struct mmkit_bench_start start = endless();
	u64 before = info().used_bytes;
	void *arg;

	test("a handle that the caller never learns of: the run is undone");
	arg = readonly_copy(&start, sizeof(start));
	EQUAL(call(fd, MMKIT_BENCH_START, arg), -EFAULT);
	EQUAL(session(fd).handles, 0);
	EQUAL(info().used_bytes, before);
}

static void quota(void)
{
	struct mmkit_bench_start start = endless();
	struct mmkit_bench_status now;
	long long max = file_number(QUOTA "session_bytes");
	char text[32];
	int handle;

	test("the session's quota is kept: EDQUOT is counted, not exceeded");
	start.live = 1000;
	start.count = 5000;
	EQUAL(file_write(QUOTA "session_bytes", "1048576"), 0);
	handle = try(&start);
	if (CHECK(handle > 0)) {
		now = wait_end(handle);
		CHECK(now.edquot > 0);
		EQUAL(now.allocs + now.edquot + now.enomem, 10000);
		EQUAL(now.frees, now.allocs);
		BETWEEN(now.peak, 512 << 10, 1 << 20);
		EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
	}
	start.live = 100000;
	EQUAL(try(&start), -EDQUOT);
	snprintf(text, sizeof(text), "%lld", max);
	EQUAL(file_write(QUOTA "session_bytes", text), 0);
}

/* All that it takes, not what was asked for, is what the quota is to bound. */
static void footprints(void)
{
	static const struct {
		const char *allocator;
		u64 bytes, takes;
	} tried[] = {
		{ "kmalloc", 300, 512 },
		{ "kvmalloc", 2 * PAGE + 1, 4 * PAGE },
		{ "vmalloc", 1, PAGE },
		{ "alloc_pages", 2 * PAGE + 1, 4 * PAGE },
	};
	struct mmkit_bench_status now;
	struct mmkit_bench_start start;
	size_t i;
	int handle;

	for (i = 0; i < ARRAY_SIZE(tried); i++) {
		test("%s: what an object takes is charged", tried[i].allocator);
		start = ask(tried[i].allocator, MMKIT_BENCH_HOLD);
		start.min = tried[i].bytes;
		start.live = start.count = 10;
		handle = try(&start);
		if (!CHECK(handle > 0))
			continue;
		now = wait_end(handle);
		EQUAL(now.allocs, 10);
		EQUAL(now.peak, 10 * tried[i].takes);
		EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
	}
}

#define CGROUP	"/sys/fs/cgroup/mmkit-bench"

/* In a cgroup of 8 MiB: more is an ENOMEM there, and no OOM kill. */
static void in_cgroup(void *unused)
{
	struct mmkit_bench_start start = endless();
	struct mmkit_bench_status now;
	int handle;

	(void)unused;
	start.live = 4000;
	start.count = 4000;
	own_memory_now();
	EQUAL(file_write(CGROUP "/cgroup.procs", "0"), 0);
	fd = dev_open("bench");
	handle = try(&start);
	if (!CHECK(handle > 0))
		return;
	now = wait_end(handle);
	CHECK(now.enomem > 0);
	BETWEEN(now.peak, 1 << 20, 9 << 20);
	EQUAL(now.frees, now.allocs);
}

static void memcg(void)
{
	char events[256];

	test("the caller's cgroup is charged");
	if (mkdir(CGROUP, 0700)) {
		skip("no cgroup can be made");
		return;
	}
	if (file_write(CGROUP "/memory.max", "8388608")) {
		skip("no memory controller");
	} else {
		EQUAL(in_child(in_cgroup, NULL), 0);
		if (CHECK(file_read(CGROUP "/memory.events", events,
				    sizeof(events))))
			CHECK(strstr(events, "oom_kill 0"));
	}
	rmdir(CGROUP);
}

#define CPU1	"/sys/devices/system/cpu/cpu1/online"

static void hotplug(void)
{
	struct mmkit_bench_start start = endless();
	struct mmkit_bench_status now;
	struct mmkit_bench_run run = run_of("pages/order", 0);
	int handle;

	test("a CPU goes offline under a thread: it moves, says so, and ends");
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2 || access(CPU1, W_OK)) {
		skip("there is no second CPU that can go");
		return;
	}
	handle = try(&start);
	if (!CHECK(handle > 0))
		return;
	wait_begun(handle);
	EQUAL(file_write(CPU1, "0"), 0);
	run.cpu = 1;
	EQUAL(try_run(&run), -ENXIO);
	run = run_of("slab/free-elsewhere", 16);
	EQUAL(try_run(&run), -EOPNOTSUPP);
	EQUAL(on_handle(MMKIT_BENCH_STOP, handle), 0);
	EQUAL(status(handle, 0, &now), 0);
	check_end(&now, now.allocs);
	EQUAL(now.moved, 1);
	EQUAL(on_handle(MMKIT_BENCH_FORGET, handle), 0);
	EQUAL(file_write(CPU1, "1"), 0);
}

static void layout(void)
{
	test("the structs are as large for every program");
	EQUAL(sizeof(struct mmkit_bench_run), 104);
	EQUAL(sizeof(struct mmkit_bench_start), 112);
	EQUAL(sizeof(struct mmkit_bench_status), 104);
	EQUAL(sizeof(struct mmkit_bench_sizes), 208);
	EQUAL(sizeof(struct mmkit_bench_hist), 4000);
	EQUAL(sizeof(struct mmkit_bench_row), 296);
	EQUAL(sizeof(struct mmkit_bench_info), 96);
}

/* What a 32-bit program passes on and gets back; the kernel does the same then. */
static void both(void)
{
	layout();
	refuse_run();
	refuse_start();
	refuse_others();
	lists();
	threads();
	dists();
	dists_charged();
}

int main(void)
{
	fd = dev_open("bench");
	both();
	if (sizeof(long) == 4)
		return tap_end();
	every_row();
	made_ready();
	killed();
	patterns();
	short_pipes();
	every_allocator();
	pinned();
	nodes();
	stops();
	waits();
	killed_waiter();
	closes();
	unwinds();
	quota();
	footprints();
	memcg();
	hotplug();
	return tap_end();
}
