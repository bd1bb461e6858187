/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Races of two: both sides of a pair wait at a gate and are let go at once, one of
 * them a moment later than the other. Round after round that moment is another one,
 * between so early that one side is done when the other begins and the opposite of
 * it; how long each side takes is seen as they go.
 *
 * Of what goes wrong seed and moment are printed, and both can be given.
 */
#ifndef _MMKIT_TEST_RACES_H
#define _MMKIT_TEST_RACES_H

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>
#include "lib.h"

enum { LEFT, RIGHT, SIDES };

/* What a pair races over: all but @round and @before is its own, and zero in the beginning. */
struct race {
	u64 round;
	struct mmkit_info before;	/* the first one */
	int fd;
	u8 *map;
	int got[SIDES];		/* 0 or -errno */
	u64 refused;		/* of what one side tried, by what the other did */
	bool wrong;		/* one side saw what must not be */
};

struct pair {
	const char *name;
	void (*setup)(struct race *race);
	void (*side[SIDES])(struct race *race);
	bool (*verify)(struct race *race);	/* and undo: the next round is like it */
	void (*end)(struct race *race);		/* after the last round */
};

/* How long it goes on, and where it starts. */
struct races {
	u64 rounds;
	double seconds;
	u64 seed;
	bool fixed;
	s64 moment;	/* if it is fixed: turns that RIGHT is later, or LEFT, if < 0 */
};

struct duel {
	const struct pair *pair;
	struct race race;
	bool quit;
	u64 delay[SIDES];	/* in turns of wait_turns() */
	double length[SIDES];	/* as well */
	atomic_bool called;	/* to the gate */
	atomic_bool ready;	/* RIGHT is there */
	atomic_bool go;
	atomic_bool off;	/* RIGHT runs, at this moment, on a CPU that does */
	atomic_bool ended[SIDES];
	bool late[SIDES];	/* the other one had ended when this one began */
	u64 overlapped;		/* rounds */
};

/* --- time: in turns of a loop, as no clock is read in so short a time */

static double turns_per_second;

static inline void wait_turns(u64 turns)
{
	/* Volatile, or it would be no wait. */
	volatile u64 left;

	for (left = turns; left; left--)
		;
}

/* What it does to a CPU of a VM is to let another one run. */
static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

static inline bool watch(atomic_bool *flag, u32 times)
{
	while (times && !atomic_load(flag)) {
		relax();
		times--;
	}
	return times;
}

/* At the gate itself, on the spot; whoever is waited for may need this CPU. */
static inline void meet(atomic_bool *flag)
{
	while (!watch(flag, 4096))
		sched_yield();
}

/* As long as it takes: the other CPU may need what this one runs on, in a VM. */
static inline void await(atomic_bool *flag)
{
	const struct timespec moment = { .tv_nsec = 20000 };

	while (!watch(flag, 2048))
		nanosleep(&moment, NULL);
}

static inline double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static inline void measure_turns(void)
{
	const u64 turns = 100000;
	double from, speed;
	int i;

	for (i = 0; i < 8; i++) {
		from = now();
		wait_turns(turns);
		speed = turns / (now() - from);
		if (speed > turns_per_second)
			turns_per_second = speed;
	}
}

/* --- a round */

/*
 * The shortest of late: a host that is busy makes it any number of times longer. It
 * creeps up, for sides that wait for each other more as the rounds go on.
 */
static inline void take_length(double *length, double took)
{
	*length = !*length || took < *length ? took : *length * 1.02;
}

static inline void run_side(struct duel *d, int side)
{
	double from;

	wait_turns(d->delay[side]);
	from = now();
	d->late[side] = atomic_load(&d->ended[!side]);
	d->pair->side[side](&d->race);
	atomic_store(&d->ended[side], true);
	take_length(&d->length[side], (now() - from) * turns_per_second);
}

static inline void *right_thread(void *arg)
{
	struct duel *d = arg;

	pin(1);
	for (;;) {
		await(&d->called);
		atomic_store(&d->called, false);
		if (d->quit)
			return NULL;
		atomic_store(&d->ready, true);
		meet(&d->go);
		atomic_store(&d->go, false);
		atomic_store(&d->off, true);
		run_side(d, RIGHT);
	}
}

/* After @delay was set. The pair's own work before and after is not timed. */
static inline bool run_round(struct duel *d)
{
	bool good;

	d->race.wrong = false;
	d->pair->setup(&d->race);
	atomic_store(&d->ended[LEFT], false);
	atomic_store(&d->ended[RIGHT], false);
	atomic_store(&d->called, true);
	meet(&d->ready);
	atomic_store(&d->ready, false);
	atomic_store(&d->go, true);
	meet(&d->off);
	atomic_store(&d->off, false);
	run_side(d, LEFT);
	await(&d->ended[RIGHT]);
	d->overlapped += !d->late[LEFT] && !d->late[RIGHT];
	/* What is looked at afterwards may be wrong as well. */
	good = d->pair->verify(&d->race);
	return CHECK(!d->race.wrong) && good;
}

/* --- the sweep */

/*
 * The golden ratio's multiples fill the range evenly, however many there are; the
 * seed says where they start.
 */
static inline s64 moment_of(const struct duel *d, const struct races *races)
{
	double at = (d->race.round + races->seed) * 0.6180339887498949;

	if (races->fixed)
		return races->moment;
	at -= (u64)at;
	return at * (d->length[LEFT] + d->length[RIGHT]) - d->length[RIGHT];
}

/* What the kernel complains of it marks itself with. */
static inline bool tainted(void)
{
	const long long modules = 1 << 0 | 1 << 12 | 1 << 13;
	static long long was = -1;
	static int fd = -1;
	long long is, before = was;
	char text[24] = "";

	if (fd < 0)
		fd = open("/proc/sys/kernel/tainted", O_RDONLY | O_CLOEXEC);
	if (pread(fd, text, sizeof(text) - 1, 0) <= 0)
		bail("/proc/sys/kernel/tainted: %s", strerror(errno));
	is = strtoll(text, NULL, 10) & ~modules;
	/* What one pair has done is not the next one's. */
	was = is;
	return before >= 0 && is != before;
}

static inline bool one_of_many(struct duel *d, const struct races *races)
{
	s64 moment = moment_of(d, races);

	d->delay[LEFT] = moment < 0 ? -moment : 0;
	d->delay[RIGHT] = moment > 0 ? moment : 0;
	if (run_round(d) && CHECK(!tainted()))
		return true;
	diag("in round %llu of seed %llu; again: races 1000 10 %s %llu %lld",
	     (unsigned long long)d->race.round,
	     (unsigned long long)races->seed, d->pair->name,
	     (unsigned long long)races->seed, (long long)moment);
	return false;
}

/* Until they have met, a race has not been run: that takes longer on a busy host. */
static inline bool more(const struct duel *d, const struct races *races,
			double began)
{
	u64 least = races->rounds < 4 ? races->rounds : 4;
	double spent = now() - began;

	if (d->race.round < least)
		return true;
	if (!d->overlapped)
		return spent < 20 + races->seconds;
	return d->race.round < races->rounds && spent < races->seconds;
}

/* So that the kernel's log says whose a complaint is, should all end with it. */
static inline void announce(const char *name, const struct races *races)
{
	char line[128];

	snprintf(line, sizeof(line), "races: %s seed %llu", name,
		 (unsigned long long)races->seed);
	file_write("/dev/kmsg", line);
}

static inline void run_pair(const struct pair *pair, const struct races *races)
{
	struct duel d = { .pair = pair, .race.before = info() };
	const struct mmkit_info *before = &d.race.before;
	double began = now();
	pthread_t thread;
	bool good = true;

	announce(pair->name, races);
	tainted();
	pthread_create(&thread, NULL, right_thread, &d);
	while (more(&d, races, began) && good) {
		good = one_of_many(&d, races);
		d.race.round += good;
	}
	d.quit = true;
	atomic_store(&d.called, true);
	pthread_join(thread, NULL);
	if (pair->end)
		pair->end(&d.race);
	EQUAL(info().used_bytes, before->used_bytes);
	EQUAL(info().used_handles, before->used_handles);
	EQUAL(info().sessions, before->sessions);
	if (good && !d.overlapped)
		skip("in %llu rounds no two CPUs ran at once",
		     (unsigned long long)d.race.round);
	printf("# %-22s seed %llu rounds %7llu at once %7llu refused %7llu, %.0f and %.0f us, %.0f s\n",
	       pair->name, (unsigned long long)races->seed,
	       (unsigned long long)d.race.round,
	       (unsigned long long)d.overlapped,
	       (unsigned long long)d.race.refused,
	       d.length[LEFT] / turns_per_second * 1e6,
	       d.length[RIGHT] / turns_per_second * 1e6, now() - began);
}

#endif
