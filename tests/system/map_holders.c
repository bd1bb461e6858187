// SPDX-License-Identifier: GPL-2.0-only
/* Who holds a store: processes, files, the module; all at once too. By every strategy. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "map_ways.h"

static void forked(const struct way *w)
{
	u64 used = info().used_bytes;
	int fd = store(w, 5), go[2], up[2], status;
	u8 *map = map_shared(fd, 5);
	char byte = 0;
	pid_t pid;

	test("%s: bug 14, bug 15: a child has what its parent unmapped and closed",
	     w->is.name);
	mark(w, map, 0, 2, 3);
	EQUAL(pipe(go) | pipe(up), 0);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		EQUAL(map_get(fd).maps, 2);
		close(fd);
		EQUAL(write(up[1], &byte, 1), 1);
		EQUAL(read(go[0], &byte, 1), 1);
		marked(w, map, 0, 2, 3);
		EQUAL(touch_write(map + 4 * PAGE, 1), 0);
		_exit(0);
	}
	EQUAL(read(up[0], &byte, 1), 1);
	munmap(map, 5 * PAGE);
	close(fd);
	EQUAL(write(go[1], &byte, 1), 1);
	EQUAL(waitpid(pid, &status, 0), pid);
	EQUAL(status, 0);
	EQUAL(info().used_bytes, used);
	close(go[0]);
	close(go[1]);
	close(up[0]);
	close(up[1]);
}

static void unload(const struct way *w)
{
	int fd = store(w, 3);
	u8 *map = map_shared(fd, 3);

	test("%s: bug 17: the module stays while it is mapped, its file closed",
	     w->is.name);
	close(fd);
	EQUAL(syscall(SYS_delete_module, "mmkit_map", O_NONBLOCK) ? errno : 0,
	      EAGAIN);
	mark(w, map, 0, 3, 5);
	marked(w, map, 0, 3, 5);
	EQUAL(munmap(map, 3 * PAGE), 0);
}

/* --- at the same time */

/* What is cut off is sprayed by another session, which must stay alone in it. */
static void resize(struct map_race *race)
{
	int other = dev_open("map");
	u8 *map;
	u32 i, j;

	for (i = 0; i < 150; i++) {
		map_set(race->fd, i % N * PAGE, "");
		EQUAL(map_set(other, 64 * PAGE, "page"), 0);
		map = map_shared(other, 64);
		for (j = 0; j < 64; j++)
			race->wrong += map[j * PAGE + RACE_BYTE] != 0;
		munmap(map, 64 * PAGE);
		EQUAL(map_set(other, 0, ""), 0);
		map_set(race->fd, N * PAGE, "");
	}
	close(other);
}

static void race_beside(const struct way *w, const char *what,
			void *(*other)(void *arg))
{
	struct map_race race = { .fd = store(w, N), .pages = N };
	pthread_t thread;

	test("%s: bug 20: %s against resizing shows no other's page",
	     w->is.name, what);
	race.map = map_shared(race.fd, N);
	pthread_create(&thread, NULL, other, &race);
	map_race_await(&race);
	resize(&race);
	race.stop = true;
	pthread_join(thread, NULL);
	EQUAL(race.wrong, 0);
	drop(race.fd, race.map, N);
}

static void touch_beside(const struct way *w)
{
	race_beside(w, "touching", map_race_touch);
}

static void map_beside(const struct way *w)
{
	race_beside(w, "mapping", map_race_map);
}

struct closing {
	const struct way *w;
	atomic_bool stop;
	atomic_ulong rounds;
};

static void *unmap_and_map(void *arg)
{
	struct closing *closing = arg;

	while (!closing->stop) {
		int fd = store(closing->w, 3);
		u8 *map = map_shared(fd, 3);

		close(fd);
		map[0] = 1;
		munmap(map, 3 * PAGE);
		closing->rounds++;
	}
	return NULL;
}

static void close_and_unmap(const struct way *w)
{
	struct closing closing = { .w = w };
	u64 used = info().used_bytes;
	pthread_t thread;
	u32 i;

	test("%s: bug 16: close against munmap", w->is.name);
	if (!strcmp(w->is.backing, "carve-out")) {
		skip("one session at a time has the carve-out");
		return;
	}
	pthread_create(&thread, NULL, unmap_and_map, &closing);
	/* Until the other one has had its turn as well, whoever runs first. */
	for (i = 0; i < 100 || !closing.rounds; i++) {
		int fd = store(w, 3);
		u8 *map = map_shared(fd, 3);

		munmap(map + PAGE, PAGE);
		close(fd);
		munmap(map, 3 * PAGE);
	}
	closing.stop = true;
	pthread_join(thread, NULL);
	EQUAL(info().used_bytes, used);
}

static const way_test tests[] = {
	forked, unload, close_and_unmap, touch_beside, map_beside,
};

int main(int argc, char **argv)
{
	way_each(argc > 1 ? argv[1] : NULL, tests, ARRAY_SIZE(tests));
	return tap_end();
}
