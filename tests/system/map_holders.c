// SPDX-License-Identifier: GPL-2.0-only
/* Who holds a store: processes, files, the module; all at once too. By every strategy. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
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

#define ROUNDS	(5 * N)		/* each size that often */
#define MOMENTS	7
#define SPRAY	(2 * N)		/* pages, more than what was cut off */

/* What is cut off is sprayed by another session, which must stay alone in it. */
static u32 spray(int other)
{
	u32 i, wrong = 0;
	u8 *map;

	EQUAL(map_set(other, SPRAY * PAGE, "page"), 0);
	map = map_shared(other, SPRAY);
	for (i = 0; i < SPRAY; i++)
		wrong += map[i * PAGE + RACE_BYTE] != 0;
	munmap(map, SPRAY * PAGE);
	EQUAL(map_set(other, 0, ""), 0);
	return wrong;
}

static unsigned long turns(struct map_race *race)
{
	return race->seen + race->refused;
}

/* What the other one ends first may have begun before; the next has begun since. */
static void await_turn(struct map_race *race)
{
	unsigned long before = turns(race);

	while (turns(race) - before < 2)
		sched_yield();
}

/* The next thing that it does has begun, a moment ago that differs. */
static void await_begin(struct map_race *race, u32 moment)
{
	unsigned long before = race->begun;

	while (race->begun == before)
		sched_yield();
	while (moment--)
		sched_yield();
}

/* A fault or a mmap() that was under way has brought nothing back. */
static void look_behind(struct map_race *race, u32 from)
{
	u32 i;

	for (i = from; i < N; i++)
		race->wrong += !touch_read(race->map + i * PAGE);
	/* What the other one just mapped it touches before there is more. */
	await_turn(race);
}

static void resize(struct map_race *race)
{
	int other = dev_open("map");
	u32 i;

	for (i = 0; i < ROUNDS; i++) {
		u32 left = N - 1 - i % N;
		int err = map_set(race->fd, left * PAGE, "");

		race->left = left;
		atomic_fetch_add(&race->cut, !err);
		race->wrong += spray(other);
		if (!err)
			look_behind(race, left);
		atomic_fetch_add(&race->cut, !err);
		map_set(race->fd, N * PAGE, "");
		await_turn(race);
		await_begin(race, i % MOMENTS);
	}
	close(other);
}

static void race_beside(const struct way *w, const char *what,
			void *(*other)(void *arg))
{
	struct map_race race = {
		.fd = store(w, N), .pages = N, .first = N - 2,
	};
	pthread_t thread;

	test("%s: bug 20: %s", w->is.name, what);
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
	race_beside(w, "touching against resizing shows no page that is gone",
		    map_race_touch);
}

static void map_beside(const struct way *w)
{
	race_beside(w, "mapping against resizing shows no page that is gone",
		    map_race_map);
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
