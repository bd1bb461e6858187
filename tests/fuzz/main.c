// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fuzzer itself: a worker makes programs and runs them; who watches it starts
 * another when it died, and knows the program that it died of.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <mmkit/info.h>
#include "fuzz.h"

#define CORPUS_MAX	8192
#define STUCK_MS	20000		/* one program: a hang, or slow beyond use */
#define SIGNATURES	(1u << 16)

/* What outlives a worker. */
static struct state {
	u64 done;		/* programs */
	u64 calls;
	u32 nr;			/* of corpus */
	u64 random;
	bool loaded;		/* by us, each module */
	bool found;
	char complaint[256];
	struct program now;
	struct program last;		/* before it */
	u32 signature[SIGNATURES];	/* how often a command gave an error */
	u64 us[SIGNATURES >> 8];	/* how long it took, in all */
	u64 us_end;			/* to close what programs had open */
	u64 us_all;			/* with what goes on between the calls */
	struct program corpus[CORPUS_MAX];
	u32 nr_old, at_old;		/* of a run before, to be run first */
	struct program old[CORPUS_MAX];
} *state;

static u64 wanted = 10000;

static struct mmkit_info used(void)
{
	struct mmkit_info info = { .size = sizeof(info) };

	if (ioctl(info_open(), MMKIT_INFO_GET, &info))
		info.used_handles = ~0ull;
	return info;
}

/* --- fault injection: each allocation may fail, and says nothing of it */

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		fprintf(stderr, "fuzz: %s: %s\n", path, strerror(errno));
	close(fd);
}

static void faults_begin(void)
{
	write_file("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
	write_file("/sys/kernel/debug/failslab/verbose", "0");
	write_file("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N");
	write_file("/sys/kernel/debug/fail_page_alloc/min-order", "0");
	write_file("/sys/kernel/debug/fail_page_alloc/verbose", "0");
	write_file("/sys/kernel/debug/fail_usercopy/verbose", "0");
	/* It allocates too, and gives up for good where that fails. */
	write_file("/sys/kernel/debug/kmemleak", "off");
	/*
	 * A stack for each kmem_cache_create() that fails is most of the time that
	 * a serial line has. The complaints are read from /dev/kmsg.
	 */
	write_file("/proc/sys/kernel/printk", "4");
	/* Pages whose struct pages are in part another's, as big machines have. */
	write_file("/proc/sys/vm/hugetlb_optimize_vmemmap", "1");
	write_file("/proc/sys/vm/nr_hugepages", "4");
	/* An oops is the worker's end, not the machine's. */
	write_file("/proc/sys/kernel/panic_on_oops", "0");
}

/* --- the worker */

static void found(const char *what)
{
	snprintf(state->complaint, sizeof(state->complaint), "%s", what);
	state->found = true;
}

/* An error that a command never gave before is as good as a new site. */
static u32 count_calls(const struct program *p, const struct machine *m)
{
	u32 fresh = 0, i;

	for (i = 0; i < p->nr; i++) {
		u32 at = (p->call[i].command << 8 | (m->err[i] & 255)) %
			 SIGNATURES;

		fresh += !state->signature[at]++;
		state->us[p->call[i].command] += m->us[i];
	}
	return fresh;
}

static void keep(struct random *r)
{
	if (state->nr < CORPUS_MAX)
		state->corpus[state->nr++] = state->now;
	else
		state->corpus[below(r, CORPUS_MAX)] = state->now;
}

static void next_program(struct random *r)
{
	const struct program *other;

	if (state->at_old < state->nr_old) {
		state->now = state->old[state->at_old++];
		return;
	}
	if (!state->nr || chance(r, 2)) {
		program_make(r, &state->now);
		return;
	}
	other = &state->corpus[below(r, state->nr)];
	state->now = state->corpus[below(r, state->nr)];
	program_mutate(r, &state->now, other);
}

static void tell_file(const char *name, const char *path)
{
	FILE *file = fopen(path, "re");
	char line[300];

	if (!file)
		fprintf(stderr, "held: %s: %s\n", name, strerror(errno));
	while (file && fgets(line, sizeof(line), file))
		fprintf(stderr, "held: %s: %s", name, line);
	if (file)
		fclose(file);
}

/* What all sessions hold, as debugfs has it, before the finding itself is told. */
static void tell_held(void)
{
	char path[64];
	enum area area;

	tell_file("sessions", "/sys/kernel/debug/mmkit/info/sessions");
	for (area = 0; area < AREAS; area++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/mmkit/%s/objects",
			 area_names[area]);
		tell_file(area_names[area], path);
	}
}

/* Whether it is one that goes on: used when the program began, ended, and a while later. */
static void tell_used(const struct mmkit_info *before,
		      const struct mmkit_info *after)
{
	struct mmkit_info later;
	u32 i;

	fprintf(stderr, "held: bytes %llu, then %llu; handles %llu, %llu\n",
		before->used_bytes, after->used_bytes, before->used_handles,
		after->used_handles);
	for (i = 0; i < 10; i++) {
		usleep(100000);
		later = used();
		fprintf(stderr, "held: later: bytes %llu handles %llu\n",
			later.used_bytes, later.used_handles);
	}
	if (!state->last.nr)
		return;
	fprintf(stderr, "the program before:\n");
	program_write(stderr, &state->last);
}

/* A control file's session outlives the program; everything else is freed by now. */
static void check_use(const struct machine *m, const struct mmkit_info *before)
{
	struct mmkit_info after = used();
	char text[128];

	if (m->controlled || m->reloaded ||
	    (after.used_bytes == before->used_bytes &&
	     after.used_handles == before->used_handles))
		return;
	snprintf(text, sizeof(text),
		 "leaked: %lld bytes and %lld handles are charged to nobody",
		 (long long)(after.used_bytes - before->used_bytes),
		 (long long)(after.used_handles - before->used_handles));
	tell_held();
	tell_used(before, &after);
	tell_held();
	found(text);
}

static void run_one(void)
{
	struct mmkit_info before = used();
	struct machine m;
	char line[256];
	u64 begun = now_us();

	execute(&state->now, &m);
	if (m.controlled && !control_settle())
		found("a run of a control file cannot be stopped");
	if (m.changed || m.reloaded)
		parameters_usual();
	check_use(&m, &before);
	if (watch_complaint(line, sizeof(line)))
		found(line);
	if (execute_leak())
		found(execute_leak());
	state->calls += state->now.nr;
	if (count_calls(&state->now, &m) + execute_new())
		keep(&(struct random){ state->done });
	state->us_end += m.us_end;
	state->us_all += now_us() - begun;
}

/* The one before may have been killed while it loaded a module. */
static void worker_begin(void)
{
	cover_modules();
	memory_begin();
	cover_children();
	cover_thread();
	if (!state->loaded)
		modules_begin();
	state->loaded = true;
	control_settle();
	parameters_usual();
}

/* In a thread of its own: the first one has what kernel threads do for it. */
static void in_thread(void *(*work)(void *unused))
{
	pthread_t thread;

	cover_remote();
	if (!pthread_create(&thread, NULL, work, NULL))
		pthread_join(thread, NULL);
	_exit(1);
}

static void *work(void *unused)
{
	struct random r = { state->random };

	(void)unused;
	worker_begin();
	while (state->done < wanted && !state->found) {
		state->last = state->now;
		next_program(&r);
		run_one();
		state->done++;
	}
	_exit(0);
}

/* --- who watches */

/* Waits for the worker's end, or for nothing to happen for too long. */
static bool watch_worker(pid_t pid)
{
	struct pollfd end = { .events = POLLIN };
	u64 done = state->done;
	int got;

	end.fd = syscall(SYS_pidfd_open, pid, 0);
	while (!(got = poll(&end, 1, STUCK_MS)) && state->done != done)
		done = state->done;
	if (!got) {
		kill(pid, SIGKILL);
		if (!poll(&end, 1, STUCK_MS)) {
			/* Where each task is, and what it waits for. */
			write_file("/proc/sysrq-trigger", "t");
			found("hung: SIGKILL does not end it");
		}
	}
	close(end.fd);
	return got > 0;
}

static u32 died, stuck;

static void one_worker(struct random *seeds)
{
	char line[256];
	int status = 0;
	pid_t pid;

	state->random = random_next(seeds);
	pid = fork();
	if (!pid)
		in_thread(work);
	if (!watch_worker(pid)) {
		stuck++;
		fprintf(stderr, "stuck for %d s, and killed:\n", STUCK_MS / 1000);
		program_write(stderr, &state->now);
	}
	if (!state->found || strncmp(state->complaint, "hung", 4))
		waitpid(pid, &status, 0);
	if (watch_complaint(line, sizeof(line)) && !state->found)
		found(line);
	/* By itself. 1: it could not begin. 128 and a signal: memory of its own was gone. */
	if (status && !WIFSIGNALED(status)) {
		died++;
		fprintf(stderr, "ended with status %d:\n", WEXITSTATUS(status));
		if (WEXITSTATUS(status) != 1)
			program_write(stderr, &state->now);
	}
	state->done += status != 0;
}

static void tell(u64 seed)
{
	fprintf(stderr, "seed %" PRIu64 ": %" PRIu64 " programs, %" PRIu64
		" calls, %u sites, corpus of %u; %u workers died, %u were stuck\n",
		seed, state->done, state->calls, cover_sites(), state->nr, died,
		stuck);
}

/*
 * How often each command was given, how often it did something, how long one takes,
 * and its errors; then how much of the time is not of calls.
 */
static void tell_commands(FILE *file)
{
	s64 rest = state->us_all - state->us_end, done = state->done ?: 1;
	u32 command, err, all;

	for (command = 0; command < nr_commands; command++) {
		const u32 *count = &state->signature[command << 8];

		for (all = 0, err = 0; err < 256; err++)
			all += count[err];
		fprintf(file, "given %-26s %7u good %7u us %7" PRIu64,
			commands[command].name, all, count[0],
			state->us[command] / (all ?: 1));
		rest -= state->us[command];
		for (err = 1; err < 256; err++)
			if (count[err])
				fprintf(file, " %s %u", strerrorname_np(err),
					count[err]);
		fputc('\n', file);
	}
	fprintf(file, "given (programs) %" PRIu64 " us %" PRIu64 " end %" PRIu64
		" between calls %" PRId64 "\n", state->done, state->us_all / done,
		state->us_end / done, rest / done);
}

/* Returns what main() does. */
static int tell_found(void)
{
	if (!state->found)
		return 0;
	fprintf(stderr, "found: %s\n", state->complaint);
	program_write(stderr, &state->now);
	return 1;
}

static int fuzz(u64 seed)
{
	struct random seeds = { seed };
	u64 step = wanted, all = wanted;

	/* Every tenth of the way is told. */
	step = wanted / 10 ?: 1;
	for (wanted = step; !state->found && state->done < all; ) {
		one_worker(&seeds);
		if (state->done >= wanted) {
			tell(seed);
			wanted = wanted + step > all ? all : wanted + step;
		}
	}
	/* Workers that cannot even begin find nothing, either. */
	if (!state->found && !state->calls)
		found("no call was made");
	return tell_found();
}

/* --- one program; one that is made smaller */

static bool load(const char *path)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	char why[128] = "it cannot be opened";
	bool good = file && program_read(file, &state->now, why, sizeof(why)) &&
		    state->now.nr;

	if (!good)
		fprintf(stderr, "fuzz: %s is no program: %s\n", path, why);
	if (file && file != stdin)
		fclose(file);
	return good;
}

/* As often as @wanted says: a race is not lost each time. */
static void *repeat(void *unused)
{
	u64 i;

	(void)unused;
	worker_begin();
	for (i = 0; i < wanted && !state->found; i++) {
		run_one();
		state->done++;
	}
	_exit(0);
}

static bool repeats(void)
{
	char line[256];
	pid_t pid;

	pid = fork();
	if (!pid)
		in_thread(repeat);
	watch_worker(pid);
	waitpid(pid, NULL, 0);
	if (watch_complaint(line, sizeof(line)))
		found(line);
	return state->found;
}

static int run_file(const char *path)
{
	if (!load(path))
		return 2;
	repeats();
	return tell_found();
}

/*
 * Leaves out a call at a time until the kernel complains again: then that one was
 * not needed. A kernel complains once, so that the next try wants another boot:
 * tests/fuzz/minimise. Exits with 1 and the smaller program, or 0: none is.
 */
static int minimise(const char *path, u32 from)
{
	struct program whole;
	u32 i;

	if (!load(path))
		return 2;
	whole = state->now;
	for (i = from; i < whole.nr; i++) {
		state->now = whole;
		program_remove(&state->now, i);
		if (!repeats())
			continue;
		fprintf(stderr, "call %u is not needed\n", i);
		return tell_found();
	}
	return 0;
}

static void write_corpus(void)
{
	u32 i;

	for (i = 0; i < state->nr; i++) {
		program_write(stdout, &state->corpus[i]);
		printf("\n");
	}
}

static bool read_corpus(const char *path)
{
	FILE *file = fopen(path, "re");
	bool good = true;
	char why[128];

	if (!file) {
		perror(path);
		return false;
	}
	while (state->nr_old < CORPUS_MAX && good) {
		good = program_read(file, &state->old[state->nr_old], why,
				    sizeof(why));
		if (!state->old[state->nr_old].nr)
			break;
		state->nr_old += good;
	}
	if (!good)
		fprintf(stderr, "fuzz: %s: program %u: %s\n", path,
			state->nr_old, why);
	fclose(file);
	return good;
}

/* --- */

static const struct option options[] = {
	{ "seed", required_argument, NULL, 's' },
	{ "programs", required_argument, NULL, 'n' },
	{ "corpus", required_argument, NULL, 'k' },
	{ "keep", no_argument, NULL, 'K' },
	{ "cover", no_argument, NULL, 'C' },
	{ "run", required_argument, NULL, 'r' },
	{ "minimise", required_argument, NULL, 'm' },
	{ "from", required_argument, NULL, 'f' },
	{ "c", required_argument, NULL, 'c' },
	{ "dry", no_argument, NULL, 'd' },
	{ "syzlang", no_argument, NULL, 'z' },
	{ "syzlang-const", no_argument, NULL, 'Z' },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

static int usage(int status)
{
	fprintf(status ? stderr : stdout,
		"usage: fuzz [--seed N] [--programs N] [--corpus FILE] [--keep] [--cover]\n"
		"       fuzz --run FILE [--programs N]          the same program N times\n"
		"       fuzz --minimise FILE [--from CALL]      with one call less\n"
		"       fuzz --c FILE                           the program as C\n"
		"       fuzz --dry [--programs N]               make some and run none\n"
		"       fuzz --syzlang | --syzlang-const        the grammar for syzkaller\n"
		"Exit status: 0 nothing was found, 1 something was, 2 usage.\n");
	return status;
}

/* What is charged to a memory cgroup other than the root is charged in earnest. */
static void cgroup_begin(void)
{
	mkdir("/sys/fs/cgroup/fuzz", 0755);
	write_file("/sys/fs/cgroup/fuzz/cgroup.procs", "0");
}

static void begin(void)
{
	cover_begin();
	names_find();
	watch_begin();
	faults_begin();
	cgroup_begin();
	parameters_usual();
}

static char *to_text(const struct program *p)
{
	char *text;
	size_t bytes;
	FILE *file = open_memstream(&text, &bytes);

	program_write(file, p);
	fclose(file);
	return text;
}

static bool same_again(const struct program *p, struct program *again)
{
	char *text = to_text(p), *other, why[128] = "";
	FILE *file = fmemopen(text, strlen(text), "r");
	bool same = program_read(file, again, why, sizeof(why));

	fclose(file);
	other = to_text(again);
	same = same && !strcmp(text, other);
	if (!same)
		fprintf(stderr, "read again it is another one: %s\n%s\n%s", why,
			text, other);
	free(text);
	free(other);
	return same;
}

/* Without a kernel: what is written as text is what is read again. */
static int dry(u64 seed)
{
	static struct program p, again;
	struct random r = { seed };
	u64 i;

	for (i = 0; i < wanted; i++) {
		if (!i || chance(&r, 8))
			program_make(&r, &p);
		else
			program_mutate(&r, &p, &again);
		if (!same_again(&p, &again))
			return 1;
	}
	program_write(stdout, &p);
	return 0;
}

static int to_c(const char *path)
{
	if (!load(path))
		return 2;
	program_write_c(stdout, &state->now);
	return 0;
}

int main(int argc, char **argv)
{
	const char *corpus = NULL, *run = NULL, *smaller = NULL, *c = NULL;
	bool cover = false, keep_all = false, without = false;
	u64 seed = 0;
	u32 from = 0;
	int opt, rc;

	state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (state == MAP_FAILED || getrandom(&seed, 4, 0) != 4)
		return 2;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (opt) {
		case 's': seed = strtoull(optarg, NULL, 0); break;
		case 'n': wanted = strtoull(optarg, NULL, 0); break;
		case 'k': corpus = optarg; break;
		case 'K': keep_all = true; break;
		case 'C': cover = true; break;
		case 'r': run = optarg; break;
		case 'm': smaller = optarg; break;
		case 'f': from = strtoul(optarg, NULL, 0); break;
		case 'c': c = optarg; break;
		case 'd': without = true; break;
		case 'z':
			syzlang_write(stdout);
			return 0;
		case 'Z':
			syzlang_write_consts(stdout);
			return 0;
		default: return usage(opt == 'h' ? 0 : 2);
		}
	}
	if (optind != argc)
		return usage(2);
	if (without)
		return dry(seed);
	if (c)
		return to_c(c);
	if (corpus && !read_corpus(corpus))
		return 2;
	begin();
	rc = run ? run_file(run) : smaller ? minimise(smaller, from) : fuzz(seed);
	if (keep_all)
		write_corpus();
	if (cover)
		cover_print(stdout);
	if (cover)
		tell_commands(stdout);
	return rc;
}
