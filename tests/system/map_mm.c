// SPDX-License-Identifier: GPL-2.0-only
/* /dev/mmkit/map: what is done to a mapping, by the process and by the kernel. */
#include <fcntl.h>
#include <signal.h>
#include <sys/uio.h>
#include "map_lib.h"

/* --- mremap, munmap, mprotect, madvise */

static void not_expanded(void)
{
	int fd = store(8);
	u8 *map = map_at(fd, 0, 4, RW, MAP_SHARED);

	test("mremap does not grow a mapping");
	CHECK(mremap(map, 4 * PAGE, 8 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED);
	EQUAL(errno, EFAULT);
	CHECK(mremap(map, 4 * PAGE, 5 * PAGE, 0) == MAP_FAILED);
	EQUAL(errno, EFAULT);
	/* A second mapping of the same pages, by old size 0: of shared ones. */
	EQUAL(map_get(fd).maps, 1);
	drop(fd, map, 4);
}

static void moved(void)
{
	int fd = store(4);
	u8 *map = map_shared(fd, 4);
	u8 *to = mmap(NULL, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);
	u8 *now;

	test("mremap moves and shrinks a mapping, pages and count right");
	mark(map, 4, 60);
	now = mremap(map, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		     to);
	CHECK(now == to);
	marked(now, 0, 4, 60);
	EQUAL(map_get(fd).maps, 1);
	EQUAL(map_get(fd).faults, 4);
	CHECK(mremap(now, 4 * PAGE, 2 * PAGE, 0) == now);
	marked(now, 0, 2, 60);
	EQUAL(map_get(fd).maps, 1);
	/* Where it was, nothing is. */
	EQUAL(munmap(map, 4 * PAGE), 0);
	marked(now, 0, 2, 60);
	drop(fd, now, 2);
}

static void moved_part(void)
{
	int fd = store(4);
	u8 *map = map_shared(fd, 4);
	u8 *to = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		      0);

	test("mremap moves a page out of the middle");
	mark(map, 4, 60);
	CHECK(mremap(map + PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		     to) == to);
	marked(to, 1, 1, 60);
	EQUAL(map_get(fd).maps, 3);
	marked(map + 2 * PAGE, 2, 2, 60);
	EQUAL(munmap(map, 4 * PAGE), 0);
	EQUAL(map_get(fd).maps, 1);
	marked(to, 1, 1, 60);
	drop(fd, to, 1);
}

static void middle(void)
{
	int fd = store(5);
	u8 *map = map_shared(fd, 5);

	test("unmapping the middle leaves both ends and the count right");
	mark(map, 5, 7);
	EQUAL(munmap(map + 2 * PAGE, PAGE), 0);
	EQUAL(map_get(fd).maps, 2);
	marked(map, 0, 2, 7);
	marked(map + 3 * PAGE, 3, 2, 7);
	EQUAL(munmap(map, 2 * PAGE), 0);
	EQUAL(map_get(fd).maps, 1);
	marked(map + 3 * PAGE, 3, 2, 7);
	EQUAL(munmap(map, 5 * PAGE), 0);
	drop(fd, NULL, 0);
}

static void protected(void)
{
	int fd = store(3);
	u8 *map = map_shared(fd, 3);

	test("protecting the middle splits and merges without harm");
	mark(map, 3, 7);
	EQUAL(mprotect(map + PAGE, PAGE, PROT_READ), 0);
	EQUAL(map_get(fd).maps, 3);
	marked(map, 0, 3, 7);
	map[0] = 1;
	map[2 * PAGE] = 1;
	EQUAL(mprotect(map + PAGE, PAGE, RW), 0);
	map[PAGE] = 1;
	BETWEEN(map_get(fd).maps, 1, 3);
	drop(fd, map, 3);
}

static void advised(void)
{
	int fd = store(3);
	u8 *map = map_shared(fd, 3);

	test("MADV_DONTNEED drops the mapping and not the content");
	mark(map, 3, 50);
	EQUAL(madvise(map, 3 * PAGE, MADV_DONTNEED), 0);
	marked(map, 0, 3, 50);
	EQUAL(map_get(fd).faults, 6);
	EQUAL(madvise(map, 3 * PAGE, MADV_DONTFORK), 0);
	/* Newer kernels take it back from no area of a driver: madvise_vma_behavior(). */
	if (madvise(map, 3 * PAGE, MADV_DOFORK))
		EQUAL(errno, EINVAL);
	EQUAL(mlock(map, 3 * PAGE), 0);
	EQUAL(munlock(map, 3 * PAGE), 0);
	marked(map, 0, 3, 50);
	drop(fd, map, 3);
}

static void populated(void)
{
	int fd = store(32);
	u8 *map = map_at(fd, 0, 32, RW, MAP_SHARED | MAP_POPULATE);

	test("MAP_POPULATE faults every page in");
	EQUAL(map_get(fd).faults, 32);
	mark(map, 32, 2);
	EQUAL(map_get(fd).faults, 32);
	drop(fd, map, 32);
}

static void too_many(void)
{
	long long normal = file_number(MAX_MAPS);
	char text[32];
	int fd = store(4), i;
	u8 *map[3];

	test("one mapping more than max_maps is EDQUOT, and so is a split");
	EQUAL(file_write(MAX_MAPS, "3"), 0);
	for (i = 0; i < 3; i++)
		map[i] = map_shared(fd, 4);
	CHECK(map_at(fd, 0, 4, RW, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, EDQUOT);
	EQUAL(munmap(map[0] + PAGE, PAGE) ? errno : 0, EDQUOT);
	EQUAL(mprotect(map[0], PAGE, PROT_READ) ? errno : 0, EDQUOT);
	EQUAL(map_get(fd).maps, 3);
	for (i = 0; i < 3; i++)
		EQUAL(munmap(map[i], 4 * PAGE), 0);
	snprintf(text, sizeof(text), "%lld", normal);
	EQUAL(file_write(MAX_MAPS, text), 0);
	drop(fd, NULL, 0);
}

/*
 * A page with a memory error that is mapped already, and then once more: mm
 * would look for the mapping of a page that has none.
 */
static void poisoned(void)
{
	int fd = store(2);
	u8 *map = map_shared(fd, 2);
	u8 *again = map_shared(fd, 2);

	test("a poisoned page answers SIGBUS with BUS_MCEERR_AR, its neighbour works");
	mark(map, 2, 11);
	/* EBUSY: the page is of no kind that can be taken away. It is marked. */
	EQUAL(madvise(map, PAGE, MADV_HWPOISON) ? errno : 0, EBUSY);
	EQUAL(touch_read(again), BUS_MCEERR_AR);
	EQUAL(touch_write(again + 9, 1), BUS_MCEERR_AR);
	marked(again + PAGE, 1, 1, 11);
	munmap(again, 2 * PAGE);
	drop(fd, map, 2);
}

/* --- the kernel reads and writes it */

static void copied_by_kernel(void)
{
	int fd = store(2), file;
	u8 *map = map_shared(fd, 2);
	u8 back[PAGE];

	test("read and write of files go through get_user_pages");
	mark(map, 2, 11);
	file = open("/tmp/mmkit-map", O_RDWR | O_CREAT | O_TRUNC, 0600);
	EQUAL(write(file, map, 2 * PAGE), 2 * PAGE);
	memset(map, 0, 2 * PAGE);
	EQUAL(pread(file, map, 2 * PAGE, 0), 2 * PAGE);
	marked(map, 0, 2, 11);
	EQUAL(pread(file, back, PAGE, PAGE), PAGE);
	EQUAL(back[0], 12);
	close(file);
	unlink("/tmp/mmkit-map");
	drop(fd, map, 2);
}

static void other_process(void)
{
	u8 here[PAGE];
	struct iovec local = { here, PAGE };
	int fd = store(2);
	u8 *map = map_shared(fd, 2);
	struct iovec remote = { map + PAGE, PAGE };

	test("process_vm_readv and writev work, by get_user_pages");
	mark(map, 2, 33);
	EQUAL(process_vm_readv(getpid(), &local, 1, &remote, 1, 0), PAGE);
	EQUAL(here[0], 34);
	memset(here, 9, PAGE);
	EQUAL(process_vm_writev(getpid(), &local, 1, &remote, 1, 0), PAGE);
	EQUAL(map[PAGE], 9);
	EQUAL(map[PAGE + PAGE - 1], 9);
	EQUAL(map_set(fd, PAGE, ""), 0);
	EQUAL(process_vm_readv(getpid(), &local, 1, &remote, 1, 0), -1);
	EQUAL(errno, EFAULT);
	drop(fd, map, 2);
}

/* Past the last page and before the first there is nothing of ours. */
static void proc_mem(void)
{
	int fd = store(2), mem = open("/proc/self/mem", O_RDWR);
	u8 *around = mmap(NULL, 4 * PAGE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	u8 *map = mmap(around + PAGE, 2 * PAGE, RW, MAP_SHARED | MAP_FIXED, fd,
		       0);
	u8 text[16];

	test("/proc/PID/mem reads up to both edges and not past them");
	mark(map, 2, 44);
	munmap(around, PAGE);
	munmap(around + 3 * PAGE, PAGE);
	EQUAL(pread(mem, text, 1, (long)map), 1);
	EQUAL(text[0], 44);
	EQUAL(pread(mem, text, 16, (long)(map + 2 * PAGE - 1)), 1);
	EQUAL(pread(mem, text, 1, (long)(map + 2 * PAGE)), -1);
	EQUAL(pread(mem, text, 1, (long)(map - 1)), -1);
	EQUAL(pwrite(mem, "x", 1, (long)map), 1);
	EQUAL(map[0], 'x');
	close(mem);
	drop(fd, map, 2);
}

/* An answer of the device lands in its own mapping: no lock is in the way. */
static void into_itself(void)
{
	int fd = store(4), pages = dev_open("pages");
	u8 *map = map_shared(fd, 4);
	struct mmkit_map_get *get = (void *)(map + 2 * PAGE);
	struct mmkit_page *page = (void *)(map + 3 * PAGE);

	test("an answer may go into a mapping of the same session, untouched yet");
	EQUAL(map_describe(fd, 0, 4, page), 4);
	EQUAL(page[3].order, 0);
	CHECK(page[3].pfn);
	get->size = sizeof(*get);
	EQUAL(call(fd, MMKIT_MAP_GET, get), 0);
	EQUAL(get->bytes, 4 * PAGE);
	EQUAL(madvise(map, 4 * PAGE, MADV_DONTNEED), 0);
	EQUAL(call(fd, MMKIT_MAP_GET, get), 0);
	EQUAL(pages_describe(pages, pages_alloc(pages, 0, 1), 0, 1, page), 1);
	close(pages);
	drop(fd, map, 4);
}

/* And the request that cuts the store lies in what it cuts off. */
static void cuts_itself(void)
{
	int fd = store(2);
	u8 *map = map_shared(fd, 2);
	struct mmkit_map_set *set = (void *)(map + PAGE);
	struct mmkit_page *page = (void *)(map + PAGE);

	test("a request in the page that it cuts off is carried out");
	set->size = sizeof(*set);
	set->bytes = PAGE;
	EQUAL(call(fd, MMKIT_MAP_SET, set), 0);
	EQUAL(map_get(fd).bytes, PAGE);
	EQUAL(touch_read((u8 *)set), BUS_ADRERR);
	EQUAL(map_describe(fd, 0, 1, page), -EFAULT);
	drop(fd, map, 2);
}

static void areas(void)
{
	not_expanded();
	moved();
	moved_part();
	middle();
	protected();
	advised();
	populated();
	too_many();
	poisoned();
}

int main(void)
{
	areas();
	copied_by_kernel();
	other_process();
	proc_mem();
	into_itself();
	cuts_itself();
	return tap_end();
}
