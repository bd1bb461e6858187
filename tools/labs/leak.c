// SPDX-License-Identifier: GPL-2.0-only
/* Memory that nobody will ever free: who notices, on either side. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

#define OBJECTS	16
#define BYTES	1000
#define LOST	100

#define KMEMLEAK "/sys/kernel/debug/kmemleak"

/* Takes objects and ends: the program has forgotten them. */
static int64_t forget(struct lab_run *run, void *data)
{
	struct mmkit_heap_alloc req = {
		.api = MMKIT_HEAP_KMALLOC, .bytes = BYTES, .count = OBJECTS,
		.gfp = MMKIT_GFP_KERNEL, .node = -1,
	};
	int fd = lab_open(run, "heap"), err = mmkit_heap_alloc(fd, &req);

	(void)data;
	if (err)
		stop(run, "/dev/mmkit/heap gave no objects (%s)", errno_name(err));
	return getpid();
}

static struct mmkit_leak last_leak(struct lab_run *run, pid_t pid)
{
	struct mmkit_leak *leaks, leak = { 0 };
	int fd = lab_open(run, "info"), nr = mmkit_info_leaks(fd, &leaks), i;

	for (i = nr - 1; i >= 0; i--)
		if (leaks[i].pid == pid)
			leak = leaks[i];
	if (nr > 0)
		free(leaks);
	mmkit_close(fd);
	return leak;
}

static uint64_t used(struct lab_run *run)
{
	struct mmkit_info info = { 0 };
	int fd = lab_open(run, "info");

	if (mmkit_info_get(fd, &info))
		stop(run, "/dev/mmkit/info does not answer");
	mmkit_close(fd);
	return info.used_bytes;
}

/* A driver that knows who owns what can free it, and tell. */
static void session(struct lab_run *run)
{
	uint64_t before = used(run);
	pid_t pid = in_child(run, forget, NULL);
	struct mmkit_leak leak = last_leak(run, pid);

	tell(run, "A process took %d objects of %d bytes from /dev/mmkit/heap and ended.",
	     OBJECTS, BYTES);
	claim(run, "the session that it had opened knew what was left",
	      leak.handles, EQ, 1, "handles");
	claim(run, "of no less than these bytes", leak.bytes, GE,
	      OBJECTS * BYTES, "bytes");
	claim(run, "closing the file, which exit does, has freed all of it",
	      used(run), EQ, before, "bytes");
}

/* "==12== definitely lost: 100,000 bytes in 100 blocks" */
static bool parse_lost(const char *line, uint64_t *bytes, uint64_t *blocks)
{
	const char *at = strstr(line, "definitely lost: ");
	uint64_t numbers[2] = { 0, 0 };
	int i;

	if (!at)
		return false;
	at += strlen("definitely lost: ");
	for (i = 0; i < 2; i++) {
		for (; (*at >= '0' && *at <= '9') || *at == ','; at++)
			if (*at != ',')
				numbers[i] = 10 * numbers[i] + *at - '0';
		at += strcspn(at, "0123456789");
	}
	*bytes = numbers[0];
	*blocks = numbers[1];
	return true;
}

/* Ends with 127 where there is no valgrind. */
static pid_t start_valgrind(struct lab_run *run, FILE **log)
{
	char nr[16], to[32], self[256] = "";
	int fds[2];
	pid_t pid;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 || pipe(fds))
		stop(run, "pipe failed (%s)", errno_name(errno));
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	snprintf(nr, sizeof(nr), "%d", LOST);
	snprintf(to, sizeof(to), "--log-fd=%d", fds[1]);
	pid = fork();
	if (pid < 0)
		stop(run, "fork failed (%s)", errno_name(errno));
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execlp("valgrind", "valgrind", "--leak-check=full", to,
		       self, "--quiet", "lab", "lose", nr, NULL);
		_exit(127);
	}
	close(fds[1]);
	*log = fdopen(fds[0], "r");
	return pid;
}

/* A program that looks at every pointer of another, in user space. */
static void with_valgrind(struct lab_run *run)
{
	uint64_t bytes = 0, blocks = 0;
	bool found = false;
	char line[512];
	FILE *log;
	pid_t pid = start_valgrind(run, &log);
	int status;

	while (log && fgets(line, sizeof(line), log)) {
		detail(run, "%.*s", (int)strcspn(line, "\n"), line);
		found |= parse_lost(line, &bytes, &blocks);
	}
	if (log)
		fclose(log);
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
		tell(run, "valgrind would find them, by looking for pointers as kmemleak does. It is not installed here.");
		return;
	}
	if (!found)
		stop(run, "valgrind said nothing of what is lost (wait status %#x)",
		     status);
	tell(run, "valgrind runs a program that does so, and looks through its memory for pointers when it ends.");
	claim(run, "it finds each lost block", blocks, EQ, LOST, "blocks");
	claim(run, "of these bytes", bytes, EQ, LOST * LAB_LOST_BYTES, "bytes");
}

static void in_user_space(struct lab_run *run)
{
	struct mallinfo2 before = mallinfo2();

	lab_lose(LOST);
	tell(run, "A function calls malloc %d times and returns, without a pointer to any.",
	     LOST);
	claim(run, "malloc counts them as in use: it cannot know better",
	      mallinfo2().uordblks - before.uordblks, GE, LOST * LAB_LOST_BYTES,
	      "bytes");
	with_valgrind(run);
}

/* Memory that no pointer in memory points to, says the debug kernel's scan. */
static int64_t unreferenced(struct lab_run *run)
{
	FILE *file;
	char line[256];
	int64_t found = 0;

	write_text(run, KMEMLEAK, "scan");
	file = fopen(KMEMLEAK, "re");
	if (!file)
		stop(run, KMEMLEAK " cannot be read (%s)", errno_name(errno));
	while (fgets(line, sizeof(line), file))
		found += !strncmp(line, "unreferenced object", 19);
	fclose(file);
	return found;
}

static void in_the_kernel(struct lab_run *run)
{
	int64_t before;

	if (access(KMEMLEAK, F_OK)) {
		tell(run, "A debug kernel (CONFIG_DEBUG_KMEMLEAK) would look for kernel memory without a pointer to it.");
		return;
	}
	before = unreferenced(run);
	in_child(run, forget, NULL);
	tell(run, "kmemleak looks through all memory for pointers to what was allocated.");
	claim(run, "it finds nothing more: what a process forgets a driver need not",
	      unreferenced(run), LE, before, "unreferenced objects");
}

static void run_lab(struct lab_run *run)
{
	session(run);
	in_the_kernel(run);
	in_user_space(run);
}

const struct lab leak_lab = {
	.name = "leak",
	.title = "memory that nobody will free, and who notices",
	.needs = LAB_ROOT | LAB_HEAP,
	.code = { "mm/kmemleak.c: kmemleak_scan()", "mm/kmemleak.c: scan_block()",
		  "fs/file_table.c: __fput()", "kernel/exit.c: exit_files()" },
	.docs = { "Documentation/dev-tools/kmemleak.rst" },
	.run = run_lab,
};
