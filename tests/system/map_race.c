// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/mmkit/map when things happen at the same time: resizing under those who
 * touch, fork and unmap; copies that are parked.
 */
#include <fcntl.h>
#include <pthread.h>
#include <linux/userfaultfd.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib.h"

#define RW	(PROT_READ | PROT_WRITE)
#define PAGES	16u

/* The body begins when the other one was through once. */
static void run_beside(struct map_race *race, void *(*other)(void *arg),
		       void (*body)(struct map_race *race))
{
	pthread_t thread;

	race->fd = dev_open("map");
	EQUAL(map_set(race->fd, PAGES * PAGE, ""), 0);
	race->map = map_shared(race->fd, PAGES);
	race->pages = PAGES;
	pthread_create(&thread, NULL, other, race);
	map_race_await(race);
	body(race);
	atomic_store(&race->stop, true);
	pthread_join(thread, NULL);
	munmap(race->map, PAGES * PAGE);
	EQUAL(race->wrong, 0);
	EQUAL(map_get(race->fd).maps, 0);
	EQUAL(map_set(race->fd, 0, ""), 0);
	EQUAL(session(race->fd).bytes, 0);
	close(race->fd);
}

/*
 * What is cut off goes to the other session, which fills it: the toucher must
 * never write into, nor see, pages that are its no more.
 */
static void resize(struct map_race *race)
{
	int other = dev_open("map");
	u8 *map;
	u32 i, j;

	EQUAL(map_set(other, PAGES * PAGE, ""), 0);
	map = map_shared(other, PAGES);
	/* Until the other one has been refused as well, whoever runs when. */
	for (i = 0; i < 3000 || !race->refused; i++) {
		EQUAL(map_set(race->fd, i % PAGES * PAGE, ""), 0);
		EQUAL(map_set(other, 0, ""), 0);
		EQUAL(map_set(other, PAGES * PAGE, ""), 0);
		for (j = 0; j < PAGES; j++)
			race->wrong += map[j * PAGE + RACE_BYTE] != 0;
		EQUAL(map_set(race->fd, PAGES * PAGE, ""), 0);
	}
	munmap(map, PAGES * PAGE);
	close(other);
}

static void touch_and_resize(void)
{
	static struct map_race race;

	test("touching against 6000 resizings at least: SIGBUS or the own page");
	run_beside(&race, map_race_touch, resize);
	CHECK(race.refused > 0);
	diag("%lu touched, %lu refused", race.seen, race.refused);
}

static void resize_only(struct map_race *race)
{
	u32 i;

	for (i = 0; i < 3000; i++)
		EQUAL(map_set(race->fd, i % 4 * PAGE, ""), 0);
}

static void map_and_resize(void)
{
	static struct map_race race;

	test("mapping and unmapping against 3000 resizings");
	run_beside(&race, map_race_map, resize_only);
}

static void fork_often(struct map_race *race)
{
	int i, status;
	pid_t pid;

	for (i = 0; i < 60; i++) {
		pid = fork();
		if (!pid) {
			touch_read(race->map + i % PAGES * PAGE);
			_exit(0);
		}
		EQUAL(map_set(race->fd, i % PAGES * PAGE, ""), 0);
		EQUAL(map_set(race->fd, PAGES * PAGE, ""), 0);
		EQUAL(waitpid(pid, &status, 0), pid);
		EQUAL(status, 0);
	}
}

static void fork_and_touch(void)
{
	static struct map_race race;

	test("forking against touching and resizing");
	run_beside(&race, map_race_touch, fork_often);
}

static void *close_and_open(void *arg)
{
	struct map_race *race = arg;

	while (!atomic_load(&race->stop)) {
		int fd = dev_open("map");
		u8 *map;

		map_set(fd, PAGE, "");
		map = map_shared(fd, 1);
		close(fd);
		map[0] = 1;
		munmap(map, PAGE);
		race->seen++;
	}
	return NULL;
}

static void read_files(struct map_race *race)
{
	char text[65536];
	int i;

	(void)race;
	for (i = 0; i < 300; i++) {
		CHECK(file_read(DEBUG "map/stores", text, sizeof(text)));
		CHECK(file_read(DEBUG "info/sessions", text, sizeof(text)));
	}
}

static void show_and_close(void)
{
	static struct map_race race;

	test("bug 18: reading debugfs against sessions that come and go");
	run_beside(&race, close_and_open, read_files);
}

/* --- a copy that is parked in a fault */

static int park_fd(void *page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { (unsigned long)page, PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &reg))
		return -1;
	return fd;
}

struct parked {
	int fd;
	void *answer;
	int got;
};

static void *ask(void *arg)
{
	struct parked *parked = arg;

	parked->got = map_describe(parked->fd, 0, 1, parked->answer);
	return NULL;
}

/* The asker hangs in its copy; everything else goes on, its session too. */
static void while_parked(int fd)
{
	int other = dev_open("map"), pages = dev_open("pages");
	char text[4096];
	u8 *map;

	EQUAL(map_set(other, 2 * PAGE, ""), 0);
	map = map_shared(other, 2);
	map[0] = 1;
	EQUAL(map_get(fd).bytes, PAGE);
	EQUAL(map_set(fd, 3 * PAGE, ""), 0);
	EQUAL(pages_free(pages, pages_alloc(pages, 0, 1)), 0);
	CHECK(info().sessions >= 3);
	CHECK(file_read(DEBUG "map/stores", text, sizeof(text)));
	munmap(map, 2 * PAGE);
	close(other);
	close(pages);
}

static void parked_copy(void)
{
	void *page = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct parked parked = { .fd = dev_open("map"), .answer = page };
	int uffd = park_fd(page);
	struct uffdio_zeropage zero = {
		.range = { (unsigned long)page, PAGE },
	};
	struct uffd_msg msg;
	pthread_t thread;

	test("bug 23: a copy parked by userfaultfd holds nobody up");
	if (uffd < 0) {
		skip("no userfaultfd");
		return;
	}
	EQUAL(map_set(parked.fd, PAGE, ""), 0);
	pthread_create(&thread, NULL, ask, &parked);
	/* Blocks until the copy faults: it is parked from then on. */
	EQUAL(read(uffd, &msg, sizeof(msg)), sizeof(msg));
	EQUAL(msg.event, UFFD_EVENT_PAGEFAULT);
	while_parked(parked.fd);
	EQUAL(ioctl(uffd, UFFDIO_ZEROPAGE, &zero), 0);
	pthread_join(thread, NULL);
	EQUAL(parked.got, 1);
	close(uffd);
	close(parked.fd);
	munmap(page, PAGE);
}

/* --- what others see of the mapping */

/* As smaps shows them: dd do not dump, de do not expand. */
static void flags(void)
{
	static char text[1 << 20];
	int fd = dev_open("map");
	char start[32], *at;
	u8 *map;

	test("smaps shows that the mapping neither dumps nor grows");
	EQUAL(map_set(fd, PAGE, ""), 0);
	map = map_shared(fd, 1);
	map[0] = 1;
	CHECK(file_read("/proc/self/smaps", text, sizeof(text)));
	snprintf(start, sizeof(start), "%lx-", (unsigned long)map);
	at = strstr(text, start);
	if (CHECK(at)) {
		char *name = strstr(at, "/dev/mmkit/map");
		char *shown = strstr(at, "VmFlags:");

		CHECK(name && name < strchr(at, '\n'));
		*strchr(shown, '\n') = '\0';
		CHECK(strstr(shown, " dd"));
		CHECK(strstr(shown, " de"));
		CHECK(strstr(shown, " sh"));
		CHECK(!strstr(shown, " pf"));
		EQUAL(strtol(strstr(at, "Rss:") + 4, NULL, 10), 4);
	}
	munmap(map, PAGE);
	close(fd);
}

/* --- written through O_DIRECT */

static void direct(void)
{
	int fd = dev_open("map");
	u8 *map;
	int file;

	test("O_DIRECT writes from and reads into the mapping");
	/* The swap disk of this boot; its swap is not needed any more. */
	swapoff("/dev/vda");
	file = open("/dev/vda", O_RDWR | O_DIRECT);
	if (!CHECK(file >= 0))
		return;
	EQUAL(map_set(fd, 2 * PAGE, ""), 0);
	map = map_shared(fd, 2);
	memset(map, 0x5a, PAGE);
	EQUAL(pwrite(file, map, PAGE, 0), PAGE);
	EQUAL(pread(file, map + PAGE, PAGE, 0), PAGE);
	EQUAL(memcmp(map, map + PAGE, PAGE), 0);
	munmap(map, 2 * PAGE);
	close(file);
	close(fd);
}

int main(void)
{
	touch_and_resize();
	map_and_resize();
	fork_and_touch();
	show_and_close();
	parked_copy();
	flags();
	direct();
	return tap_end();
}
