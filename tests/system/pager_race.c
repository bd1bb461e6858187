// SPDX-License-Identifier: GPL-2.0-only
/*
 * Torture of the pager: eight threads fault, write and are evicted at once,
 * while frames, policy and mappings change under them, and no byte is lost.
 *
 *	pager_race [SECONDS]
 *
 * Every page is cut into lanes, one for each thread, who alone writes it and
 * knows what it last wrote. A page that goes out too early, comes in too late or
 * is mixed up with another one shows in somebody's lane.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/swap.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include "pager.h"

#define THREADS	8
#define PAGES	48u
#define LANE	512ul
#define WORDS	(LANE / sizeof(u64))
#define BLOCKS	64u

struct torture {
	int fd;
	int disk;	/* whose block n holds pattern n; -1 when there is none */
	u8 *map;
	atomic_bool stop;
	atomic_ulong rounds;
	atomic_ulong direct;
	atomic_ulong wrong;
};

struct writer {
	struct torture *t;
	pthread_t thread;
	u32 lane;
	u32 seed;
	u64 last[PAGES];	/* what the lane of each page holds */
};

static u32 draw(struct writer *w)
{
	w->seed = w->seed * 1103515245 + 12345;
	return w->seed >> 8;
}

static u64 word(u64 value, u32 i)
{
	return value ? value * 0x9e3779b97f4a7c15ull + i : 0;
}

static void fill(u64 *to, u64 value)
{
	u32 i;

	for (i = 0; i < WORDS; i++)
		to[i] = word(value, i);
}

static bool holds(const volatile u64 *at, u64 value)
{
	u32 i;

	for (i = 0; i < WORDS; i++)
		if (at[i] != word(value, i))
			return false;
	return true;
}

static u8 *lane(struct writer *w, u32 page)
{
	return w->t->map + page * PAGE + w->lane * LANE;
}

/* By the thread's own stores. */
static u64 write_plainly(struct writer *w, u32 page, u64 value)
{
	fill((u64 *)lane(w, page), value);
	return value;
}

/* By the kernel, which looks the page up and writes it without a mapping. */
static u64 write_remotely(struct writer *w, u32 page, u64 value)
{
	u64 from[WORDS];
	struct iovec local = { from, LANE };
	struct iovec remote = { lane(w, page), LANE };

	fill(from, value);
	if (process_vm_writev(getpid(), &local, 1, &remote, 1, 0) != LANE)
		w->t->wrong++;
	return value;
}

/* By the disk: the page is held while the block is read into it. */
static u64 write_directly(struct writer *w, u32 page)
{
	u32 block = 1 + draw(w) % (BLOCKS - 1);

	if (pread(w->t->disk, lane(w, page), LANE, block * LANE) != LANE)
		w->t->wrong++;
	w->t->direct++;
	return block;
}

static u64 write_lane(struct writer *w, u32 page)
{
	u64 value = ((u64)draw(w) << 32) | draw(w) | 1ull << 40;
	u32 how = draw(w) % 8;

	if (how == 0 && w->t->disk >= 0)
		return write_directly(w, page);
	if (how <= 2)
		return write_remotely(w, page, value);
	return write_plainly(w, page, value);
}

static void *work(void *arg)
{
	struct writer *w = arg;

	while (!atomic_load(&w->t->stop)) {
		u32 page = draw(w) % PAGES;

		if (!holds((u64 *)lane(w, page), w->last[page])) {
			w->t->wrong++;
			break;
		}
		if (draw(w) % 2)
			w->last[page] = write_lane(w, page);
		w->t->rounds++;
	}
	return NULL;
}

/* A child of its own mm sees whole words, or is evicted as well. */
static void visit(struct torture *t)
{
	pid_t pid = fork();
	int status;
	u32 i;

	if (!pid) {
		for (i = 0; i < PAGES; i++)
			(void)*(volatile u8 *)(t->map + i * PAGE);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		t->wrong++;
}

/* A second mapping comes, is touched and goes; part of the first one too. */
static void remap(struct torture *t)
{
	u8 *again = map_shared(t->fd, PAGES);
	u32 i;

	for (i = 0; i < PAGES; i += 7)
		(void)*(volatile u8 *)(again + i * PAGE);
	munmap(again, PAGES * PAGE);
	madvise(t->map + 5 * PAGE, 8 * PAGE, MADV_DONTNEED);
}

static void disturb(struct torture *t, u32 swap, u32 round)
{
	u8 states[PAGES];
	int err;

	if (swap != MMKIT_MAP_FILE) {
		err = pager_set(t->fd, 4 + round * 5 % 17,
				round % MMKIT_MAP_OPT, swap,
				round % 11 == 0);
		if (err && err != -EBUSY)
			t->wrong++;
	}
	if (round % 4 == 0)
		visit(t);
	if (round % 4 == 1)
		remap(t);
	if (pager_states(t->fd, 0, PAGES, states) != PAGES)
		t->wrong++;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void check_all(struct writer *w)
{
	u32 page;

	for (page = 0; page < PAGES; page++)
		if (!CHECK(holds((u64 *)lane(w, page), w->last[page])))
			diag("page %u lane %u", page, w->lane);
}

static void start(struct torture *t, u32 swap)
{
	t->fd = pager_store(PAGES);
	if (swap == MMKIT_MAP_FILE)
		EQUAL(pager_file(t->fd, 6, pager_memfd(PAGES)), 0);
	else
		EQUAL(pager_set(t->fd, 6, MMKIT_MAP_LRU, swap, 0), 0);
	t->map = map_shared(t->fd, PAGES);
}

static bool had_turns(struct torture *t)
{
	return t->rounds && (t->disk < 0 || t->direct);
}

static void torture(const char *name, u32 swap, int disk, double seconds)
{
	static struct writer writers[THREADS];
	struct torture t = { .disk = disk };
	double end = now() + seconds;
	struct mmkit_map_paged paged;
	u32 i, round;

	test("8 threads write through fewer frames and lose nothing: %s", name);
	start(&t, swap);
	for (i = 0; i < THREADS; i++) {
		writers[i] = (struct writer) {
			.t = &t, .lane = i, .seed = i * 77 + 1,
		};
		pthread_create(&writers[i].thread, NULL, work, &writers[i]);
	}
	/* However slow the machine: each way to write has had its turn. */
	for (round = 0; (now() < end || !had_turns(&t)) && !t.wrong; round++) {
		disturb(&t, swap, round);
		usleep(1000);
	}
	atomic_store(&t.stop, true);
	for (i = 0; i < THREADS; i++)
		pthread_join(writers[i].thread, NULL);
	paged = pager_paged(t.fd);
	EQUAL(t.wrong, 0);
	for (i = 0; i < THREADS; i++)
		check_all(&writers[i]);
	EQUAL(paged.starved + paged.failed, 0);
	printf("# %s: %lu accesses, %lu by the disk, %u changes; since the last %llu evictions, %llu spared\n",
	       name, t.rounds, t.direct, round,
	       (unsigned long long)paged.evictions,
	       (unsigned long long)paged.busy);
	munmap(t.map, PAGES * PAGE);
	close(t.fd);
}

/* The swap disk of this boot; its swap is not needed here. */
static int open_disk(void)
{
	static u64 block[WORDS] __attribute__((aligned(4096)));
	int fd;
	u32 i;

	swapoff("/dev/vda");
	fd = open("/dev/vda", O_RDWR | O_DIRECT);
	for (i = 0; fd >= 0 && i < BLOCKS; i++) {
		fill(block, i);
		if (pwrite(fd, block, LANE, i * LANE) != LANE)
			bail("the disk: %s", strerror(errno));
	}
	return fd;
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? atof(argv[1]) : 30;
	int disk = open_disk();
	long long patience;

	/* Nobody holds a page for long here: whoever waits gets it. */
	patience = pager_patience(60000);
	torture("compressed memory", MMKIT_MAP_LZO, disk, seconds / 3);
	torture("a tmpfs file", MMKIT_MAP_SHMEM, disk, seconds / 3);
	torture("a memfd", MMKIT_MAP_FILE, disk, seconds / 3);
	pager_patience(patience);
	return tap_end();
}
