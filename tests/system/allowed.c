// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may do what: somebody without the devices' group nothing, a member all that
 * tells of nobody else and of no address; root without CAP_SYS_ADMIN the files, but
 * no frames; root of a user namespace, and callers under seccomp, no more than they
 * are.
 */
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "modules.h"
#include "rows.h"

#define MEMBERS	4242	/* the group that the devices are given here */
#define OTHER	65533	/* another user */
#define ROOM	(16 * PAGE)

static void become(uid_t uid, gid_t group)
{
	if (setgroups(1, &group) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(uid, uid, uid))
		bail("no other user: %s", strerror(errno));
}

static void give_devices(gid_t group, mode_t mode)
{
	char path[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row_areas); i++) {
		snprintf(path, sizeof(path), "/dev/mmkit/%s", row_areas[i]);
		EQUAL(chown(path, 0, group) | chmod(path, mode), 0);
	}
}

/* --- what only root may, whoever has the devices */

static void no_debugfs(void)
{
	EQUAL(open(DEBUG, O_RDONLY | O_DIRECTORY), -1);
	EQUAL(errno, EACCES);
	EQUAL(open(DEBUG "info/limits", O_RDONLY), -1);
	EQUAL(open(DEBUG "pages/control", O_WRONLY), -1);
	EQUAL(file_write("/sys/kernel/tracing/events/mmkit/enable", "1"),
	      -EACCES);
}

static void no_parameters(void)
{
	char path[400], folder[128];
	struct dirent *entry;
	int i, tried = 0;
	DIR *dir;

	for (i = 0; i < nr_modules; i++) {
		snprintf(folder, sizeof(folder), "/sys/module/%.64s/parameters",
			 modules[i]);
		dir = opendir(folder);
		while (dir && (entry = readdir(dir))) {
			if (entry->d_name[0] == '.')
				continue;
			snprintf(path, sizeof(path), "%s/%s", folder,
				 entry->d_name);
			EQUAL(open(path, O_WRONLY), -1);
			tried++;
		}
		if (dir)
			closedir(dir);
	}
	CHECK(tried > 4);
}

static void no_modules(void)
{
	EQUAL(unload("mmkit_heap"), -EPERM);
	EQUAL(load("mmkit_heap"), -EPERM);
}

/* --- without the group */

static void opens_nothing(void)
{
	static const int flags[] = { O_RDONLY, O_WRONLY, O_RDWR };
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(row_areas); i++)
		for (j = 0; j < ARRAY_SIZE(flags); j++)
			EQUAL(dev_open_flags(row_areas[i], flags[j]), -EACCES);
}

/* A path needs no permission, and is no device. */
static void paths_are_none(void)
{
	struct mmkit_info arg = { .size = sizeof(arg) };
	int fd = dev_open_flags("info", O_PATH);

	if (fd < 0)
		return;
	EQUAL(call(fd, MMKIT_INFO_GET, &arg), -EBADF);
	close(fd);
}

/* What was handed over is not opened again. */
static void opens_no_other(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	EQUAL(open(path, O_RDWR), -1);
	EQUAL(errno, EACCES);
}

static void as_stranger(void *data)
{
	become(NOBODY, NOBODY);
	opens_nothing();
	paths_are_none();
	opens_no_other(*(int *)data);
	no_debugfs();
	no_parameters();
	no_modules();
}

static void strangers(void)
{
	int fd = dev_open("pages");

	test("without the group: no device, no file, no parameter, no module");
	/* A call that is open to one might be to the other. */
	CHECK(!access(DEBUG "info/limits", R_OK));
	EQUAL(in_child(as_stranger, &fd), 0);
	close(fd);
}

/* --- a member: every command, and what its answers tell */

/*
 * Commands that do not always work: what a member is told, and what root may be
 * told on a machine that has not what they are about, or is locked down.
 */
static const struct refusal {
	u32 cmd;
	int member;
	int root[2];
} refusals[] = {
	{ MMKIT_HEAP_PFNS, -EPERM, { 0 } },
	{ MMKIT_ASPACE_CONTEXT, -EPERM, { -EOPNOTSUPP } },
	{ MMKIT_MEMBLOCK_CLAIM, -EPERM, { -ERANGE, -EACCES } },
	{ MMKIT_MEMBLOCK_PROBE, -ENOENT, { -ENOENT } },
	{ MMKIT_MEMBLOCK_RELEASE, -ENOENT, { -ENOENT } },
	/* Where it should look is not said here. */
	{ MMKIT_MEMBLOCK_OBSERVE, -EPERM, { -EFAULT, -EACCES } },
	{ MMKIT_MEMBLOCK_FATES, -EPERM, { -ENODATA } },
	{ MMKIT_MEMBLOCK_BOOT, -EPERM, { -EOPNOTSUPP, -ENODATA } },
	{ MMKIT_MEMBLOCK_NAMED, -EPERM, { -ENOENT, -EOPNOTSUPP } },
};

static const struct refusal *refusal_of(u32 cmd)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		if (refusals[i].cmd == cmd)
			return &refusals[i];
	return NULL;
}

/* True if it was served. */
static bool answered(const struct row *row, int got, bool is_root)
{
	const struct refusal *refusal = refusal_of(row->cmd);
	int want = refusal && !is_root ? refusal->member : row_answer(row);

	if (refusal && is_root && got &&
	    (got == refusal->root[0] || got == refusal->root[1]))
		return false;
	if (!EQUAL(got, want))
		diag("%s on %s", row->name, row->area);
	return !got;
}

static bool is_small(s32 half)
{
	return half > -(1 << 20) && half < 1 << 20;
}

/* Of the kernel's half, of four levels and of five; two small numbers are none. */
static bool is_kernels(u64 word)
{
	return word >= 0xff00000000000000ull &&
	       !(is_small(word >> 32) && is_small(word));
}

/* Of free pages and objects: page_poison=1, slub_debug=P. */
static bool is_poison(u32 half)
{
	return half == 0xaaaaaaaa || half == 0x6b6b6b6b || half == 0x5a5a5a5a;
}

static void innocent(const struct row *row, const void *at, size_t bytes)
{
	const u64 *word = at;
	size_t i;

	for (i = 0; i < bytes / sizeof(*word); i++)
		if (!CHECK(!is_kernels(word[i])) ||
		    !CHECK(!is_poison(word[i]) && !is_poison(word[i] >> 32)))
			diag("%s: word %zu is %#llx", row->name, i,
			     (unsigned long long)word[i]);
}

/* Frame numbers, and what is as good as one. */
static const struct frame {
	u32 cmd;
	bool in_array;
	size_t at;
	u64 mask;
} frames[] = {
#define IN_ARRAY(cmd, type, field)	{ cmd, true, AT(type, field), ~0ull }
	IN_ARRAY(MMKIT_PAGES_DESCRIBE, struct mmkit_page, pfn),
	IN_ARRAY(MMKIT_PAGES_DESCRIBE, struct mmkit_page, buddy),
	IN_ARRAY(MMKIT_PAGES_ZONES, struct mmkit_zone, start_pfn),
	IN_ARRAY(MMKIT_MAP_DESCRIBE, struct mmkit_page, pfn),
	IN_ARRAY(MMKIT_MAP_DESCRIBE, struct mmkit_page, buddy),
	IN_ARRAY(MMKIT_HEAP_DESCRIBE, struct mmkit_heap_object, pfn),
	IN_ARRAY(MMKIT_SLAB_SLABS, struct mmkit_slab_slab, pfn),
	IN_ARRAY(MMKIT_SLAB_OBJECTS, struct mmkit_slab_object, pfn),
	IN_ARRAY(MMKIT_ASPACE_WALK, struct mmkit_aspace_level, entry),
	IN_ARRAY(MMKIT_ASPACE_WALK, struct mmkit_aspace_level, table),
	IN_ARRAY(MMKIT_ASPACE_TABLES, struct mmkit_aspace_table, pfn),
	{ MMKIT_ASPACE_WALK, false, AT(struct mmkit_aspace_walk, pfn), ~0ull },
	{ MMKIT_ASPACE_WALK, false, AT(struct mmkit_aspace_walk, page.pfn),
	  ~0ull },
	{ MMKIT_ASPACE_WALK, false, AT(struct mmkit_aspace_walk, page.buddy),
	  ~0ull },
	{ MMKIT_ASPACE_PAGES, true, 0, MMKIT_WORD_PFN },
	{ MMKIT_ASPACE_CONTEXT, false, AT(struct mmkit_aspace_context, root),
	  ~0ull },
};

/* They are there for root, or nobody could tell that they are hidden. */
static void look_at_frames(const struct row *row, const u8 *arg,
			   const u8 *array, bool told)
{
	size_t i;
	u64 word;

	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		const struct frame *f = &frames[i];

		if (f->cmd != row->cmd)
			continue;
		memcpy(&word, (f->in_array ? array : arg) + f->at, 8);
		if (!EQUAL(!!(word & f->mask), told))
			diag("%s: at %zu of its %s", row->name, f->at,
			     f->in_array ? "array" : "struct");
	}
}

static void run_row(const struct row *row, u8 *array, bool told)
{
	struct request r = request(row);
	int got;

	/* Present, so that there is something to be seen of it. */
	memset(array, 0, ROOM);
	if (row->array)
		*(u64 *)(r.arg + row->array) = PTR(array);
	if (row->cmd == MMKIT_ASPACE_WALK)
		((struct mmkit_aspace_walk *)r.arg)->address = PTR(array);
	if (row->cmd == MMKIT_ASPACE_PAGES)
		((struct mmkit_aspace_pages *)r.arg)->start = PTR(array);
	got = call(r.fd, row->cmd, r.arg);
	innocent(row, r.arg, row->size);
	innocent(row, array, ROOM);
	if (answered(row, got, told))
		look_at_frames(row, r.arg, array, told);
	close(r.fd);
}

static void run_rows(bool told)
{
	u8 *array = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		run_row(&rows[i], array, told);
	munmap(array, ROOM);
}

/* Memory that is mapped is zero, whatever it was before. */
static void maps_zeros(void)
{
	int fd = dev_open("map");
	u8 *map;
	size_t i;

	EQUAL(map_set(fd, 16 * PAGE, ""), 0);
	map = map_shared(fd, 16);
	for (i = 0; i < 16 * PAGE && !map[i]; i++)
		;
	EQUAL(i, 16 * PAGE);
	munmap(map, 16 * PAGE);
	close(fd);
}

static void as_member(void *unused)
{
	(void)unused;
	become(NOBODY, MEMBERS);
	run_rows(false);
	maps_zeros();
	no_debugfs();
	no_parameters();
	no_modules();
}

static void members(void)
{
	test("root sees frame numbers, and no address and no poison");
	run_rows(true);
	test("a member has every command, sees neither, and is no administrator");
	EQUAL(in_child(as_member, NULL), 0);
}

/* --- root without CAP_SYS_ADMIN, to whom debugfs is open */

static void drop_admin(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	EQUAL(syscall(SYS_capget, &header, data), 0);
	data[0].effective &= ~(1u << CAP_SYS_ADMIN);
	data[0].permitted &= ~(1u << CAP_SYS_ADMIN);
	EQUAL(syscall(SYS_capset, &header, data), 0);
}

/* Without an end of its own when there is more; -errno. */
static int debug_read(const char *name, char *text, size_t room)
{
	char path[128];
	ssize_t got;
	int fd, err;

	snprintf(path, sizeof(path), DEBUG "%s", name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return -errno;
	got = read(fd, text, room - 1);
	err = got < 0 ? -errno : 0;
	text[got < 0 ? 0 : got] = '\0';
	close(fd);
	return err;
}

/* Do all lines with a frame number tell it, or all of them 0? */
static void look_at_lines(const char *name, bool told)
{
	const char *fields[] = { "pfn 0x", "buddy 0x" };
	char text[8192];
	const char *at;
	size_t i;
	int seen = 0;

	EQUAL(debug_read(name, text, sizeof(text)), 0);
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		for (at = text; (at = strstr(at, fields[i])); seen++) {
			at += strlen(fields[i]);
			if (!EQUAL(!!strtoull(at, NULL, 16), told))
				diag("%s in %s", fields[i], name);
		}
	CHECK(seen);
}

static void as_lesser_root(void *data)
{
	bool locked = *(bool *)data;
	char text[8192];

	drop_admin();
	look_at_lines("pages/objects", false);
	look_at_lines("heap/objects", false);
	if (locked)
		return;
	EQUAL(debug_read("pages/control", text, sizeof(text)), -EPERM);
	EQUAL(file_write(DEBUG "pages/control", "describe 1"), 0);
	look_at_lines("pages/control", false);
	EQUAL(file_write(DEBUG "pages/control", "describe 0 -f 256"), -EPERM);
}

static void lesser_root(void)
{
	struct mmkit_heap_alloc heap = {
		.size = sizeof(heap), .bytes = 100, .count = 1, .node = -1,
	};
	int pages_fd = dev_open("pages"), heap_fd = dev_open("heap");
	int err = file_write(DEBUG "pages/control", "alloc -o 1");
	bool locked = err == -EPERM;

	test("root without CAP_SYS_ADMIN reads no frame number in debugfs");
	pages_alloc(pages_fd, 1, 2);
	EQUAL(call(heap_fd, MMKIT_HEAP_ALLOC, &heap), 0);
	look_at_lines("pages/objects", true);
	look_at_lines("heap/objects", true);
	if (locked) {
		diag("control files are refused: the kernel is locked down");
	} else {
		EQUAL(err, 0);
		EQUAL(file_write(DEBUG "pages/control", "describe 1"), 0);
		look_at_lines("pages/control", true);
	}
	EQUAL(in_child(as_lesser_root, &locked), 0);
	if (!locked)
		EQUAL(file_write(DEBUG "pages/control", "free 1"), 0);
	close(pages_fd);
	close(heap_fd);
}

/* --- other users' processes */

static int regions_of(int fd, s32 pid)
{
	struct mmkit_aspace_region region;
	struct mmkit_aspace_regions arg = {
		.size = sizeof(arg), .pid = pid, .nr = 1,
		.regions = PTR(&region),
	};

	return call(fd, MMKIT_ASPACE_REGIONS, &arg);
}

static int look_at(int fd, s32 pid)
{
	struct mmkit_aspace_counts counts;
	struct mmkit_aspace_range range = {
		.size = sizeof(range), .pid = pid, .start = PAGE,
		.end = 2 * PAGE, .nr = 1, .counts = PTR(&counts),
	};
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_walk walk = {
		.size = sizeof(walk), .pid = pid, .address = PTR(levels),
		.nr = MMKIT_LEVELS, .levels = PTR(levels),
	};
	struct mmkit_aspace_tables tables = { .size = sizeof(tables),
					      .pid = pid };
	struct mmkit_aspace_layout layout = { .size = sizeof(layout),
					      .pid = pid };
	struct mmkit_aspace_pages pages = {
		.size = sizeof(pages), .pid = pid, .start = PAGE, .nr = 1,
		.words = PTR(levels),
	};
	int err = regions_of(fd, pid);

	EQUAL(call(fd, MMKIT_ASPACE_RANGE, &range), err);
	EQUAL(call(fd, MMKIT_ASPACE_WALK, &walk), err);
	EQUAL(call(fd, MMKIT_ASPACE_TABLES, &tables), err);
	EQUAL(call(fd, MMKIT_ASPACE_LAYOUT, &layout), err);
	EQUAL(call(fd, MMKIT_ASPACE_PAGES, &pages), err);
	return err;
}

static void as_other(void *data)
{
	s32 pid = *(s32 *)data;
	int fd;

	become(OTHER, MEMBERS);
	fd = dev_open("aspace");
	EQUAL(look_at(fd, 0), 0);
	EQUAL(look_at(fd, getpid()), 0);
	EQUAL(look_at(fd, pid), -EPERM);
	EQUAL(look_at(fd, getppid()), -EPERM);
	EQUAL(look_at(fd, 1), -EPERM);
	close(fd);
}

/* A process of NOBODY's, which says when it is. */
static pid_t somebody(void)
{
	int up[2];
	char byte;
	pid_t pid;

	EQUAL(pipe(up), 0);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		become(NOBODY, MEMBERS);
		EQUAL(write(up[1], "", 1), 1);
		for (;;)
			pause();
	}
	close(up[1]);
	if (pid < 0 || read(up[0], &byte, 1) != 1)
		bail("no process of another user");
	close(up[0]);
	return pid;
}

static void others(void)
{
	s32 pid = somebody();
	int fd = dev_open("aspace");

	test("a member sees its own process, and no other user's by any command");
	EQUAL(look_at(fd, pid), 0);
	close(fd);
	EQUAL(in_child(as_other, &pid), 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* --- root of a user namespace */

struct held {
	int pages;
	int aspace;
	u32 handle;
};

static void no_more_than(const struct held *held)
{
	struct mmkit_pages_alloc atomic = alloc_init(0, 1);
	struct mmkit_aspace_walk kernels = {
		.size = sizeof(kernels), .address = ~0ull - 4095,
	};
	struct mmkit_page page;

	EQUAL(pages_describe(held->pages, held->handle, 0, 1, &page), 1);
	EQUAL(page.pfn | page.buddy, 0);
	EQUAL(pages_describe(held->pages, 0, 256, 1, &page), -EPERM);
	atomic.gfp = MMKIT_GFP_ATOMIC;
	EQUAL(call(held->pages, MMKIT_PAGES_ALLOC, &atomic), -EPERM);
	EQUAL(call(held->aspace, MMKIT_ASPACE_WALK, &kernels), -EPERM);
	EQUAL(look_at(held->aspace, 0), 0);
	EQUAL(look_at(held->aspace, 1), -EPERM);
}

static bool make_namespace(uid_t outside)
{
	char line[32];

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS)) {
		skip("no user namespace: %s", strerror(errno));
		return false;
	}
	snprintf(line, sizeof(line), "0 %u 1", outside);
	EQUAL(file_write("/proc/self/uid_map", line), 0);
	EQUAL(getuid(), 0);
	return true;
}

static void nobodys_namespace(void *data)
{
	become(NOBODY, NOBODY);
	/* Whose /proc files are its own only then. */
	prctl(PR_SET_DUMPABLE, 1);
	if (!make_namespace(NOBODY))
		return;
	opens_nothing();
	no_debugfs();
	no_modules();
	EQUAL(mount("debugfs", "/tmp", "debugfs", 0, NULL), -1);
	EQUAL(errno, EPERM);
	no_more_than(data);
}

/* It is root outside as well, but has left its capabilities there. */
static void roots_namespace(void *data)
{
	if (!make_namespace(0))
		return;
	no_more_than(data);
	no_modules();
}

static void namespaces(void)
{
	struct held held = {
		.pages = dev_open("pages"), .aspace = dev_open("aspace"),
	};
	struct mmkit_page page;

	test("root of a user namespace is nobody here, with the devices open too");
	held.handle = pages_alloc(held.pages, 0, 1);
	EQUAL(pages_describe(held.pages, held.handle, 0, 1, &page), 1);
	CHECK(page.pfn);
	EQUAL(in_child(nobodys_namespace, &held), 0);
	test("root that went into a user namespace is that one's root");
	EQUAL(in_child(roots_namespace, &held), 0);
	close(held.pages);
	close(held.aspace);
}

/* --- seccomp */

#define SECCOMP_DATA(field)	offsetof(struct seccomp_data, field)

/* ioctl() of @cmd is refused with EACCES; the upper half of it is zero. */
static void filter(u32 cmd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SECCOMP_DATA(nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SECCOMP_DATA(args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, cmd, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { ARRAY_SIZE(code), code };

	EQUAL(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	EQUAL(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

static void filtered(void *data)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 1);
	int fd = *(int *)data;

	filter(MMKIT_PAGES_ALLOC);
	EQUAL(call(fd, MMKIT_PAGES_ALLOC, &alloc), -EACCES);
	EQUAL(session(fd).handles, 1);
	EQUAL(pages_free(fd, 1), 0);
}

/* It may read and write and nothing else; the ioctl() ends it. */
static void strict(void *unused)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 1);
	int fd = dev_open("pages");

	(void)unused;
	pages_alloc(fd, 0, 100);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	call(fd, MMKIT_PAGES_ALLOC, &alloc);
	syscall(SYS_exit, 0);
}

static void under_seccomp(void)
{
	struct mmkit_info before = info();
	int fd = dev_open("pages"), status;

	test("seccomp: a command that is filtered does nothing, others are served");
	pages_alloc(fd, 0, 1);
	EQUAL(in_child(filtered, &fd), 0);
	EQUAL(session(fd).handles, 0);
	close(fd);
	test("seccomp: who is killed for a command holds nothing afterwards");
	status = in_child(strict, NULL);
	CHECK(WIFSIGNALED(status));
	EQUAL(WTERMSIG(status), SIGKILL);
	EQUAL(info().used_bytes, before.used_bytes);
	EQUAL(info().sessions, before.sessions);
}

int main(void)
{
	list_modules();
	slab_reuse_delayed();	/* which not everybody may find out */
	give_devices(MEMBERS, 0660);
	strangers();
	members();
	lesser_root();
	others();
	namespaces();
	give_devices(0, 0600);
	under_seccomp();
	return tap_end();
}
