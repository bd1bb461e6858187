// SPDX-License-Identifier: GPL-2.0-only
/* A program's sessions and mappings, and what the values of its calls mean here. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>
#include "fuzz.h"

void machine_begin(struct machine *m)
{
	memset(m, 0, sizeof(*m));
	memset(m->fd, -1, sizeof(m->fd));
	m->perf = -1;
	m->pipe[0] = -1;
	m->pipe[1] = -1;
}

void machine_end(struct machine *m)
{
	u32 i, j;

	for (i = 0; i < MAPS; i++)
		if (m->map[i].at)
			munmap(m->map[i].at, m->map[i].pages * PAGE);
	for (i = 0; i < AREAS; i++)
		for (j = 0; j < SLOTS; j++)
			if (m->fd[i][j] >= 0)
				close(m->fd[i][j]);
	if (m->perf >= 0)
		close(m->perf);
	/* What is held outlives the mappings. */
	machine_let_go(m);
	if (m->traced)
		op_trace(m, 0, (u64[]){ TRACE_OFF, 0 });
}

static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;

/* Opened when it is first used: the end that is written to. */
int machine_pipe(struct machine *m)
{
	int err = 0, fd;

	pthread_mutex_lock(&opening);
	if (m->pipe[1] < 0 && pipe2(m->pipe, O_CLOEXEC | O_NONBLOCK))
		err = -errno;
	fd = m->pipe[1];
	pthread_mutex_unlock(&opening);
	return err ?: fd;
}

void machine_let_go(struct machine *m)
{
	u32 i;

	pthread_mutex_lock(&opening);
	for (i = 0; i < 2; i++) {
		if (m->pipe[i] >= 0)
			close(m->pipe[i]);
		m->pipe[i] = -1;
	}
	pthread_mutex_unlock(&opening);
}

/* Opened when it is first used, by one of two threads. */
int machine_fd(struct machine *m, enum area area, unsigned int slot)
{
	char path[32];
	int fd;

	pthread_mutex_lock(&opening);
	if (m->fd[area][slot] < 0) {
		snprintf(path, sizeof(path), "/dev/mmkit/%s", area_names[area]);
		m->fd[area][slot] = open(path, O_RDWR | O_CLOEXEC);
	}
	fd = m->fd[area][slot];
	pthread_mutex_unlock(&opening);
	return fd;
}

static int info_fd = -1;

int info_open(void)
{
	if (info_fd < 0)
		info_fd = open("/dev/mmkit/info", O_RDWR | O_CLOEXEC);
	return info_fd;
}

void info_close(void)
{
	if (info_fd >= 0)
		close(info_fd);
	info_fd = -1;
}

static s64 pid_of(u64 v)
{
	switch (v) {
	case 1: return getpid();
	case 2: return 1;
	case 3: return getppid();
	case 4: return -1;
	case 5: return 4194303;
	case 6: return 2;	/* a kernel thread */
	}
	return 0;
}

/* What is sent for a value that only this machine can tell. */
u64 meaning(struct machine *m, unsigned int slot, const struct field *field,
	    u64 v)
{
	switch (field->kind) {
	case ARRAY: return (uintptr_t)place_of(m, v);
	case FD: return own_fd(m, slot, v);
	case PID: return pid_of(v);
	case ADDRESS: return own_address(m, v);
	case CARVEOUT: return carveout(v);
	case SYMBOL: return symbol_for(field->name, v);
	}
	return v;
}

void put(struct machine *m, unsigned int slot, const struct field *field,
	 u64 v, u8 *at)
{
	char name[33];
	u32 i;

	if (field->kind == NAME) {
		memcpy(at, name_of(field->max, v, name), field->width);
		return;
	}
	v = meaning(m, slot, field, v);
	if (field->kind == FILL)
		for (i = 0; i < field->width; i += 4)
			memcpy(at + i, &v, 4);
	else
		memcpy(at, &v, field->width);
}
