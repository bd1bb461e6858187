// SPDX-License-Identifier: GPL-2.0-only
/* The event ring of /dev/mmkit/map. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <mmkit.h>

#include "internal.h"

struct mmkit_events {
	int fd;
	uint32_t nr;
	uint64_t bytes;
	struct mmkit_events_reader *reader;
	const struct mmkit_events_writer *writer;
};

static int map_ring(struct mmkit_events *events, uint64_t offset)
{
	size_t page = sysconf(_SC_PAGESIZE);
	void *reader, *writer;

	reader = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED,
		      events->fd, offset);
	if (reader == MAP_FAILED)
		return -errno;
	writer = mmap(NULL, events->bytes - page, PROT_READ, MAP_SHARED,
		      events->fd, offset + page);
	if (writer == MAP_FAILED) {
		int err = -errno;

		munmap(reader, page);
		return err;
	}
	events->reader = reader;
	events->writer = writer;
	return 0;
}

/**
 * mmkit_events_open() - have a session's events recorded
 * @fd: session of "map", open for reading and writing
 * @nr: records to make room for, a power of two
 * @events: out; for mmkit_events_close()
 *
 * Return: 0, -EINVAL @nr, -EBUSY somebody reads them already, -EDQUOT, -ENOMEM,
 * -EINTR, -EACCES @fd is open for reading only.
 */
int mmkit_events_open(int fd, uint32_t nr, struct mmkit_events **events)
{
	struct mmkit_map_events req = { .size = sizeof(req), .nr = nr };
	int err;

	*events = calloc(1, sizeof(**events));
	if (!*events)
		return -ENOMEM;
	err = lib_ioctl(fd, MMKIT_MAP_EVENTS, &req);
	if (err) {
		free(*events);
		return err;
	}
	(*events)->fd = fd;
	(*events)->nr = nr;
	(*events)->bytes = req.bytes;
	err = map_ring(*events, req.offset);
	if (err) {
		req.nr = 0;
		lib_ioctl(fd, MMKIT_MAP_EVENTS, &req);
		free(*events);
	}
	return err;
}

/**
 * mmkit_events_read() - take events that have been recorded
 * @events: from mmkit_events_open(), for one reader at a time
 * @out: room for @nr
 * @nr: how many at most
 *
 * Return: how many there were; does not wait.
 */
size_t mmkit_events_read(struct mmkit_events *events, struct mmkit_event *out,
			 size_t nr)
{
	const struct mmkit_event *ring =
		(const void *)((const char *)events->writer +
			       sysconf(_SC_PAGESIZE));
	uint32_t head = __atomic_load_n(&events->writer->head, __ATOMIC_ACQUIRE);
	uint32_t tail = events->reader->tail;
	size_t done = 0;

	while (done < nr && tail != head)
		out[done++] = ring[tail++ & (events->nr - 1)];
	/* What was copied may be overwritten from here on. */
	__atomic_store_n(&events->reader->tail, tail, __ATOMIC_RELEASE);
	return done;
}

/**
 * mmkit_events_lost() - events for which there was no room so far
 * @events: from mmkit_events_open()
 *
 * Return: how many.
 */
uint64_t mmkit_events_lost(const struct mmkit_events *events)
{
	uint64_t lost, again;

	/* Two words for a 32-bit program, which may be read apart. */
	do {
		lost = __atomic_load_n(&events->writer->lost, __ATOMIC_RELAXED);
		again = __atomic_load_n(&events->writer->lost,
					__ATOMIC_RELAXED);
	} while (lost != again);
	return lost;
}

/**
 * mmkit_events_close() - stop recording
 * @events: from mmkit_events_open(), or NULL
 */
void mmkit_events_close(struct mmkit_events *events)
{
	struct mmkit_map_events req = { .size = sizeof(req) };
	size_t page = sysconf(_SC_PAGESIZE);

	if (!events)
		return;
	lib_ioctl(events->fd, MMKIT_MAP_EVENTS, &req);
	munmap(events->reader, page);
	munmap((void *)events->writer, events->bytes - page);
	free(events);
}
