// SPDX-License-Identifier: GPL-2.0-only
/* Touching pages of a mapping, and surviving the signal when one is not there. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "touch.h"

#define MAX_THREADS	256

/*
 * A signal handler has no argument to carry a context in, so where to return to
 * is a variable, one per thread.
 */
static __thread sigjmp_buf escape;
static __thread siginfo_t caught;

static void on_signal(int signo, siginfo_t *info, void *context)
{
	(void)context;
	caught = *info;
	siglongjmp(escape, signo);
}

static void catch_signals(struct sigaction *bus, struct sigaction *segv)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO };

	action.sa_sigaction = on_signal;
	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, bus);
	sigaction(SIGSEGV, &action, segv);
}

/* 0, or the signal that it raised. */
static int touch_one(volatile uint8_t *at, bool write)
{
	int signo = sigsetjmp(escape, 1);

	if (signo)
		return signo;
	if (write)
		*at = 0x5a;
	else
		(void)*at;
	return 0;
}

/* 0, or the signal that @fn raised, with what the kernel says of it in @seen. */
int touch_trap(void (*fn)(void *data), void *data, siginfo_t *seen)
{
	struct sigaction bus, segv;
	int signo;

	catch_signals(&bus, &segv);
	signo = sigsetjmp(escape, 1);
	if (!signo)
		fn(data);
	sigaction(SIGBUS, &bus, NULL);
	sigaction(SIGSEGV, &segv, NULL);
	*seen = caught;
	return signo;
}

const char *touch_code_name(int signo, int code)
{
	static const char *const bus[] = {
		[BUS_ADRALN] = "BUS_ADRALN",
		[BUS_ADRERR] = "BUS_ADRERR",
		[BUS_OBJERR] = "BUS_OBJERR",
		[BUS_MCEERR_AR] = "BUS_MCEERR_AR",
	};

	if (signo == SIGBUS && code > 0 && (size_t)code < ARRAY_SIZE(bus))
		return bus[code];
	if (signo == SIGSEGV && code == SEGV_MAPERR)
		return "SEGV_MAPERR";
	return signo == SIGSEGV && code == SEGV_ACCERR ? "SEGV_ACCERR" : NULL;
}

static int add_every(struct touch_set *set, size_t pages, size_t step)
{
	size_t i;

	set->pages = calloc(pages ? pages : 1, sizeof(*set->pages));
	if (!set->pages)
		return -ENOMEM;
	for (i = 0; i < pages; i += step)
		set->pages[set->nr++] = i;
	return 0;
}

static int ascending(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Different pages, the same ones in every run. */
static int add_random(struct touch_set *set, size_t pages, size_t want)
{
	unsigned short seed[3] = { 1, 2, 3 };
	size_t i, j, swap;
	int err = add_every(set, pages, 1);

	if (err)
		return err;
	if (want > pages)
		want = pages;
	for (i = 0; i < want; i++) {
		j = i + nrand48(seed) % (pages - i);
		swap = set->pages[i];
		set->pages[i] = set->pages[j];
		set->pages[j] = swap;
	}
	set->nr = want;
	qsort(set->pages, want, sizeof(*set->pages), ascending);
	return 0;
}

/* all, none, first, every:N or random:N. -EINVAL for anything else. */
int touch_set_parse(struct touch_set *set, const char *pattern, size_t pages)
{
	const char *colon = strchr(pattern, ':');
	uint64_t n = 0;

	memset(set, 0, sizeof(*set));
	if (!strcmp(pattern, "all"))
		return add_every(set, pages, 1);
	if (!strcmp(pattern, "none"))
		return 0;
	if (!strcmp(pattern, "first"))
		return add_every(set, pages ? 1 : 0, 1);
	if (!colon || parse_u64(colon + 1, SIZE_MAX, &n) || !n)
		return -EINVAL;
	if (!strncmp(pattern, "every:", 6))
		return add_every(set, pages, n);
	if (!strncmp(pattern, "random:", 7))
		return add_random(set, pages, n);
	return -EINVAL;
}

void touch_set_free(struct touch_set *set)
{
	free(set->pages);
}

struct worker {
	pthread_t thread;
	uint8_t *addr;
	const size_t *pages;
	size_t nr;
	bool write;
	struct touched out;
};

static void *work(void *data)
{
	size_t size = sysconf(_SC_PAGESIZE), i;
	struct worker *w = data;
	int signo;

	for (i = 0; i < w->nr && !interrupted(); i++) {
		signo = touch_one(w->addr + w->pages[i] * size, w->write);
		if (!signo) {
			w->out.done++;
			continue;
		}
		w->out.signals++;
		w->out.signo = signo;
		w->out.code = caught.si_code;
		w->out.page = w->pages[i];
	}
	return NULL;
}

static void add_up(struct touched *sum, const struct touched *part)
{
	sum->done += part->done;
	sum->signals += part->signals;
	if (!part->signals)
		return;
	sum->signo = part->signo;
	sum->code = part->code;
	sum->page = part->page;
}

static int run_workers(struct worker *workers, unsigned int nr,
		       struct touched *out)
{
	unsigned int started, i;
	int err = 0;

	for (started = 0; started < nr; started++) {
		err = pthread_create(&workers[started].thread, NULL, work,
				     &workers[started]);
		if (err)
			break;
	}
	for (i = 0; i < started; i++) {
		pthread_join(workers[i].thread, NULL);
		add_up(out, &workers[i].out);
	}
	return -err;
}

/* Touches the pages of @set, each thread its own share of them. */
int touch_pages(void *addr, const struct touch_set *set, bool write,
		unsigned int threads, struct touched *out)
{
	struct worker workers[MAX_THREADS];
	struct sigaction bus, segv;
	size_t from, to;
	unsigned int i;
	int err = 0;

	memset(out, 0, sizeof(*out));
	memset(workers, 0, sizeof(workers));
	if (threads < 1 || threads > MAX_THREADS)
		return -EINVAL;
	for (i = 0; i < threads; i++) {
		from = set->nr * i / threads;
		to = set->nr * (i + 1) / threads;
		workers[i].addr = addr;
		workers[i].pages = set->pages + from;
		workers[i].nr = to - from;
		workers[i].write = write;
	}
	catch_signals(&bus, &segv);
	if (threads == 1) {
		work(&workers[0]);
		add_up(out, &workers[0].out);
	} else {
		err = run_workers(workers, threads, out);
	}
	sigaction(SIGBUS, &bus, NULL);
	sigaction(SIGSEGV, &segv, NULL);
	return err;
}
