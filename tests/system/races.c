// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may happen to a store, a session, a module or a CPU while it is used, at
 * every moment of the use. races.h has how.
 *
 *	races [ROUNDS [SECONDS [PAIR|all|quick|slow [SEED [MOMENT]]]]]
 *
 * Each pair ends after so many rounds or seconds, whatever comes first. Slow are those of
 * which one side unloads a module or takes a CPU away, quick all others.
 */
#include <setjmp.h>
#include <signal.h>
#include <linux/userfaultfd.h>
#include <mmkit/bench.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "modules.h"
#include "pager.h"
#include "races.h"
#include "rows.h"

#define RW	(PROT_READ | PROT_WRITE)
#define PAGES	4u
#define BYTES	(PAGES * PAGE)
#define LANE	64u	/* bytes that each side has of each page */

/* --- touching memory that may be gone */

static __thread sigjmp_buf jump;
static __thread volatile bool expected;

static void on_fault(int signal)
{
	if (expected)
		siglongjmp(jump, 1);
	sigaction(signal, &(struct sigaction){ 0 }, NULL);
}

static void catch_faults(void)
{
	struct sigaction action = { .sa_handler = on_fault,
				    .sa_flags = SA_NODEFER };

	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
}

static u8 mark_of(const struct race *race, u32 page, u32 lane)
{
	return 1 + (race->round * PAGES + page + lane * 7) % 255;
}

/* Writes the mark and reads it back. False if that is refused. */
static bool poke(struct race *race, u32 page, u32 lane)
{
	volatile u8 *at = race->map + page * PAGE + lane * LANE;
	u8 found;

	if (sigsetjmp(jump, 0)) {
		expected = false;
		return false;
	}
	expected = true;
	*at = mark_of(race, page, lane);
	found = *at;
	expected = false;
	/* Cut off meanwhile and back, it is zero; another's it never is. */
	if (found && found != mark_of(race, page, lane))
		race->wrong = true;
	return true;
}

static bool poked[PAGES];	/* by the left side, this round */

static void touch(struct race *race)
{
	u32 i;

	for (i = 0; i < PAGES; i++) {
		poked[i] = poke(race, i, LEFT);
		race->refused += !poked[i];
	}
}

static void touch_too(struct race *race)
{
	u32 i;

	for (i = 0; i < PAGES; i++)
		if (!poke(race, i, RIGHT))
			race->wrong = true;
}

/* Where the other side takes nothing away, nothing is refused. */
static bool all_poked(void)
{
	bool good = true;
	u32 i;

	for (i = 0; i < PAGES; i++)
		good &= CHECK(poked[i]);
	return good;
}

/* What was written is there. */
static bool kept(const struct race *race, const u8 *map, u32 pages, u32 lane)
{
	bool good = true;
	u32 i;

	for (i = 0; i < pages; i++)
		if (lane == RIGHT || poked[i])
			good &= EQUAL(map[i * PAGE + lane * LANE],
				      mark_of(race, i, lane));
	return good;
}

/* --- stores */

/* The same from round to round; that it faults again is each round's. */
static void store(struct race *race, const char *strategy)
{
	if (race->map) {
		madvise(race->map, BYTES, MADV_DONTNEED);
		return;
	}
	race->fd = dev_open("map");
	EQUAL(map_set(race->fd, BYTES, strategy), 0);
	race->map = map_shared(race->fd, PAGES);
}

static void store_page(struct race *race)
{
	store(race, "page");
}

static void drop(struct race *race)
{
	munmap(race->map, BYTES);
	close(race->fd);
}

static bool is_kept(struct race *race)
{
	return kept(race, race->map, PAGES, LEFT) &
	       EQUAL(map_get(race->fd).maps, 1);
}

static bool both_kept(struct race *race)
{
	return all_poked() & is_kept(race) &
	       kept(race, race->map, PAGES, RIGHT);
}

/* Whoever was last gave it back before it returned. */
static bool nothing_held(struct race *race)
{
	struct mmkit_info is = info();

	return EQUAL(is.used_bytes, race->before.used_bytes) &
	       EQUAL(is.used_handles, race->before.used_handles);
}

/* --- evict, config */

static void store_paged(struct race *race)
{
	bool first = !race->map;

	store(race, "pager");
	if (first)
		EQUAL(pager_set(race->fd, 2, MMKIT_MAP_LRU, MMKIT_MAP_SHMEM, 0), 0);
}

static void configure(struct race *race)
{
	race->got[RIGHT] = pager_set(race->fd, 2 + race->round % 3,
				     race->round % MMKIT_MAP_OPT,
				     MMKIT_MAP_SHMEM, 0);
}

static bool is_configured(struct race *race)
{
	return all_poked() & is_kept(race) &
	       CHECK(!race->got[RIGHT] || race->got[RIGHT] == -EBUSY);
}

static int record(int fd, u32 nr)
{
	struct mmkit_map_events arg = { .size = sizeof(arg), .nr = nr };

	return call(fd, MMKIT_MAP_EVENTS, &arg);
}

static void record_and_stop(struct race *race)
{
	race->got[RIGHT] = record(race->fd, 64) ?: record(race->fd, 0);
}

static bool is_recorded(struct race *race)
{
	return all_poked() & is_kept(race) & EQUAL(race->got[RIGHT], 0);
}

/* --- unmap, free, close, truncate */

static void store_unmapped(struct race *race)
{
	if (race->map) {
		race->map = map_shared(race->fd, PAGES);
		return;
	}
	store(race, "page");
}

static void unmap(struct race *race)
{
	munmap(race->map, BYTES);
}

static bool is_unmapped(struct race *race)
{
	u8 *again;
	bool good;

	if (!EQUAL(map_get(race->fd).maps, 0))
		return false;
	again = map_shared(race->fd, PAGES);
	good = kept(race, again, PAGES, LEFT);
	munmap(again, BYTES);
	return good;
}

static void close_only(struct race *race)
{
	close(race->fd);
}

static void give_back(struct race *race)
{
	race->got[RIGHT] = map_set(race->fd, 0, "");
}

/* Nobody reaches what is somebody else's now, or nobody's. */
static bool is_given_back(struct race *race)
{
	bool good = EQUAL(race->got[RIGHT], 0);
	u32 i;

	for (i = 0; i < PAGES; i++)
		good &= CHECK(!poke(race, i, LEFT));
	return good & EQUAL(map_set(race->fd, BYTES, ""), 0);
}

/*
 * Those that map any store for all, one after the other, but stores of one piece, which
 * nobody gives back while they are mapped.
 */
static void store_by_any(struct race *race)
{
	static const char *const strategies[] = {
		"access", "around", "dirty", "insert", "lazyzero", "mixed",
		"page", "pages", "pfn", "populate", "shmem"
	};

	race->map = NULL;
	store(race, strategies[race->round % ARRAY_SIZE(strategies)]);
}

static bool is_given_back_by_any(struct race *race)
{
	bool good = is_given_back(race);

	drop(race);
	return good & nothing_held(race);
}

static void shrink_and_grow(struct race *race)
{
	race->got[RIGHT] = map_set(race->fd, PAGE, "") ?:
			   map_set(race->fd, BYTES, "");
}

static bool is_grown(struct race *race)
{
	bool good;
	u32 i;

	/* What was not given back cannot be read. */
	if (!EQUAL(race->got[RIGHT], 0))
		return false;
	good = kept(race, race->map, 1, LEFT);
	for (i = 1; i < PAGES; i++) {
		u8 found = race->map[i * PAGE];

		good &= CHECK(!found || found == mark_of(race, i, LEFT));
	}
	return good;
}

static void store_anew(struct race *race)
{
	race->map = NULL;
	store(race, "page");
}

static void touch_and_unmap(struct race *race)
{
	touch(race);
	munmap(race->map, BYTES);
}

/* The mapping has held the file. */
static bool is_closed_late(struct race *race)
{
	return all_poked() & nothing_held(race);
}

/* The file that the pager has its pages in. */
static int memfd = -1;

static void store_filed(struct race *race)
{
	bool first = !race->map;

	if (first)
		memfd = pager_memfd(PAGES);
	store(race, "pager");
	if (first)
		EQUAL(pager_file_by(race->fd, 2, MMKIT_MAP_LRU, memfd), 0);
}

static void cut_file(struct race *race)
{
	race->got[RIGHT] = ftruncate(memfd, 0) ?: ftruncate(memfd, BYTES);
}

/* Cut off, it is zero, or another round's that was not read in since. */
static bool is_filed(struct race *race)
{
	bool good = EQUAL(race->got[RIGHT], 0) &
		    EQUAL(map_get(race->fd).maps, 1);
	u32 i;

	for (i = 0; i < PAGES; i++)
		good &= CHECK(poke(race, i, LEFT));
	return good;
}

static void drop_filed(struct race *race)
{
	drop(race);
	close(memfd);
}

/* --- fork, mremap */

/* Not by the C library's fork(): the child has nothing to tidy up. */
static void fork_and_touch(struct race *race)
{
	pid_t pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	u32 i;

	if (!pid) {
		for (i = 0; i < PAGES; i++)
			if (!poke(race, i, RIGHT))
				_exit(1);
		_exit(race->wrong);
	}
	if (pid < 0 || waitpid(pid, &race->got[RIGHT], 0) != pid)
		race->got[RIGHT] = -1;
}

static bool is_forked(struct race *race)
{
	return both_kept(race) & EQUAL(race->got[RIGHT], 0);
}

/* Two places of which the mapping is in one. */
static u8 *place[2];

static void store_placed(struct race *race)
{
	if (race->map) {
		madvise(race->map, BYTES, MADV_DONTNEED);
		return;
	}
	place[0] = mmap(NULL, 2 * BYTES, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	place[1] = place[0] + BYTES;
	race->fd = dev_open("map");
	EQUAL(map_set(race->fd, BYTES, "page"), 0);
	race->map = mmap(place[0], BYTES, RW, MAP_SHARED | MAP_FIXED, race->fd,
			 0);
	CHECK(race->map == place[0]);
}

static void move(struct race *race)
{
	race->got[RIGHT] = mremap(place[0], BYTES, BYTES,
				  MREMAP_MAYMOVE | MREMAP_FIXED, place[1]) ==
			   place[1] ? 0 : -errno;
}

static bool is_moved(struct race *race)
{
	bool good;

	if (!EQUAL(race->got[RIGHT], 0))
		return false;
	good = kept(race, place[1], PAGES, LEFT) &
	       EQUAL(map_get(race->fd).maps, 1);
	return good & CHECK(mremap(place[1], BYTES, BYTES,
				   MREMAP_MAYMOVE | MREMAP_FIXED,
				   place[0]) == place[0]);
}

/* --- any command against close */

static struct request asked;

static void ask(struct race *race)
{
	const struct row *row = &rows[race->round % ARRAY_SIZE(rows)];

	asked = request(row);
	race->fd = asked.fd;
}

static void send(struct race *race)
{
	race->got[LEFT] = call(race->fd, asked.row->cmd, asked.arg);
	race->refused += race->got[LEFT] == -EBADF;
}

static bool is_closed(struct race *race)
{
	bool good = asked.row->optional ||
		    CHECK(race->got[LEFT] == row_answer(asked.row) ||
			  race->got[LEFT] == -EBADF);

	if (!good)
		diag("%s: %d", asked.row->name, race->got[LEFT]);
	return good & nothing_held(race);
}

/* --- debugfs against unloading */

#define OBJECTS	DEBUG "heap/objects"
#define CONTROL	DEBUG "heap/control"

static char shown[8192];

static void with_objects(struct race *race)
{
	(void)race;
	if (access(CONTROL, F_OK))
		EQUAL(load("mmkit_heap"), 0);
	EQUAL(file_write(CONTROL, "alloc -b 100 -c 2"), 0);
}

static void read_objects(struct race *race)
{
	shown[0] = '\0';
	if (!file_read(OBJECTS, shown, sizeof(shown)) || !shown[0])
		race->refused++;
	file_write(CONTROL, "alloc -b 200");
}

static void unload_heap(struct race *race)
{
	race->got[RIGHT] = unload("mmkit_heap");
}

static bool is_unloaded(struct race *race)
{
	bool good = CHECK(!race->got[RIGHT] || race->got[RIGHT] == -EAGAIN);

	good &= CHECK(!shown[0] || strstr(shown, " bytes\n"));
	/* What the control file holds goes with it. */
	if (race->got[RIGHT])
		good &= EQUAL(unload("mmkit_heap"), 0);
	return good & nothing_held(race);
}

static void load_again(struct race *race)
{
	(void)race;
	if (access(CONTROL, F_OK))
		EQUAL(load("mmkit_heap"), 0);
}

/* --- CPUs that go and come */

#define CPU1	"/sys/devices/system/cpu/cpu1/online"

static void off_and_on(struct race *race)
{
	race->got[RIGHT] = file_write(CPU1, "0") ?: file_write(CPU1, "1");
	/* It went from under this thread. */
	pin(1);
}

static void open_bench(struct race *race)
{
	race->fd = dev_open("bench");
}

static void bench(struct race *race)
{
	struct mmkit_bench_status status = { .size = sizeof(status) };
	struct mmkit_bench_start start = {
		.size = sizeof(start), .allocator = "kmalloc", .threads = 2,
		.min = 64, .live = 16, .count = 200, .node = -1,
	};

	race->got[LEFT] = call(race->fd, MMKIT_BENCH_START, &start);
	status.handle = start.handle;
	status.wait_ms = 1000;
	while (!race->got[LEFT] && status.state != MMKIT_BENCH_DONE)
		race->got[LEFT] = call(race->fd, MMKIT_BENCH_STATUS, &status);
	race->refused += status.moved;
	if (!race->got[LEFT] && (status.corrupt || status.live))
		race->wrong = true;
}

static bool is_benched(struct race *race)
{
	close(race->fd);
	return EQUAL(race->got[LEFT], 0) & EQUAL(race->got[RIGHT], 0) &
	       nothing_held(race);
}

static int slab_fd;

static void open_heaps(struct race *race)
{
	race->fd = dev_open("heap");
	slab_fd = dev_open("slab");
}

/* What has a part of its own on each CPU: per-cpu memory, and a cache's slabs. */
static void use_percpu(struct race *race)
{
	struct mmkit_heap_alloc alloc = {
		.size = sizeof(alloc), .api = MMKIT_HEAP_ALLOC_PERCPU,
		.bytes = 64, .count = 4, .node = -1,
	};
	struct mmkit_slab_slabs slabs = { .size = sizeof(slabs), .nr = 2 };
	static struct mmkit_slab_slab array[2];

	race->got[LEFT] = call(race->fd, MMKIT_HEAP_ALLOC, &alloc);
	row_set(slab_fd);
	slabs.handle = 1;
	slabs.slabs = PTR(array);
	race->got[LEFT] |= call(slab_fd, MMKIT_SLAB_SLABS, &slabs);
}

static bool is_used(struct race *race)
{
	close(slab_fd);
	return is_benched(race);
}

/* --- a copy that is parked while its session is taken away */

static void *page;
static int uffd = -1;

static void park(struct race *race)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	if (uffd < 0) {
		page = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		reg.range.start = (unsigned long)page;
		reg.range.len = PAGE;
		uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
		if (ioctl(uffd, UFFDIO_API, &api) ||
		    ioctl(uffd, UFFDIO_REGISTER, &reg))
			bail("no userfaultfd: %s", strerror(errno));
	}
	madvise(page, PAGE, MADV_DONTNEED);
	race->map = NULL;
	store_page(race);
}

/* It ends when the other side lets it; without a store, or a file, at once. */
static void describe(struct race *race)
{
	race->got[LEFT] = map_describe(race->fd, 0, PAGES, page);
	race->refused += race->got[LEFT] < 0;
	/* So that there is always somebody to be let go. */
	(void)*(volatile u8 *)page;
}

static void take_away(struct race *race)
{
	struct uffdio_zeropage zero = {
		.range = { (unsigned long)page, PAGE },
	};
	struct uffd_msg msg;

	munmap(race->map, BYTES);
	map_set(race->fd, 0, "");
	close(race->fd);
	if (read(uffd, &msg, sizeof(msg)) != sizeof(msg) ||
	    ioctl(uffd, UFFDIO_ZEROPAGE, &zero))
		race->wrong = true;
}

static bool is_described(struct race *race)
{
	const struct mmkit_page *found = page;
	int got = race->got[LEFT], i;
	bool good = CHECK(got == PAGES || got == -EINVAL || got == -EBADF);

	for (i = 0; i < got; i++)
		good &= CHECK(found[i].pfn && found[i].refcount);
	return good & nothing_held(race);
}

static void unpark(struct race *race)
{
	(void)race;
	close(uffd);
	munmap(page, PAGE);
}

static const struct pair pairs[] = {
	{ "fault/evict", store_paged, { touch, touch_too }, both_kept, drop },
	{ "fault/config", store_paged, { touch, configure }, is_configured, drop },
	{ "fault/events", store_page, { touch, record_and_stop }, is_recorded, drop },
	{ "fault/unmap", store_unmapped, { touch, unmap }, is_unmapped, drop },
	{ "fault/free", store_page, { touch, give_back }, is_given_back, drop },
	{ "any/free", store_by_any, { touch, give_back }, is_given_back_by_any, NULL },
	{ "fault/truncate", store_page, { touch, shrink_and_grow }, is_grown, drop },
	{ "fault/truncate-file", store_filed, { touch, cut_file }, is_filed, drop_filed },
	{ "fault/close", store_anew, { touch_and_unmap, close_only }, is_closed_late, NULL },
	{ "fault/fork", store_page, { touch, fork_and_touch }, is_forked, drop },
	{ "fault/mremap", store_placed, { touch, move }, is_moved, drop },
	{ "ioctl/close", ask, { send, close_only }, is_closed, NULL },
	{ "parked/close", park, { describe, take_away }, is_described, unpark },
	{ "read/unload", with_objects, { read_objects, unload_heap }, is_unloaded, load_again },
	{ "bench/hotplug", open_bench, { bench, off_and_on }, is_benched, NULL },
	{ "percpu/hotplug", open_heaps, { use_percpu, off_and_on }, is_used, NULL },
};

/*
 * The event ring's static key patches the fault handler. Where QEMU emulates each CPU
 * on a thread of its own, the other one now and then runs the breakpoint of the patching
 * after it is gone: "int3", and the end (docs/kernels.md). Asked for by name it is run.
 */
static bool emulated(void)
{
	char text[4096];

	return file_read("/proc/cpuinfo", text, sizeof(text)) &&
	       strstr(text, "QEMU TCG");
}

static bool wanted(const struct pair *pair, const char *which)
{
	bool slow = pair->side[RIGHT] == unload_heap || pair->side[RIGHT] == off_and_on;

	if (!strcmp(which, "quick"))
		return !slow;
	if (!strcmp(which, "slow"))
		return slow;
	return !strcmp(which, "all") || !strcmp(which, pair->name);
}

static const char *cannot_run(const struct pair *pair, bool named)
{
	if (strstr(pair->name, "hotplug") && access(CPU1, W_OK))
		return "there is no second CPU that can go";
	if (pair->side[RIGHT] == record_and_stop && !named && emulated())
		return "an emulated CPU may run code that was patched meanwhile";
	return NULL;
}

int main(int argc, char **argv)
{
	struct races races = {
		.rounds = argc > 1 ? strtoull(argv[1], NULL, 0) : 300,
		.seconds = argc > 2 ? atof(argv[2]) : 1,
		.seed = argc > 4 ? strtoull(argv[4], NULL, 0) : 1,
		.fixed = argc > 5,
		.moment = argc > 5 ? strtoll(argv[5], NULL, 0) : 0,
	};
	const char *which = argc > 3 ? argv[3] : "all", *why;
	bool named, found = false;
	long long patience;
	size_t i;

	catch_faults();
	/* Nobody holds a page for long here: whoever waits gets it. */
	patience = pager_patience(60000);
	pin(0);
	measure_turns();
	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		if (!wanted(&pairs[i], which))
			continue;
		found = true;
		named = !strcmp(which, pairs[i].name);
		test("%s: at every moment, and what is left is right",
		     pairs[i].name);
		why = cannot_run(&pairs[i], named);
		if (why)
			skip("%s", why);
		else
			run_pair(&pairs[i], &races);
	}
	pager_patience(patience);
	if (!found)
		bail("there is no pair %s", which);
	return tap_end();
}
