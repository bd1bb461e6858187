// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parent of a lab: it starts the lab's process, hears what it says, and puts
 * back what it changed, however it ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run.h"

/* A lab takes seconds; on a kernel with every checker on, some minutes. */
#define HUNG_SECONDS	300
#define POLL_MS		500

const struct lab *lab_find(const char *name)
{
	const struct lab *const *lab;

	for (lab = all_labs; *lab; lab++)
		if (!strcmp((*lab)->name, name))
			return *lab;
	return NULL;
}

/*
 * On two nodes and more, NUMA balancing unmaps pages to see who uses them, and
 * moves them there: faults and page frames that are not the lab's doing. It
 * leaves alone who has a policy of its own, and this one is where pages come from
 * without any. ENOSYS: no NUMA, no balancing.
 */
static void keep_off_balancing(void)
{
	syscall(SYS_set_mempolicy, MPOL_LOCAL, NULL, 0);
}

static void __attribute__((noreturn)) be_lab(struct lab_run *run)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	keep_off_balancing();
	lab_prepare(run);
	run->lab->run(run);
	_exit(0);
}

struct ear {
	int fd;
	event_fn fn;
	void *data;
	size_t have;
	char text[16384];
};

/* Each whole line is an event; the torn last one of a dead lab is none. */
static void take_lines(struct ear *ear)
{
	struct json_object *event;
	char *line = ear->text, *end;

	while ((end = memchr(line, '\n', ear->text + ear->have - line))) {
		*end = '\0';
		event = json_tokener_parse(line);
		if (event)
			ear->fn(ear->data, event);
		json_object_put(event);
		line = end + 1;
	}
	ear->have -= line - ear->text;
	memmove(ear->text, line, ear->have);
}

/* False at the end: the lab and all that it forked have closed their side. */
static bool hear(struct ear *ear)
{
	struct pollfd poll_fd = { .fd = ear->fd, .events = POLLIN };
	ssize_t got;

	if (poll(&poll_fd, 1, POLL_MS) <= 0)
		return true;
	got = read(ear->fd, ear->text + ear->have,
		   sizeof(ear->text) - ear->have);
	if (got <= 0)
		return got < 0 && errno == EINTR;
	ear->have += got;
	take_lines(ear);
	return true;
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* What the lab forked dies with it, and becomes ours to wait for. */
static int reap(pid_t pid)
{
	int status = 0, other;
	pid_t got;

	kill(pid, SIGKILL);
	while ((got = waitpid(-1, &other, 0)) > 0 || (got < 0 && errno == EINTR))
		if (got == pid)
			status = other;
	return status;
}

static void say_stop(struct ear *ear, const char *fmt, const char *what)
{
	struct json_object *event = j_obj();
	char text[80];

	snprintf(text, sizeof(text), fmt, what);
	j_str(event, "kind", "stop");
	j_str(event, "text", text);
	ear->fn(ear->data, event);
	json_object_put(event);
}

static void say_end(struct ear *ear, int status, bool late)
{
	const char *name;

	if (interrupted()) {
		say_stop(ear, "%s", "interrupted by a signal");
	} else if (late) {
		say_stop(ear, "%s", "it did not end");
	} else if (WIFSIGNALED(status)) {
		name = sigabbrev_np(WTERMSIG(status));
		say_stop(ear, "it was killed by SIG%s", name ? name : "?");
	}
}

static void attend(struct ear *ear, struct lab_run *run, pid_t pid)
{
	time_t begin = seconds();
	unsigned int left;
	bool late = false;
	int status;

	while (!interrupted() && !late && hear(ear))
		late = seconds() - begin > HUNG_SECONDS;
	status = reap(pid);
	say_end(ear, status, late);
	left = undo_all(run->undo);
	if (left)
		say_stop(ear, "%s", "a setting that it changed could not be put back");
}

static pid_t fork_lab(struct lab_run *run, int *from)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -1;
	fflush(NULL);
	run->out = fds[1];
	pid = fork();
	if (!pid) {
		close(fds[0]);
		be_lab(run);
	}
	close(fds[1]);
	*from = fds[0];
	return pid;
}

/* Who is told to end ends the lab, and still puts back what it changed. */
static void catch_signals(struct sigaction *term)
{
	struct sigaction action;

	interrupt_catch();
	sigaction(SIGINT, NULL, &action);
	sigaction(SIGTERM, &action, term);
}

/* Runs a lab to its end and everything put back; 0, or -errno when it never began. */
int lab_start(const struct lab *lab, bool selftest, event_fn fn, void *data)
{
	struct lab_run run = { .lab = lab, .selftest = selftest };
	struct ear *ear = calloc(1, sizeof(*ear));
	struct sigaction term;
	int err = -ENOMEM;
	pid_t pid;

	run.undo = mmap(NULL, sizeof(*run.undo), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!ear || run.undo == MAP_FAILED)
		goto out;
	ear->fn = fn;
	ear->data = data;
	catch_signals(&term);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = fork_lab(&run, &ear->fd);
	err = pid < 0 ? -errno : 0;
	if (!err) {
		attend(ear, &run, pid);
		close(ear->fd);
	}
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	sigaction(SIGTERM, &term, NULL);
	munmap(run.undo, sizeof(*run.undo));
out:
	free(ear);
	return err;
}
