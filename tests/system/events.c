// SPDX-License-Identifier: GPL-2.0-only
/* The event ring of /dev/mmkit/map: what it records, loses, refuses and guards. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "pager.h"

#define RW	(PROT_READ | PROT_WRITE)

struct ring {
	int fd;
	volatile struct mmkit_events_reader *reader;
	const volatile struct mmkit_events_writer *writer;
	const struct mmkit_event *event;
	u64 bytes;
};

static int events(int fd, u32 nr, u64 *bytes)
{
	struct mmkit_map_events ask = { .size = sizeof(ask), .nr = nr };
	int err = call(fd, MMKIT_MAP_EVENTS, &ask);

	if (!err) {
		EQUAL(ask.offset, nr ? MMKIT_EVENTS_OFFSET : 0);
		if (bytes)
			*bytes = ask.bytes;
	}
	return err;
}

static void *ring_at(int fd, u64 page, u64 pages, int prot, int flags)
{
	return mmap64(NULL, pages * PAGE, prot, flags, fd,
		      MMKIT_EVENTS_OFFSET + page * PAGE);
}

static struct ring ring_open(int fd, u32 nr)
{
	struct ring ring = { .fd = fd };
	u8 *map;

	EQUAL(events(fd, nr, &ring.bytes), 0);
	ring.reader = ring_at(fd, 0, 1, RW, MAP_SHARED);
	map = ring_at(fd, 1, ring.bytes / PAGE - 1, PROT_READ, MAP_SHARED);
	if (ring.reader == MAP_FAILED || map == MAP_FAILED)
		bail("the ring cannot be mapped: %s", strerror(errno));
	ring.writer = (void *)map;
	ring.event = (void *)(map + PAGE);
	return ring;
}

static void ring_unmap(struct ring *ring)
{
	munmap((void *)ring->reader, PAGE);
	munmap((void *)ring->writer, ring->bytes - PAGE);
}

static void ring_close(struct ring *ring)
{
	EQUAL(events(ring->fd, 0, NULL), 0);
	ring_unmap(ring);
	close(ring->fd);
}

/* The next record, or false. */
static bool ring_next(struct ring *ring, struct mmkit_event *event)
{
	u32 tail = ring->reader->tail;

	if (__atomic_load_n(&ring->writer->head, __ATOMIC_ACQUIRE) == tail)
		return false;
	*event = ring->event[tail & (ring->writer->nr - 1)];
	__atomic_store_n(&ring->reader->tail, tail + 1, __ATOMIC_RELEASE);
	return true;
}

static int store(u64 pages, const char *strategy)
{
	int fd = dev_open("map");

	EQUAL(map_set(fd, pages * PAGE, strategy), 0);
	return fd;
}

/* --- refused */

static void refused(void)
{
	struct mmkit_map_events ask = { .size = sizeof(ask), .nr = 8 };
	int fd = store(4, "page");

	test("a ring of no power of two, or too large, or a second one is refused");
	EQUAL(events(fd, 3, NULL), -EINVAL);
	EQUAL(events(fd, MMKIT_EVENTS_MAX * 2, NULL), -EINVAL);
	EQUAL(events(fd, 1u << 31, NULL), -EINVAL);
	EQUAL(events(fd, ~0u, NULL), -EINVAL);
	ask.flags = 1;
	EQUAL(call(fd, MMKIT_MAP_EVENTS, &ask), -EINVAL);
	ask.flags = 0;
	ask.reserved = 1;
	EQUAL(call(fd, MMKIT_MAP_EVENTS, &ask), -EINVAL);
	EQUAL(events(fd, 0, NULL), 0);
	EQUAL(events(fd, 8, NULL), 0);
	EQUAL(events(fd, 8, NULL), -EBUSY);
	EQUAL(events(fd, 0, NULL), 0);
	EQUAL(events(fd, 0, NULL), 0);
	EQUAL(session(fd).bytes, 4 * PAGE);
	close(fd);
}

/* It is no handle, which would be taken back: it is there, unseen. */
static void unanswered(void)
{
	struct mmkit_map_events ask = { .size = sizeof(ask), .nr = 8 };
	void *readonly = readonly_copy(&ask, sizeof(ask));
	int fd = store(4, "page");

	test("an answer that cannot be written is EFAULT, and the ring is there");
	EQUAL(call(fd, MMKIT_MAP_EVENTS, readonly), -EFAULT);
	EQUAL(events(fd, 8, NULL), -EBUSY);
	EQUAL(events(fd, 0, NULL), 0);
	EQUAL(session(fd).bytes, 4 * PAGE);
	munmap(readonly, PAGE);
	close(fd);
}

static void over_quota(void)
{
	char before[32];
	int fd = store(4, "page");

	test("a ring over the quota is EDQUOT, and one that is made is charged");
	CHECK(file_read(QUOTA "session_bytes", before, sizeof(before)));
	EQUAL(file_write(QUOTA "session_bytes", "100000"), 0);
	EQUAL(events(fd, 4096, NULL), -EDQUOT);
	EQUAL(session(fd).bytes, 4 * PAGE);
	EQUAL(file_write(QUOTA "session_bytes", before), 0);
	EQUAL(events(fd, 4096, NULL), 0);
	EQUAL(session(fd).bytes, 4 * PAGE + 2 * PAGE +
	      4096 * sizeof(struct mmkit_event));
	close(fd);
}

/* Inside, up to the end and past it, from every page on. */
static void bounds(void)
{
	int fd = store(4, "page");
	u64 bytes, n, first, nr;

	test("mmap takes what lies inside the ring and EINVAL is the rest");
	CHECK(ring_at(fd, 0, 1, PROT_READ, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, EINVAL);
	EQUAL(events(fd, 128, &bytes), 0);
	n = bytes / PAGE;
	EQUAL(n, 2 + 128 * sizeof(struct mmkit_event) / PAGE + 1);
	for (first = 0; first < n + 2; first++)
		for (nr = 1; nr < n + 2; nr++) {
			void *map = ring_at(fd, first, nr, PROT_READ,
					    MAP_SHARED);

			EQUAL(map != MAP_FAILED,
			      first < n && nr <= n - first);
			if (map != MAP_FAILED)
				munmap(map, nr * PAGE);
			else
				EQUAL(errno, EINVAL);
		}
	CHECK(ring_at(fd, 1u << 20, 1, PROT_READ, MAP_SHARED) == MAP_FAILED);
	CHECK(ring_at(fd, 0, 1, PROT_READ, MAP_PRIVATE) == MAP_FAILED);
	EQUAL(errno, EINVAL);
	/* The store's own range ends where it did. */
	CHECK(map_at(fd, 4, 1, PROT_READ, MAP_SHARED) == MAP_FAILED);
	close(fd);
}

static void guarded(void)
{
	int fd = store(4, "page");
	u64 bytes, n;
	void *map;

	test("only the reader's page can be written, then as little as later");
	EQUAL(events(fd, 64, &bytes), 0);
	n = bytes / PAGE;
	CHECK(ring_at(fd, 0, n, RW, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, EACCES);
	CHECK(ring_at(fd, 1, 1, RW, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, EACCES);
	CHECK(ring_at(fd, 0, 2, RW, MAP_SHARED) == MAP_FAILED);
	map = ring_at(fd, 0, n, PROT_READ, MAP_SHARED);
	CHECK(map != MAP_FAILED);
	EQUAL(mprotect(map, PAGE, RW) ? errno : 0, EACCES);
	CHECK(mremap(map, n * PAGE, (n + 1) * PAGE, MREMAP_MAYMOVE) ==
	      MAP_FAILED);
	EQUAL(errno, EFAULT);
	munmap(map, n * PAGE);
	map = ring_at(fd, 0, 1, RW, MAP_SHARED);
	CHECK(map != MAP_FAILED);
	munmap(map, PAGE);
	close(fd);
}

/* --- recorded */

static void same(const struct mmkit_event *event, const void *address,
		 u64 page, u32 kind, u32 result)
{
	EQUAL(event->address, PTR(address));
	EQUAL(event->offset, page * PAGE);
	EQUAL(event->kind, kind);
	EQUAL(event->result, result);
	EQUAL(event->tid, syscall(SYS_gettid));
	EQUAL(event->reserved, 0);
}

static void recorded(void)
{
	int fd = store(8, "page");
	struct ring ring = ring_open(fd, 16);
	u8 *map = map_at(fd, 2, 6, RW, MAP_SHARED);
	struct mmkit_event one, two, three;

	test("each fault is one record: where, what, by whom, with what result");
	EQUAL(ring.writer->nr, 16);
	EQUAL(ring.writer->record, sizeof(struct mmkit_event));
	EQUAL(ring.writer->on, 1);
	CHECK(!ring_next(&ring, &one));
	touch_read(map + 77);
	touch_read(map + 78);
	touch_write(map + 3 * PAGE + 9, 1);
	EQUAL(map_set(fd, 4 * PAGE, ""), 0);
	EQUAL(touch_read(map + 4 * PAGE), BUS_ADRERR);
	CHECK(ring_next(&ring, &one) && ring_next(&ring, &two) &&
	      ring_next(&ring, &three));
	same(&one, map + 77, 2, MMKIT_EVENT_READ, MMKIT_RESULT_LOCKED);
	same(&two, map + 3 * PAGE + 9, 5, MMKIT_EVENT_WRITE,
	     MMKIT_RESULT_LOCKED);
	same(&three, map + 4 * PAGE, 6, MMKIT_EVENT_READ,
	     MMKIT_RESULT_SIGBUS);
	CHECK(!strcmp(one.strategy, "page"));
	EQUAL(one.sequence, 0);
	EQUAL(two.sequence, 1);
	EQUAL(three.sequence, 2);
	CHECK(one.ns && one.ns <= two.ns && two.ns <= three.ns);
	CHECK(!ring_next(&ring, &one));
	EQUAL(ring.writer->lost, 0);
	munmap(map, 6 * PAGE);
	ring_close(&ring);
}

static void recorded_pager(void)
{
	int fd = store(4, "pager");
	struct ring ring = ring_open(fd, 16);
	u8 *map = map_shared(fd, 4);
	static const u32 kinds[] = {
		MMKIT_EVENT_WRITE, MMKIT_EVENT_MKWRITE, MMKIT_EVENT_WRITEBACK,
		MMKIT_EVENT_EVICT, MMKIT_EVENT_READ, MMKIT_EVENT_EVICT,
		MMKIT_EVENT_READ,
	};
	static const u64 pages[] = { 0, 0, 0, 0, 1, 1, 0 };
	struct mmkit_event event;
	size_t i;

	test("the pager records what it moves");
	EQUAL(pager_set(fd, 1, 0, MMKIT_MAP_LZO, 0), 0);
	map[0] = 1;
	touch_read(map + PAGE);
	touch_read(map);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!CHECK(ring_next(&ring, &event)))
			break;
		EQUAL(event.kind, kinds[i]);
		EQUAL(event.offset, pages[i] * PAGE);
		EQUAL(event.sequence, i);
		CHECK(!strcmp(event.strategy, "pager"));
		if (event.kind == MMKIT_EVENT_READ)
			EQUAL(event.result, MMKIT_RESULT_LOCKED |
					    MMKIT_RESULT_MAJOR);
	}
	CHECK(!ring_next(&ring, &event));
	munmap(map, 4 * PAGE);
	ring_close(&ring);
}

/* The next record is of this kind, and of this page. */
static void comes(struct ring *ring, u32 kind, u64 page)
{
	struct mmkit_event event = { 0 };

	CHECK(ring_next(ring, &event));
	EQUAL(event.kind, kind);
	EQUAL(event.offset, page * PAGE);
}

/* A write to a page that was mapped read-only is a fault of its own. */
static void recorded_mkwrite(const char *strategy, u32 after)
{
	int fd = store(4, strategy);
	struct ring ring = ring_open(fd, 16);
	u8 *map = map_shared(fd, 4);
	struct mmkit_event event;

	test("%s: a first write after a read is recorded", strategy);
	touch_read(map + 2 * PAGE);
	comes(&ring, MMKIT_EVENT_READ, 2);
	map[2 * PAGE] = 1;
	comes(&ring, MMKIT_EVENT_MKWRITE, 2);
	if (after)
		comes(&ring, after, 2);
	CHECK(!ring_next(&ring, &event));
	EQUAL(map_get(fd).faults, ring.writer->head);
	munmap(map, 4 * PAGE);
	ring_close(&ring);
}

/* By .map_pages, which has mapped its neighbours as well: no fault of theirs. */
static void recorded_around(void)
{
	int fd = store(4, "shmem");
	u8 *map = map_shared(fd, 4);
	struct ring ring;
	struct mmkit_event event;
	int i;

	test("shmem: a read of pages that are there is one fault, and recorded");
	for (i = 0; i < 4; i++)
		map[i * PAGE] = i + 1;
	munmap(map, 4 * PAGE);
	ring = ring_open(fd, 16);
	map = map_shared(fd, 4);
	for (i = 1; i < 4; i++)
		EQUAL(map[i * PAGE], i + 1);
	comes(&ring, MMKIT_EVENT_READ, 1);
	CHECK(!ring_next(&ring, &event));
	munmap(map, 4 * PAGE);
	ring_close(&ring);
}

/* --- lost */

static void overrun(void)
{
	int fd = store(16, "page"), i;
	struct ring ring = ring_open(fd, 4);
	u8 *map = map_shared(fd, 16);
	struct mmkit_event event;

	test("what finds no room is counted, and a gap shows where");
	for (i = 0; i < 10; i++)
		touch_read(map + i * PAGE);
	EQUAL(ring.writer->head, 4);
	EQUAL(ring.writer->lost, 6);
	for (i = 0; i < 2; i++) {
		CHECK(ring_next(&ring, &event));
		EQUAL(event.sequence, i);
		EQUAL(event.offset, i * PAGE);
	}
	for (i = 10; i < 13; i++)
		touch_read(map + i * PAGE);
	EQUAL(ring.writer->head, 6);
	EQUAL(ring.writer->lost, 7);
	EQUAL(map_get(fd).faults, ring.writer->head + ring.writer->lost);
	CHECK(ring_next(&ring, &event) && ring_next(&ring, &event));
	EQUAL(event.sequence, 3);
	CHECK(ring_next(&ring, &event));
	EQUAL(event.sequence, 10);
	EQUAL(event.offset, 10 * PAGE);
	munmap(map, 16 * PAGE);
	ring_close(&ring);
}

/* A reader that lies about what it has read gets fewer, never more. */
static void liar(void)
{
	static const s32 tails[] = { 1, 100, -1, -5, -100, 0x7fffffff };
	size_t i;

	test("a tail that cannot be loses records, and each is counted");
	for (i = 0; i < ARRAY_SIZE(tails); i++) {
		int fd = store(16, "page"), j;
		struct ring ring = ring_open(fd, 4);
		u8 *map = map_shared(fd, 16);

		for (j = 0; j < 3; j++)
			touch_read(map + j * PAGE);
		ring.reader->tail = 3 + tails[i];
		for (; j < 16; j++)
			touch_read(map + j * PAGE);
		EQUAL(ring.writer->head + ring.writer->lost, 16);
		EQUAL(ring.writer->nr, 4);
		munmap(map, 16 * PAGE);
		ring_close(&ring);
	}
}

/* 2^32 records on: what counts is the difference. Many rounds show it too. */
static void wrapped(void)
{
	int fd = store(1, "page"), i;
	struct ring ring = ring_open(fd, 1);
	u8 *map = map_shared(fd, 1);
	struct mmkit_event event;

	test("a ring of one record goes round a thousand times");
	for (i = 0; i < 1000; i++) {
		touch_read(map);
		if (!CHECK(ring_next(&ring, &event)) ||
		    !EQUAL(event.sequence, i))
			break;
		madvise(map, PAGE, MADV_DONTNEED);
	}
	EQUAL(ring.writer->lost, 0);
	munmap(map, PAGE);
	ring_close(&ring);
}

/* --- at the same time */

#define WRITERS	4
#define TOUCHES	3000

struct race {
	u8 *map;
	atomic_int running;
};

static void *fault_often(void *arg)
{
	struct race *race = arg;
	int i;

	for (i = 0; i < TOUCHES; i++) {
		u8 *at = race->map + i % 16 * PAGE;

		touch_read(at);
		madvise(at, PAGE, MADV_DONTNEED);
	}
	race->running--;
	return NULL;
}

/* The C library of a 32-bit program joins threads by the old futex(). */
static bool can_wait(void)
{
	static u32 word;

	return syscall(SYS_futex, &word, FUTEX_WAKE, 0, NULL, NULL, 0) >= 0 ||
	       errno != ENOSYS;
}

/* Everything that happened was read or was lost, in order, and none twice. */
static void raced(u32 nr)
{
	int fd = store(16, "page"), i;
	struct ring ring = ring_open(fd, nr);
	struct race race = { map_shared(fd, 16), WRITERS };
	u64 seen = 0, gaps = 0, next = 0, ns = 0, wrong = 0;
	pthread_t thread[WRITERS];
	struct mmkit_event event;

	test("four threads fault and one reads: seen and lost are all, ring of %u",
	     nr);
	for (i = 0; i < WRITERS; i++)
		pthread_create(&thread[i], NULL, fault_often, &race);
	for (;;) {
		bool ended = !race.running;

		while (ring_next(&ring, &event)) {
			wrong += event.sequence < next || event.ns < ns ||
				 event.offset >= 16 * PAGE ||
				 event.address - PTR(race.map) != event.offset;
			gaps += event.sequence - next;
			next = event.sequence + 1;
			ns = event.ns;
			seen++;
		}
		if (ended)
			break;
		sched_yield();
	}
	for (i = 0; i < WRITERS; i++)
		pthread_join(thread[i], NULL);
	EQUAL(wrong, 0);
	EQUAL(seen + ring.writer->lost, map_get(fd).faults);
	BETWEEN(gaps, 0, ring.writer->lost);
	EQUAL(ring.writer->head, seen);
	CHECK(seen > 0);
	munmap(race.map, 16 * PAGE);
	ring_close(&ring);
}

/* Rings come and go under those who fault. */
static void on_and_off(void)
{
	int fd = store(16, "page"), i;
	struct race race = { map_shared(fd, 16), WRITERS };
	pthread_t thread[WRITERS];

	test("rings come and go while four threads fault");
	for (i = 0; i < WRITERS; i++)
		pthread_create(&thread[i], NULL, fault_often, &race);
	for (i = 0; race.running; i++) {
		struct ring ring = ring_open(fd, 8);

		sched_yield();
		EQUAL(events(fd, 0, NULL), 0);
		EQUAL(ring.writer->on, 0);
		ring_unmap(&ring);
	}
	for (i = 0; i < WRITERS; i++)
		pthread_join(thread[i], NULL);
	EQUAL(session(fd).bytes, 16 * PAGE);
	munmap(race.map, 16 * PAGE);
	close(fd);
}

static void with_threads(void)
{
	if (!can_wait()) {
		test("what several threads do at the same time");
		skip("this kernel lets no 32-bit program wait (CONFIG_COMPAT_32BIT_TIME)");
		return;
	}
	raced(4);
	raced(1024);
	on_and_off();
}

/* --- afterwards */

static void stopped(void)
{
	int fd = store(4, "page");
	u64 without = info().used_bytes, with;
	struct ring old = ring_open(fd, 4), new;
	u8 *map = map_shared(fd, 4);

	test("a ring that was given back says so, shows nothing new, and stays charged");
	with = info().used_bytes;
	CHECK(with > without);
	touch_read(map);
	EQUAL(old.writer->head, 1);
	EQUAL(events(fd, 0, NULL), 0);
	EQUAL(info().used_bytes, with);
	EQUAL(old.writer->on, 0);
	touch_read(map + PAGE);
	EQUAL(old.writer->head, 1);
	new = ring_open(fd, 4);
	touch_read(map + 2 * PAGE);
	EQUAL(old.writer->head, 1);
	EQUAL(new.writer->head, 1);
	EQUAL(new.event[0].sequence, 0);
	EQUAL(info().used_bytes, with + with - without);
	ring_unmap(&old);
	EQUAL(info().used_bytes, with);
	munmap(map, 4 * PAGE);
	ring_close(&new);
}

static void given_away(void)
{
	int fd = store(4, "page");
	struct ring ring = ring_open(fd, 4);

	test("what madvise() has given away of a ring is gone");
	EQUAL(touch_read((u8 *)ring.writer), 0);
	EQUAL(madvise((void *)ring.writer, PAGE, MADV_DONTNEED), 0);
	EQUAL(touch_read((u8 *)ring.writer), BUS_ADRERR);
	ring_close(&ring);
}

static void closed(void)
{
	u64 used = info().used_bytes;
	int fd = store(4, "page");
	struct ring ring = ring_open(fd, 4);
	u8 *map = map_shared(fd, 4);

	test("a mapped ring outlives the close of its file, and is freed after");
	close(fd);
	touch_read(map);
	EQUAL(ring.writer->head, 1);
	munmap(map, 4 * PAGE);
	EQUAL(ring.writer->on, 1);
	ring_unmap(&ring);
	EQUAL(info().used_bytes, used);
}

int main(void)
{
	refused();
	unanswered();
	over_quota();
	bounds();
	guarded();
	recorded();
	recorded_pager();
	recorded_mkwrite("dirty", 0);
	recorded_mkwrite("lazyzero", MMKIT_EVENT_WRITE);
	recorded_around();
	overrun();
	liar();
	wrapped();
	with_threads();
	stopped();
	given_away();
	closed();
	return tap_end();
}
