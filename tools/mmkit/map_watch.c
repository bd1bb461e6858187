// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmkit map watch: the faults of another process as they happen. A session is an
 * open file, and the ring is mapped from it: so this takes a copy of the other
 * process's file, by pidfd_getfd(), and reads from there.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "map_pager.h"
#include "out.h"

#define DEVICE	"/dev/mmkit/map"

static const struct reason reasons[] = {
	{ ESRCH, "there is no such process", "ps shows them", EXIT_FAILED },
	{ EPERM, "that process is not this user's to look into",
	  "as root", EXIT_FAILED },
	{ EACCES, "that process is not this user's to look into",
	  "as root", EXIT_FAILED },
	{ ENOENT, "that process has no session of " DEVICE " open",
	  "mmkit map run --hold keeps one open", EXIT_FAILED },
	{ ENOSYS, "this kernel has no pidfd_getfd()", "a kernel from 5.6 on",
	  EXIT_ABSENT },
	{ 0 },
};

/* The number of its first descriptor of the device. */
static int find_fd(const char *pid)
{
	char path[64], link[4096];
	struct dirent *entry;
	ssize_t len;
	DIR *dir;
	int fd = -ENOENT;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? -ESRCH : -errno;
	while (fd < 0 && (entry = readdir(dir))) {
		len = readlinkat(dirfd(dir), entry->d_name, link,
				 sizeof(link) - 1);
		if (len < 0)
			continue;
		link[len] = '\0';
		if (!strcmp(link, DEVICE))
			fd = atoi(entry->d_name);
	}
	closedir(dir);
	return fd;
}

static int take_fd(pid_t pid, int fd)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0), got;

	if (pidfd < 0)
		return -errno;
	got = syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	if (got < 0)
		got = -errno;
	close(pidfd);
	return got;
}

struct watch {
	const struct map_watch_opts *opts;
	struct cli *cli;
	struct mmkit_events *events;
	struct json_object *arr;
	uint64_t seen;
	uint64_t lost;
	uint64_t from;
};

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

static void take(struct watch *w, const struct mmkit_event *event)
{
	if (!w->seen++)
		w->from = event->ns;
	if (w->cli->opt.json)
		json_object_array_add(w->arr, event_json(event));
	else
		event_show(event, w->from);
}

/* What was lost is said where it was lost, as near as one can tell. */
static void tell_lost(struct watch *w)
{
	uint64_t lost = mmkit_events_lost(w->events);

	if (lost != w->lost && !w->cli->opt.json)
		out_line("... %llu lost",
			 (unsigned long long)(lost - w->lost));
	w->lost = lost;
}

static bool enough(const struct watch *w)
{
	return w->opts->count && w->seen >= w->opts->count;
}

static void follow(struct watch *w)
{
	uint64_t end = now_ms() + w->opts->seconds * 1000ull;
	const struct timespec pause = { .tv_nsec = 20000000 };
	struct mmkit_event event;

	while (!interrupted() && !enough(w)) {
		bool last = w->opts->seconds && now_ms() >= end;

		while (!enough(w) && mmkit_events_read(w->events, &event, 1))
			take(w, &event);
		tell_lost(w);
		fflush(stdout);
		if (last)
			break;
		nanosleep(&pause, NULL);
	}
}

static void show_watch(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("%llu events, %llu lost",
		 (unsigned long long)j_get_u64(obj, "recorded"),
		 (unsigned long long)j_get_u64(obj, "lost"));
}

static int watch_fd(struct cli *cli, const struct map_watch_opts *opts, int fd,
		    pid_t pid)
{
	struct watch w = { .opts = opts, .cli = cli, .arr = j_arr() };
	struct json_object *obj;
	int err = mmkit_events_open(fd, opts->room, &w.events);

	if (err) {
		json_object_put(w.arr);
		return events_failed(cli, err);
	}
	if (!cli->opt.json)
		event_head();
	interrupt_catch();
	follow(&w);
	interrupt_forget();
	mmkit_events_close(w.events);
	obj = j_obj();
	j_num(obj, "pid", pid);
	j_u64(obj, "recorded", w.seen);
	j_u64(obj, "lost", w.lost);
	j_add(obj, "records", w.arr);
	return result(cli, obj, show_watch);
}

int map_watch_run(struct cli *cli, void *data, int argc, char **argv)
{
	uint64_t pid;
	int fd, status;

	(void)argc;
	if (parse_u64(argv[0], INT32_MAX, &pid) || !pid)
		return usage(cli, "%s is no process's number", argv[0]);
	fd = find_fd(argv[0]);
	if (fd >= 0)
		fd = take_fd(pid, fd);
	if (fd < 0)
		return explain(cli, reasons, fd, "finding the session");
	status = watch_fd(cli, data, fd, pid);
	close(fd);
	return status;
}
