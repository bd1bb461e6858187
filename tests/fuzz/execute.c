// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a program: call after call, but for those that a second thread runs beside
 * the next ones.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "fuzz.h"

static __thread int nth_fd = -2;

/* The nth allocation or copy of this thread from here on fails; 0: none. */
void fail_nth(u32 nth)
{
	char text[12];

	if (nth_fd == -2)
		nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth_fd >= 0)
		pwrite(nth_fd, text, snprintf(text, sizeof(text), "%u", nth), 0);
}

/* How many of nth are still to come. */
u32 fail_left(void)
{
	char text[12] = "";

	if (nth_fd < 0 || pread(nth_fd, text, sizeof(text) - 1, 0) < 0)
		return 0;
	return strtoul(text, NULL, 10);
}

static enum area area_of(const struct command *command)
{
	enum area area;

	for (area = 0; strcmp(area_names[area], command->area); area++)
		;
	return area;
}

static u64 resolved(const struct machine *m, const struct value *v)
{
	return v->ref ? m->made[v->ref - 1] : v->v;
}

/* --- what comes out */

static char leak[160];

/* Of a struct that was not zeroed: by page_poison=1, slub_debug=P. */
static bool is_poison(u64 v)
{
	return v == 0x6b6b6b6b6b6b6b6b || v == 0x5a5a5a5a5a5a5a5a ||
	       v == 0xaaaaaaaaaaaaaaaa;
}

/* Of memory and what vmalloc() maps, or of the kernel and its modules; not two -1. */
static bool is_address(u64 v)
{
	u32 high = v >> 32, low = v;

	return (high >= 0xffff8000 && high < 0xfffff000) ||
	       (high == 0xffffffff && low >= 0x80000000 && low < 0xff000000);
}

static bool is_value(const struct machine *m, const struct call *call, u64 v)
{
	const struct command *command = &commands[call->command];
	u32 i;

	for (i = 0; i < command->nr; i++)
		if (call->v[i].v == v || own_address(m, call->v[i].v) == v)
			return true;
	return false;
}

/* Also two numbers of 32 bits, side by side. */
static bool was_sent(const struct machine *m, const struct call *call, u64 v)
{
	return is_value(m, call, v) ||
	       (is_value(m, call, v >> 32) && is_value(m, call, (u32)v));
}

static void look_at(const struct machine *m, const struct call *call,
		    const void *answer, size_t bytes)
{
	const u64 *v = answer;
	size_t i;

	for (i = 0; i < bytes / 8; i++)
		if ((is_address(v[i]) || is_poison(v[i])) &&
		    !was_sent(m, call, v[i]) && !leak[0])
			snprintf(leak, sizeof(leak),
				 "leaked: %s answers with %#llx at %zu",
				 commands[call->command].name,
				 (unsigned long long)v[i], 8 * i);
}

/* The sandbox of memblock computes with any number. */
static void check_answer(const struct machine *m, const struct call *call,
			 const void *answer)
{
	const struct command *command = &commands[call->command];

	if (!strcmp(command->area, "memblock"))
		return;
	look_at(m, call, answer, command->size);
	look_at(m, call, place_of(m, GOOD), PAGE);
}

const char *execute_leak(void)
{
	return leak[0] ? leak : NULL;
}

struct sent {
	int fd;
	u32 cmd;
	void *arg;
	u32 fail;
};

static int do_ioctl(void *data)
{
	const struct sent *sent = data;
	int err;

	fail_nth(sent->fail);
	err = ioctl(sent->fd, sent->cmd, sent->arg) ? errno : 0;
	if (sent->fail)
		fail_nth(0);
	return err;
}

/* Its own fail-nth is another file, which is gone with it. */
static int do_killed_ioctl(void *data)
{
	nth_fd = -2;
	return do_ioctl(data);
}

static int send_struct(struct machine *m, const struct call *call, void *arg)
{
	const struct command *command = &commands[call->command];
	struct sent sent = {
		.fd = machine_fd(m, area_of(command), call->slot),
		.cmd = command->cmd, .arg = arg, .fail = call->fail,
	};
	int own = nth_fd, err;

	if (!call->killed)
		return do_ioctl(&sent);
	err = in_killed_child(do_killed_ioctl, &sent, call->killed);
	nth_fd = own;
	return err;
}

static int send_command(struct machine *m, const struct call *call, u32 at)
{
	const struct command *command = &commands[call->command];
	static __thread u8 buffer[2 * PAGE] __attribute__((aligned(PAGE)));
	void *arg = buffer;
	u32 i;
	int err;

	memset(buffer, 0, sizeof(buffer));
	*(u32 *)buffer = call->size ?: command->size;
	room_clear();
	for (i = 0; i < command->nr; i++)
		put(m, call->slot, &command->fields[i],
		    resolved(m, &call->v[i]), buffer + command->fields[i].at);
	if (call->place != GOOD) {
		arg = place_of(m, call->place);
		place_copy(arg, buffer, command->size);
	}
	err = send_struct(m, call, arg);
	if (!err && arg == buffer)
		check_answer(m, call, buffer);
	if (!err && command->makes && arg == buffer)
		m->made[at] = *(u32 *)(buffer + command->made_at);
	return err;
}

/* Modules are the worker's own affair. */
static bool is_reload(const struct call *call)
{
	return commands[call->command].run == op_reload;
}

static int do_other(struct machine *m, const struct call *call)
{
	const struct command *command = &commands[call->command];
	u64 v[FIELDS_MAX];
	long err;
	u32 i;

	for (i = 0; i < command->nr; i++)
		v[i] = meaning(m, call->slot, &command->fields[i],
			       resolved(m, &call->v[i]));
	/*
	 * A kernel that cannot allocate for tracing complains of itself; modules have
	 * their own way.
	 */
	if (call->fail && command->run != op_fork && command->run != op_trace &&
	    !is_reload(call))
		fail_nth(call->fail);
	err = command->run(m, call->slot, v);
	if (call->fail)
		fail_nth(0);
	return err < 0 ? -err : 0;
}

u64 now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ull + now.tv_nsec / 1000;
}

static void run_call(const struct program *p, struct machine *m, u32 at)
{
	const struct call *call = &p->call[at];
	u64 begun = now_us();

	if (call->nobody && !is_reload(call))
		be_nobody(true);
	m->err[at] = commands[call->command].run ? do_other(m, call) :
						   send_command(m, call, at);
	if (call->nobody && !is_reload(call))
		be_nobody(false);
	m->us[at] = now_us() - begun;
}

/* --- the second thread */

static struct {
	sem_t go, done;
	const struct program *program;
	struct machine *machine;
	u32 at;
	u32 fresh;
	bool busy;
} second;

static void *beside(void *unused)
{
	(void)unused;
	cover_thread();
	for (;;) {
		while (sem_wait(&second.go))
			;
		cover_start();
		run_call(second.program, second.machine, second.at);
		second.fresh += cover_stop();
		sem_post(&second.done);
	}
	return NULL;
}

static void wait_second(void)
{
	if (!second.busy)
		return;
	while (sem_wait(&second.done))
		;
	second.busy = false;
}

static void start_second(const struct program *p, struct machine *m, u32 at)
{
	static bool begun;
	pthread_t thread;

	if (!begun) {
		sem_init(&second.go, 0, 0);
		sem_init(&second.done, 0, 0);
		begun = !pthread_create(&thread, NULL, beside, NULL);
	}
	second.program = p;
	second.machine = m;
	second.at = at;
	second.busy = true;
	sem_post(&second.go);
}

static u32 fresh;

void execute_flush(void)
{
	fresh += cover_stop();
	cover_start();
}

/* Where code lies is not for two threads to change. */
static bool is_beside(const struct call *call)
{
	return call->beside && !is_reload(call);
}

void execute(const struct program *p, struct machine *m)
{
	u64 begun;
	u32 i;

	second.fresh = 0;
	fresh = 0;
	cover_start();
	machine_begin(m);
	for (i = 0; i < p->nr; i++) {
		if (is_beside(&p->call[i])) {
			wait_second();
			start_second(p, m, i);
			continue;
		}
		if (is_reload(&p->call[i]))
			wait_second();
		run_call(p, m, i);
		/* A trace has an end, and some calls come near to it. */
		execute_flush();
	}
	wait_second();
	begun = now_us();
	machine_end(m);
	m->us_end = now_us() - begun;
	fresh += cover_stop() + second.fresh;
}

u32 execute_new(void)
{
	return fresh;
}
