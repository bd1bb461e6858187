// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions: who holds what, who may, and what the close of one says. Quotas of
 * one session and of all.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib.h"

static char *self;

/* --- the file descriptor travels */

static void child_of_fork(void *data)
{
	int fd = *(int *)data;

	EQUAL(session(fd).handles, 1);
	pages_alloc(fd, 0, 3);
	EQUAL(session(fd).handles, 2);
}

static void over_fork(void)
{
	int fd = dev_open("pages");
	u32 first = pages_alloc(fd, 1, 2);

	test("a forked child shares the session");
	EQUAL(in_child(child_of_fork, &fd), 0);
	EQUAL(session(fd).handles, 2);
	EQUAL(session(fd).bytes, 7 * PAGE);
	EQUAL(pages_free(fd, first), 0);
	close(fd);
}

static void child_of_exec(void *data)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", *(int *)data);
	execl(self, self, "holds", number, NULL);
	_exit(100);
}

/* What runs after the exec: its status tells how many handles it sees. */
static int holds(const char *number)
{
	int fd = atoi(number);

	if (pages_free(fd, 1))
		return 101;
	return session(fd).handles;
}

static void over_exec(void)
{
	int fd = dev_open("pages");
	int status;

	test("a session lives on over exec");
	pages_alloc(fd, 0, 1);
	pages_alloc(fd, 0, 1);
	pages_alloc(fd, 0, 1);
	status = in_child(child_of_exec, &fd);
	CHECK(WIFEXITED(status));
	EQUAL(WEXITSTATUS(status), 2);
	EQUAL(session(fd).handles, 2);
	close(fd);
}

union rights {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

static struct msghdr message(struct iovec *iov, union rights *rights)
{
	return (struct msghdr) {
		.msg_iov = iov,
		.msg_iovlen = 1,
		.msg_control = rights->room,
		.msg_controllen = sizeof(rights->room),
	};
}

static void send_fd(int sock, int fd)
{
	union rights rights = { .header = {
		.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	} };
	struct iovec iov = { "x", 1 };
	struct msghdr msg = message(&iov, &rights);

	memcpy(CMSG_DATA(&rights.header), &fd, sizeof(fd));
	EQUAL(sendmsg(sock, &msg, 0), 1);
}

static int receive_fd(int sock)
{
	union rights rights;
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = message(&iov, &rights);
	int fd = -1;

	EQUAL(recvmsg(sock, &msg, 0), 1);
	memcpy(&fd, CMSG_DATA(&rights.header), sizeof(fd));
	return fd;
}

static void child_gets_fd(void *data)
{
	int fd = receive_fd(*(int *)data);

	EQUAL(session(fd).handles, 1);
	EQUAL(pages_free(fd, 1), 0);
}

static void over_socket(void)
{
	int fd, pair[2];

	test("a session can be passed over a socket");
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	fd = dev_open("pages");
	pages_alloc(fd, 0, 1);
	send_fd(pair[0], fd);
	EQUAL(in_child(child_gets_fd, &pair[1]), 0);
	EQUAL(session(fd).handles, 0);
	close(pair[0]);
	close(pair[1]);
	close(fd);
}

/* A descriptor in a message that nobody reads keeps the session alive. */
static void in_flight(void)
{
	u64 used = info().used_handles;
	int fd = dev_open("pages");
	int pair[2];

	test("a session in an unread message lives until that is dropped");
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	pages_alloc(fd, 0, 1);
	send_fd(pair[0], fd);
	close(fd);
	EQUAL(info().used_handles, used + 1);
	close(pair[0]);
	close(pair[1]);
	EQUAL(info().used_handles, used);
}

/* --- close */

static void close_frees(void)
{
	struct mmkit_info before = info();
	int fd = dev_open("pages");
	int i;

	test("the close of a session frees all it holds");
	for (i = 0; i < 100; i++)
		pages_alloc(fd, i % 4, 1 + i % 7);
	EQUAL(info().used_handles, before.used_handles + 100);
	CHECK(info().used_bytes > before.used_bytes);
	/* info() opens one of its own. */
	EQUAL(info().sessions, before.sessions + 1);
	close(fd);
	EQUAL(info().used_handles, before.used_handles);
	EQUAL(info().used_bytes, before.used_bytes);
	EQUAL(info().sessions, before.sessions);
}

static u32 read_leaks(struct mmkit_leak *leaks, u32 room)
{
	struct mmkit_info_leaks arg = {
		.size = sizeof(arg),
		.nr = room,
		.leaks = PTR(leaks),
	};
	int fd = dev_open("info");

	EQUAL(call(fd, MMKIT_INFO_LEAKS, &arg), 0);
	close(fd);
	return arg.nr;
}

static void leak_report(void)
{
	struct mmkit_leak leak[2];
	char text[65536], line[200];
	int fd = dev_open("pages");
	u64 id = session(fd).id;

	test("a close says what was still live, by ioctl and in debugfs");
	pages_alloc(fd, 2, 3);
	pages_alloc(fd, 0, 5);
	EQUAL(pages_free(fd, pages_alloc(fd, 4, 1)), 0);
	close(fd);
	BETWEEN(read_leaks(leak, 2), 1, 1000);
	EQUAL(leak[0].session, id);
	EQUAL(leak[0].handles, 2);
	EQUAL(leak[0].bytes, 17 * PAGE);
	EQUAL(leak[0].pid, getpid());
	CHECK(!strncmp(leak[0].comm, "session", 7));
	CHECK(!strcmp(leak[0].area, "pages"));
	snprintf(line, sizeof(line),
		 "session %llu of %s (%d) on pages: 2 handles, %lu bytes",
		 (unsigned long long)id, leak[0].comm, getpid(), 17 * PAGE);
	CHECK(file_read(DEBUG "info/leaks", text, sizeof(text)));
	CHECK(strstr(text, line));
}

static void no_leak_no_report(void)
{
	struct mmkit_leak before = { 0 }, after = { 0 };
	int fd;

	test("a close that left nothing says nothing");
	read_leaks(&before, 1);
	fd = dev_open("pages");
	EQUAL(pages_free(fd, pages_alloc(fd, 0, 1)), 0);
	close(fd);
	fd = dev_open("info");
	close(fd);
	read_leaks(&after, 1);
	EQUAL(after.session, before.session);
}

/* The newest first, and never more than there is room for. */
static void leak_order(void)
{
	struct mmkit_leak leak[300];
	u32 nr, i;
	int fd;

	test("reports come newest first, the oldest are forgotten");
	for (i = 0; i < 300; i++) {
		fd = dev_open("pages");
		pages_alloc(fd, 0, 1);
		close(fd);
	}
	memset(leak, 0xa5, sizeof(leak));
	nr = read_leaks(leak, ARRAY_SIZE(leak));
	BETWEEN(nr, 2, 299);
	for (i = 1; i < nr && i < ARRAY_SIZE(leak); i++) {
		CHECK(leak[i].session < leak[i - 1].session);
		CHECK(leak[i].when <= leak[i - 1].when);
	}
	EQUAL(leak[nr].handles, 0xa5a5a5a5);
	EQUAL(read_leaks(NULL, 0), nr);
}

/* The list of sessions is locked meanwhile, so there is an end to it. */
static void many_listed(void)
{
	const char *objects = DEBUG "pages/objects";
	int fd = dev_open("pages");
	unsigned long long id = session(fd).id;
	char line[64], more[64];
	u32 last = 0, i;

	test("debugfs lists 1024 handles of a session, and says that there are more");
	for (i = 0; i < 1025; i++)
		last = pages_alloc(fd, 0, 1);
	snprintf(line, sizeof(line), "session %llu handle ", id);
	snprintf(more, sizeof(more), "session %llu holds more\n", id);
	EQUAL(lines_with(objects, line), 1024);
	EQUAL(lines_with(objects, more), 1);
	EQUAL(pages_free(fd, last), 0);
	EQUAL(lines_with(objects, line), 1024);
	EQUAL(lines_with(objects, more), 0);
	close(fd);
}

/* --- other sessions */

static void other_session(void)
{
	struct mmkit_page page;
	int one = dev_open("pages");
	int two = dev_open("pages");
	u32 handle = pages_alloc(one, 0, 1);
	u32 guess;

	test("handles of another session are not found");
	CHECK(session(one).id != session(two).id);
	for (guess = 1; guess < 64; guess++) {
		EQUAL(pages_free(two, guess), -ENOENT);
		EQUAL(pages_describe(two, guess, 0, 1, &page), -ENOENT);
	}
	EQUAL(pages_free(one, handle), 0);
	close(one);
	close(two);
}

static void numbers_grow(void)
{
	u64 last = 0;
	int i, fd;

	test("no session's number comes twice");
	for (i = 0; i < 50; i++) {
		fd = dev_open(i % 2 ? "pages" : "info");
		CHECK(session(fd).id > last);
		last = session(fd).id;
		close(fd);
	}
}

/* --- without privilege */

struct held {
	int pages;
	int map;
	u32 handle;
};

static void become_nobody(void)
{
	if (setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		_exit(102);
}

static void hidden(const struct mmkit_page *page, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		EQUAL(page[i].pfn, 0);
		EQUAL(page[i].buddy, 0);
		CHECK(page[i].state & MMKIT_PAGE_NOPFN);
		EQUAL(page[i].refcount, 1);
	}
}

static void as_nobody(void *data)
{
	struct mmkit_pages_alloc atomic = alloc_init(0, 1);
	struct held *held = data;
	struct mmkit_zone zone[8];
	struct mmkit_page page[2];
	u32 i;

	become_nobody();
	EQUAL(pages_describe(held->pages, held->handle, 0, 2, page), 2);
	hidden(page, 2);
	EQUAL(map_describe(held->map, 0, 2, page), 2);
	hidden(page, 2);
	EQUAL(pages_describe(held->pages, 0, 256, 1, page), -EPERM);
	atomic.gfp = MMKIT_GFP_ATOMIC;
	EQUAL(call(held->pages, MMKIT_PAGES_ALLOC, &atomic), -EPERM);
	BETWEEN(pages_zones(held->pages, zone, 8), 1, 8);
	for (i = 0; i < 1; i++)
		EQUAL(zone[i].start_pfn, 0);
	EQUAL(dev_open_flags("info", O_RDONLY), -EACCES);
	EQUAL(dev_open_flags("pages", O_RDWR), -EACCES);
	EQUAL(dev_open_flags("map", O_RDWR), -EACCES);
	EQUAL(pages_free(held->pages, held->handle), 0);
}

static void unprivileged(void)
{
	struct held held = {
		.pages = dev_open("pages"),
		.map = dev_open("map"),
	};
	struct mmkit_page page[2];

	test("without CAP_SYS_ADMIN no page frame number is told");
	held.handle = pages_alloc(held.pages, 0, 2);
	EQUAL(map_set(held.map, 2 * PAGE, ""), 0);
	/* With it, they are: the test could see one. */
	EQUAL(pages_describe(held.pages, held.handle, 0, 2, page), 2);
	CHECK(page[0].pfn && !(page[0].state & MMKIT_PAGE_NOPFN));
	EQUAL(pages_describe(held.pages, 0, 256, 1, page), 1);
	EQUAL(in_child(as_nobody, &held), 0);
	EQUAL(session(held.pages).handles, 0);
	close(held.pages);
	close(held.map);
}

/* --- info */

/* As many as /proc/buddyinfo has columns after "zone NAME". */
static int buddyinfo_orders(void)
{
	char text[4096], *at, *save = NULL;
	int words = 0;

	if (!file_read("/proc/buddyinfo", text, sizeof(text)))
		return -1;
	for (at = strtok_r(strtok(text, "\n"), " ", &save); at;
	     at = strtok_r(NULL, " ", &save))
		words++;
	return words - 4;
}

static int pageblock_order(void)
{
	static const char title[] = "Page block order:";
	char text[65536], *at;

	if (!file_read("/proc/pagetypeinfo", text, sizeof(text)))
		return -1;
	at = strstr(text, title);
	return at ? atoi(at + strlen(title)) : -1;
}

static void info_true(void)
{
	struct mmkit_info now = info();
	char text[64];
	u64 ram = (u64)sysconf(_SC_PHYS_PAGES) * PAGE;

	test("MMKIT_INFO_GET tells what the kernel tells elsewhere");
	EQUAL(now.abi, MMKIT_ABI);
	EQUAL(now.page_size, sysconf(_SC_PAGESIZE));
	EQUAL(now.max_order, buddyinfo_orders() - 1);
	EQUAL(now.block_order, pageblock_order());
	EQUAL(now.nodes, 1);
	EQUAL(now.session_bytes, ram / 4);
	EQUAL(now.total_bytes, ram / 2);
	EQUAL(now.session_handles, file_number(QUOTA "session_handles"));
	EQUAL(now.total_handles, file_number(QUOTA "total_handles"));
	EQUAL(!!(now.features & MMKIT_FEATURE_KMEMLEAK),
	      !!file_read("/sys/kernel/debug/kmemleak", text, sizeof(text)));
	EQUAL(!!(now.features & MMKIT_FEATURE_SWAP), 1);
	EQUAL(!!(now.features & MMKIT_FEATURE_MEMCG),
	      access("/sys/fs/cgroup/memory.stat", F_OK) == 0);
}

static int list(u32 kind, u32 nr, u32 reserved, struct mmkit_entry_info *to)
{
	struct mmkit_info_list arg = {
		.size = sizeof(arg),
		.kind = kind,
		.nr = nr,
		.reserved = reserved,
		.entries = PTR(to),
	};
	int fd = dev_open("info");
	int err = call(fd, MMKIT_INFO_LIST, &arg);

	close(fd);
	return err ?: (int)arg.nr;
}

static bool has(u32 kind, const char *name, const char *module)
{
	struct mmkit_entry_info entry[32];
	int i, nr = list(kind, 32, 0, entry);

	for (i = 0; i < nr && i < 32; i++)
		if (!strcmp(entry[i].name, name))
			return !strcmp(entry[i].module, module) &&
			       entry[i].help[0];
	return false;
}

static void info_list(void)
{
	struct mmkit_entry_info entry[3];
	int areas = list(MMKIT_KIND_AREA, 0, 0, NULL);

	test("MMKIT_INFO_LIST names what is registered, within the room");
	CHECK(has(MMKIT_KIND_AREA, "info", "mmkit_core"));
	CHECK(has(MMKIT_KIND_AREA, "pages", "mmkit_pages"));
	CHECK(has(MMKIT_KIND_AREA, "map", "mmkit_map"));
	CHECK(has(MMKIT_KIND_ALLOCATOR, "alloc_pages", "mmkit_pages"));
	CHECK(has(MMKIT_KIND_STRATEGY, "page", "mmkit_map"));
	CHECK(areas >= 3);
	memset(entry, 0xa5, sizeof(entry));
	EQUAL(list(MMKIT_KIND_AREA, 2, 0, entry), areas);
	EQUAL((u8)entry[1].help[95], 0);
	EQUAL((u8)entry[2].name[0], 0xa5);
	EQUAL(list(MMKIT_KIND_AREA, 0xffffffff, 0, NULL), -EFAULT);
	EQUAL(list(MMKIT_KIND_NR, 0, 0, NULL), -EINVAL);
	EQUAL(list(0xffffffff, 0, 0, NULL), -EINVAL);
	EQUAL(list(MMKIT_KIND_AREA, 0, 1, NULL), -EINVAL);
}

static void no_mmap(void)
{
	int pages = dev_open("pages");
	int info = dev_open("info");

	test("devices without a mapping say ENODEV to mmap");
	CHECK(map_at(pages, 0, 1, PROT_READ, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, ENODEV);
	CHECK(map_at(info, 0, 1, PROT_READ, MAP_PRIVATE) == MAP_FAILED);
	EQUAL(errno, ENODEV);
	close(pages);
	close(info);
}

/* --- quotas */

static void quota(const char *name, u64 value)
{
	char path[128], text[32];

	snprintf(path, sizeof(path), QUOTA "%s", name);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	EQUAL(file_write(path, text), 0);
}

static int try_alloc(int fd)
{
	struct mmkit_pages_alloc alloc = alloc_init(2, 2);

	return call(fd, MMKIT_PAGES_ALLOC, &alloc);
}

static int try_bulk(int fd)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 8);

	alloc.how = MMKIT_PAGES_BULK;
	return call(fd, MMKIT_PAGES_ALLOC, &alloc);
}

static int try_exact(int fd)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 4);

	alloc.how = MMKIT_PAGES_EXACT;
	alloc.bytes = PAGE + 1;
	return call(fd, MMKIT_PAGES_ALLOC, &alloc);
}

static int try_fragment(int fd)
{
	struct mmkit_pages_fragment fragment = {
		.size = sizeof(fragment),
		.order = 2,
		.bytes = 8 * PAGE,
		.node = -1,
	};

	return call(fd, MMKIT_PAGES_FRAGMENT, &fragment);
}

static int try_map(int fd)
{
	return map_set(fd, 8 * PAGE, "");
}

/* Each asks for eight pages. */
static const struct {
	const char *name;
	const char *area;
	int (*run)(int fd);
	bool handle;
} tries[] = {
	{ "alloc", "pages", try_alloc, true },
	{ "alloc in bulk", "pages", try_bulk, true },
	{ "alloc of exact sizes", "pages", try_exact, true },
	{ "fragment", "pages", try_fragment, true },
	{ "map set", "map", try_map, false },
};

/* A quota that just does, and one that is just too small. */
static void quota_edge(size_t i, const char *name, u64 fits, u64 normal)
{
	struct mmkit_info before = info();
	int fd = dev_open(tries[i].area);

	test("%s: one over %s is EDQUOT and charges nothing", tries[i].name,
	     name);
	quota(name, fits - 1);
	EQUAL(tries[i].run(fd), -EDQUOT);
	EQUAL(session(fd).bytes, 0);
	EQUAL(session(fd).handles, 0);
	EQUAL(info().used_bytes, before.used_bytes);
	EQUAL(info().used_handles, before.used_handles);
	quota(name, fits);
	EQUAL(tries[i].run(fd), 0);
	CHECK(session(fd).bytes);
	close(fd);
	EQUAL(info().used_bytes, before.used_bytes);
	EQUAL(info().used_handles, before.used_handles);
	quota(name, normal);
}

static void quotas(void)
{
	struct mmkit_info now = info();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		quota_edge(i, "session_bytes", 8 * PAGE, 0);
		quota_edge(i, "total_bytes", now.used_bytes + 8 * PAGE, 0);
		if (!tries[i].handle)
			continue;
		quota_edge(i, "session_handles", 1, now.session_handles);
		quota_edge(i, "total_handles", now.used_handles + 1,
			   now.total_handles);
	}
}

/* What is held already counts; a quota below it stops the next only. */
static void quota_lowered(void)
{
	int fd = dev_open("pages");
	u32 handle = pages_alloc(fd, 0, 16);

	test("a quota lowered below what is held refuses more until it is freed");
	quota("session_bytes", 4 * PAGE);
	EQUAL(session(fd).max_bytes, 4 * PAGE);
	EQUAL(session(fd).bytes, 16 * PAGE);
	EQUAL(pages_free(fd, 77), -ENOENT);
	EQUAL(try_alloc(fd), -EDQUOT);
	EQUAL(pages_free(fd, handle), 0);
	EQUAL(pages_free(fd, pages_alloc(fd, 0, 4)), 0);
	quota("session_bytes", 0);
	close(fd);
}

/* The total is everyone's. */
static void quota_shared(void)
{
	u64 used = info().used_bytes;
	int one = dev_open("pages");
	int two = dev_open("map");

	test("the total quota is shared by pages and map");
	quota("total_bytes", used + 12 * PAGE);
	EQUAL(try_alloc(one), 0);
	EQUAL(try_map(two), -EDQUOT);
	EQUAL(map_set(two, 4 * PAGE, ""), 0);
	EQUAL(map_set(two, 5 * PAGE, ""), -EDQUOT);
	EQUAL(map_get(two).bytes, 4 * PAGE);
	close(one);
	EQUAL(try_map(two), 0);
	close(two);
	EQUAL(info().used_bytes, used);
	quota("total_bytes", 0);
}

static void replaced(void)
{
	u64 used = info().used_bytes;
	int fd = dev_open("map");

	test("memory of another kind is charged instead of what it replaces");
	EQUAL(map_set(fd, 4 * PAGE, "page"), 0);
	EQUAL(session(fd).bytes, 4 * PAGE);
	EQUAL(map_set(fd, 6 * PAGE, "vmalloc"), 0);
	EQUAL(session(fd).bytes, 6 * PAGE);
	EQUAL(map_set(fd, 0, "page"), 0);
	EQUAL(session(fd).bytes, 0);
	close(fd);
	EQUAL(info().used_bytes, used);
}

static void of_files(void)
{
	over_fork();
	over_exec();
	over_socket();
	in_flight();
	close_frees();
	leak_report();
	no_leak_no_report();
	leak_order();
	many_listed();
	other_session();
	numbers_grow();
	unprivileged();
}

int main(int argc, char **argv)
{
	self = argv[0];
	if (argc == 3 && !strcmp(argv[1], "holds"))
		return holds(argv[2]);
	of_files();
	info_true();
	info_list();
	no_mmap();
	quotas();
	quota_lowered();
	quota_shared();
	replaced();
	return tap_end();
}
