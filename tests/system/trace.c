// SPDX-License-Identifier: GPL-2.0-only
/* Tracepoints as tracefs shows them: each one, with the right figures. */
#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
#include "pager.h"

#define TRACING	"/sys/kernel/tracing/"

static char text[1 << 20];

/* Opening it to truncate it empties the buffer. */
static void clear(void)
{
	int fd = open(TRACING "trace", O_WRONLY | O_TRUNC);

	CHECK(fd >= 0);
	close(fd);
}

static void begin(void)
{
	EQUAL(file_write(TRACING "events/mmkit/enable", "1"), 0);
	clear();
	EQUAL(file_write(TRACING "tracing_on", "1"), 0);
}

static void end(void)
{
	EQUAL(file_write(TRACING "events/mmkit/enable", "0"), 0);
	CHECK(file_read(TRACING "trace", text, sizeof(text)));
}

/* How many lines hold this. */
static int lines(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
static int lines(const char *format, ...)
{
	char want[256];
	const char *at;
	va_list args;
	int nr = 0;

	va_start(args, format);
	vsnprintf(want, sizeof(want), format, args);
	va_end(args);
	for (at = strstr(text, want); at; at = strstr(at + 1, want))
		nr++;
	return nr;
}

static unsigned long long id_of(int fd)
{
	return session(fd).id;
}

static void of_sessions(void)
{
	unsigned long long id;
	int fd;

	test("a session's open and close are traced with what it holds");
	begin();
	fd = dev_open("pages");
	id = id_of(fd);
	pages_alloc(fd, 1, 3);
	close(fd);
	end();
	EQUAL(lines("mmkit_session_open: session=%llu area=pages handles=0 bytes=0\n",
		    id), 1);
	EQUAL(lines("mmkit_session_close: session=%llu area=pages handles=1 bytes=24576\n",
		    id), 1);
	/* What the close frees is traced too. */
	EQUAL(lines("mmkit_free: session=%llu handle=1 kind=blocks bytes=24576\n",
		    id), 1);
}

static void of_objects(void)
{
	struct mmkit_pages_free some = {
		.size = sizeof(some), .first = 1, .nr = 3,
	};
	int fd = dev_open("pages");
	unsigned long long id = id_of(fd);

	test("alloc and free are traced with handle and bytes");
	begin();
	some.handle = pages_alloc(fd, 2, 5);
	EQUAL(call(fd, MMKIT_PAGES_FREE, &some), 0);
	EQUAL(pages_free(fd, some.handle), 0);
	end();
	EQUAL(lines("mmkit_alloc: session=%llu handle=1 kind=blocks bytes=81920\n",
		    id), 1);
	EQUAL(lines("mmkit_free: session=%llu handle=1 kind=blocks bytes=49152\n",
		    id), 1);
	EQUAL(lines("mmkit_free: session=%llu handle=1 kind=blocks bytes=32768\n",
		    id), 1);
	EQUAL(lines("session=%llu ", id), 3);
	close(fd);
}

/* What nobody was told of was never there. */
static void of_refused(void)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 1);
	void *readonly = readonly_copy(&alloc, sizeof(alloc));
	int fd = dev_open("pages");
	unsigned long long id = id_of(fd);

	test("an alloc that is undone is not traced");
	begin();
	EQUAL(call(fd, MMKIT_PAGES_ALLOC, readonly), -EFAULT);
	alloc.count = 0;
	EQUAL(call(fd, MMKIT_PAGES_ALLOC, &alloc), -EINVAL);
	end();
	EQUAL(lines("session=%llu ", id), 0);
	close(fd);
}

static void of_faults(void)
{
	int fd = dev_open("map");
	unsigned long long id = id_of(fd);
	u8 *map;

	test("faults are traced with page, access and result");
	EQUAL(map_set(fd, 4 * PAGE, ""), 0);
	map = map_shared(fd, 4);
	begin();
	touch_read(map);
	touch_write(map + 2 * PAGE, 1);
	touch_write(map + 2 * PAGE, 1);
	EQUAL(map_set(fd, 0, ""), 0);
	touch_read(map + 3 * PAGE);
	end();
	EQUAL(lines("mmkit_fault: session=%llu strategy=page pgoff=0 read result=LOCKED\n",
		    id), 1);
	EQUAL(lines("mmkit_fault: session=%llu strategy=page pgoff=2 write result=LOCKED\n",
		    id), 1);
	EQUAL(lines("mmkit_fault: session=%llu strategy=page pgoff=3 read result=SIGBUS\n",
		    id), 1);
	EQUAL(lines("mmkit_fault: session=%llu ", id), 3);
	munmap(map, 4 * PAGE);
	close(fd);
}

/* Two frames: a page that was written, one that was read, and one that is held. */
static void of_evictions(void)
{
	int fd = pager_store(8), p[2];
	unsigned long long id = id_of(fd);
	u8 *map = map_shared(fd, 8);
	struct iovec iov = { map + 3 * PAGE, PAGE };

	test("evictions are traced with page, frame, dirty or clean, and why not");
	EQUAL(pipe(p), 0);
	EQUAL(pager_set(fd, 2, MMKIT_MAP_FIFO, MMKIT_MAP_LZO, 0), 0);
	begin();
	touch_write(map, 1);
	touch_read(map + PAGE);
	touch_read(map + 2 * PAGE);
	touch_write(map + 3 * PAGE, 1);
	EQUAL(vmsplice(p[1], &iov, 1, 0), PAGE);
	touch_read(map + 4 * PAGE);
	touch_read(map + 5 * PAGE);
	end();
	EQUAL(lines("mmkit_evict: session=%llu pgoff=0 frame=0 dirty err=0\n",
		    id), 1);
	EQUAL(lines("mmkit_evict: session=%llu pgoff=1 frame=1 clean err=0\n",
		    id), 1);
	EQUAL(lines("mmkit_evict: session=%llu pgoff=2 frame=0 clean err=0\n",
		    id), 1);
	/* -EBUSY: somebody holds it. So another one went. */
	EQUAL(lines("mmkit_evict: session=%llu pgoff=3 frame=1 dirty err=-16\n",
		    id), 1);
	EQUAL(lines("mmkit_evict: session=%llu pgoff=4 frame=0 clean err=0\n",
		    id), 1);
	EQUAL(lines("mmkit_evict: session=%llu ", id), 5);
	close(p[0]);
	close(p[1]);
	munmap(map, 8 * PAGE);
	close(fd);
}

static void disabled(void)
{
	int fd = dev_open("pages");

	test("bug 30: disabled, they are silent; and no line ever holds an address");
	CHECK(!strstr(text, "ffff8") && !strstr(text, "ffffff"));
	clear();
	EQUAL(pages_free(fd, pages_alloc(fd, 0, 1)), 0);
	close(fd);
	CHECK(file_read(TRACING "trace", text, sizeof(text)));
	EQUAL(lines("mmkit_"), 0);
}

int main(void)
{
	of_sessions();
	of_objects();
	of_refused();
	of_faults();
	of_evictions();
	disabled();
	return tap_end();
}
