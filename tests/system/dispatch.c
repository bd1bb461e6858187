// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules that hold for every command of every device: sizes, tails, bad
 * pointers, numbers that are none, structs that change underneath.
 */
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "rows.h"

/* What failed must not have left anything behind. */
static void refused(struct request *r, int got, int want)
{
	struct mmkit_session_info after = session(r->fd);

	EQUAL(got, want);
	EQUAL(after.handles, r->before.handles);
	EQUAL(after.bytes, r->before.bytes);
	close(r->fd);
}

static void served(struct request *r, int got)
{
	int want = row_answer(r->row);

	if (want) {
		refused(r, got, want);
		return;
	}
	EQUAL(got, 0);
	close(r->fd);
}

static int send(struct request *r)
{
	return call(r->fd, r->row->cmd, r->arg);
}

static void rule_good(const struct row *row)
{
	struct request r = request(row);

	test("%s on %s is served", row->name, row->area);
	served(&r, send(&r));
}

static void rule_short(const struct row *row)
{
	const u32 sizes[] = { 0, 1, row->min - 1 };
	size_t i;

	test("%s on %s: a struct that is too short is EINVAL", row->name,
	     row->area);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct request r = request(row);

		*(u32 *)r.arg = sizes[i];
		refused(&r, send(&r), -EINVAL);
	}
}

/* Of an older program: nothing beyond its struct is written. */
static void rule_older(const struct row *row)
{
	struct request r = request(row);
	u32 i;

	test("%s on %s: an older struct is served and no more is written",
	     row->name, row->area);
	*(u32 *)r.arg = row->min;
	for (i = row->min; i < row->size + 64; i++)
		r.arg[i] = 0xa5;
	served(&r, send(&r));
	for (i = row->min; i < row->size + 64; i++)
		if (r.arg[i] != 0xa5)
			break;
	EQUAL(i, row->size + 64);
	EQUAL(*(u32 *)r.arg, row->min);
}

static void rule_longer(const struct row *row)
{
	const u32 sizes[] = { row->size + 1, row->size + 8, PAGE };
	size_t i;

	test("%s on %s: a longer struct with a tail of zeros is served",
	     row->name, row->area);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct request r = request(row);

		*(u32 *)r.arg = sizes[i];
		served(&r, send(&r));
	}
}

static void rule_tail(const struct row *row)
{
	const u32 at[] = { row->size, row->size + 7, PAGE - 1 };
	size_t i;

	test("%s on %s: a longer struct with anything in its tail is E2BIG",
	     row->name, row->area);
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		struct request r = request(row);

		*(u32 *)r.arg = at[i] + 1;
		r.arg[at[i]] = 1;
		refused(&r, send(&r), -E2BIG);
	}
}

static void rule_huge(const struct row *row)
{
	const u32 sizes[] = { PAGE + 1, 0x80000000, 0xffffffff };
	size_t i;

	test("%s on %s: a struct larger than a page is E2BIG", row->name,
	     row->area);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct request r = request(row);

		*(u32 *)r.arg = sizes[i];
		refused(&r, send(&r), -E2BIG);
	}
}

/* None, unmapped, the kernel's, and one that ends in the middle. */
static void rule_pointer(const struct row *row)
{
	u8 *edge = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *bad[] = {
		NULL, unmapped(), (void *)-1ul, (void *)(-1ul << 12),
		(void *)(1ul << (sizeof(long) * 8 - 1)),
		edge + PAGE - sizeof(u32),
	};
	size_t i;

	test("%s on %s: a bad pointer is EFAULT", row->name, row->area);
	*(u32 *)bad[5] = row->size;
	munmap(edge + PAGE, PAGE);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct request r = request(row);

		refused(&r, call(r.fd, row->cmd, bad[i]), -EFAULT);
	}
	munmap(edge, PAGE);
	munmap(bad[1], PAGE);
}

static void rule_readonly(const struct row *row)
{
	struct request r;
	void *copy;

	if (!(_IOC_DIR(row->cmd) & _IOC_READ) || row->keeps || row_answer(row))
		return;
	test("%s on %s: an answer that cannot be written is EFAULT, undone",
	     row->name, row->area);
	r = request(row);
	copy = readonly_copy(r.arg, row->size);
	refused(&r, call(r.fd, row->cmd, copy), -EFAULT);
	munmap(copy, PAGE);
}

static void rule_array(const struct row *row)
{
	void *bad[] = { NULL, readonly_copy("", 1), unmapped(),
			(void *)(-1ul << 12) };
	size_t i;

	if (!row->array)
		return;
	test("%s on %s: an array that cannot be written is EFAULT", row->name,
	     row->area);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct request r = request(row);

		*(u64 *)(r.arg + row->array) = PTR(bad[i]);
		refused(&r, send(&r), -EFAULT);
	}
	munmap(bad[1], PAGE);
	munmap(bad[2], PAGE);
}

/*
 * What the answer's memory held before, if nobody wrote it: slub_debug=P fills all
 * that is free with this.
 */
static void rule_poison(const struct row *row)
{
	static const u64 poison = 0x6b6b6b6b6b6b6b6bull;
	const size_t room = 16 * PAGE;
	struct request r;
	u8 *answer;

	if (!row->array)
		return;
	test("%s on %s: bug 29: no byte of an answer is what the memory held before",
	     row->name, row->area);
	answer = mmap(NULL, room, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	r = request(row);
	*(u64 *)(r.arg + row->array) = PTR(answer);
	served(&r, send(&r));
	CHECK(!memmem(answer, room, &poison, sizeof(poison)));
	munmap(answer, room);
}

/* The same number with another direction, type or neighbour is no command. */
static void rule_number(const struct row *row)
{
	const u32 dirs[] = { _IOC_NONE, _IOC_READ, _IOC_WRITE,
			     _IOC_READ | _IOC_WRITE };
	struct request r;
	size_t i;

	test("%s on %s: another direction or type is ENOTTY", row->name,
	     row->area);
	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		if (dirs[i] == _IOC_DIR(row->cmd))
			continue;
		r = request(row);
		refused(&r, call(r.fd, _IOC(dirs[i], MMKIT_IOC,
					    _IOC_NR(row->cmd), row->size),
				 r.arg), -ENOTTY);
	}
	r = request(row);
	refused(&r, call(r.fd, _IOC(_IOC_DIR(row->cmd), MMKIT_IOC + 1,
				    _IOC_NR(row->cmd), row->size), r.arg),
		-ENOTTY);
}

/* The size in the number is the program's; the struct says which it is. */
static void rule_encoded_size(const struct row *row)
{
	const u32 sizes[] = { 0, row->size - 1, row->size + 8, 16383 };
	size_t i;

	test("%s on %s: the size in the number is not looked at", row->name,
	     row->area);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct request r = request(row);

		served(&r, call(r.fd, _IOC(_IOC_DIR(row->cmd), MMKIT_IOC,
					   _IOC_NR(row->cmd), sizes[i]),
				r.arg));
	}
}

static void (*const rules[])(const struct row *row) = {
	rule_good, rule_short, rule_older, rule_longer, rule_tail, rule_huge,
	rule_pointer, rule_readonly, rule_array, rule_poison, rule_number,
	rule_encoded_size,
};

static bool known(const char *area, u32 nr)
{
	size_t i;

	/* Each device answers it. */
	if (nr == _IOC_NR(MMKIT_SESSION_INFO))
		return true;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i].area, area) && _IOC_NR(rows[i].cmd) == nr)
			return true;
	return false;
}

/* All 256 numbers of each device but those of the table. */
static void unknown_numbers(const char *area)
{
	struct mmkit_session_info arg = { .size = sizeof(arg) };
	int fd = dev_open(area);
	u32 nr;

	test("%s: every number that is no command is ENOTTY", area);
	for (nr = 0; nr < 256; nr++)
		if (!known(area, nr) &&
		    !EQUAL(call(fd, _IOC(_IOC_READ | _IOC_WRITE, MMKIT_IOC, nr,
					 sizeof(arg)), &arg), -ENOTTY))
			diag("number %u", nr);
	close(fd);
}

/* --- others at work meanwhile: processes, which share what they need */

struct shared {
	int fd;
	atomic_bool stop;
	atomic_int stolen;
	/* Zeros follow it to the end of the page, and then there is none. */
	struct mmkit_pages_alloc alloc;
};

static struct shared *share(void)
{
	struct shared *shared = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED ||
	    mprotect((u8 *)shared + PAGE, PAGE, PROT_NONE))
		bail("no shared page");
	shared->fd = dev_open("pages");
	shared->alloc = alloc_init(2, 4);
	return shared;
}

static pid_t start(void (*run)(struct shared *shared), struct shared *shared)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid)
		return pid;
	while (!atomic_load(&shared->stop))
		run(shared);
	_exit(0);
}

/* Everything is free again. */
static void stop(pid_t pid, struct shared *shared)
{
	int status;

	atomic_store(&shared->stop, true);
	EQUAL(waitpid(pid, &status, 0), pid);
	EQUAL(status, 0);
	EQUAL(session(shared->fd).handles, 0);
	EQUAL(session(shared->fd).bytes, 0);
	close(shared->fd);
	munmap(shared, 2 * PAGE);
}

/*
 * Two sizes are served; with 5000 the struct reaches to where no memory is, which is
 * E2BIG because nobody looks: EFAULT says that somebody did.
 */
static void flip(struct shared *shared)
{
	static const u32 sizes[] = {
		sizeof(shared->alloc), 3, 5000, sizeof(shared->alloc) + 8
	};
	volatile struct mmkit_pages_alloc *alloc = &shared->alloc;
	static u32 i;

	i++;
	alloc->size = sizes[i % 4];
	alloc->count = i & 1 ? 1 : 64;
	alloc->order = i & 2 ? 0 : 3;
	alloc->flags = i & 4 ? 0 : MMKIT_PAGES_SPLIT;
}

/* Whatever was asked for, what is held is what is charged. */
static void check_held(int fd, u32 handle)
{
	struct mmkit_page page[512];
	struct mmkit_session_info held = session(fd);
	int nr = pages_describe(fd, handle, 0, ARRAY_SIZE(page), page);

	EQUAL(held.handles, 1);
	BETWEEN(nr, 1, 512);
	EQUAL(held.bytes, (nr * PAGE) << page[0].order);
	EQUAL(pages_free(fd, handle), 0);
	EQUAL(session(fd).bytes, 0);
}

static void double_fetch(void)
{
	struct shared *shared = share();
	pid_t flipper = start(flip, shared);
	int i, err, good = 0, bad = 0;

	test("bug 26: a struct that changes while it is read is one struct or another");
	/* On one CPU, or a busy host, the struct stands still for whole time slices. */
	for (i = 0; i < 2000 || (i < 10000000 && (good < 50 || !bad)); i++) {
		err = call(shared->fd, MMKIT_PAGES_ALLOC, &shared->alloc);
		if (!err)
			check_held(shared->fd, shared->alloc.handle);
		else if (err != -EINVAL && err != -E2BIG)
			EQUAL(err, 0);
		good += !err;
		bad += !!err;
	}
	CHECK(good && bad);
	stop(flipper, shared);
}

static void steal(struct shared *shared)
{
	if (!pages_free(shared->fd, 1))
		atomic_fetch_add(&shared->stolen, 1);
}

static void unpublished(void)
{
	struct shared *shared = share();
	void *readonly = readonly_copy(&shared->alloc, sizeof(shared->alloc));
	pid_t thief = start(steal, shared);
	int i;

	test("bug 19: a handle that was never told is never found");
	for (i = 0; i < 2000; i++)
		EQUAL(call(shared->fd, MMKIT_PAGES_ALLOC, readonly), -EFAULT);
	atomic_store(&shared->stop, true);
	EQUAL(shared->stolen, 0);
	stop(thief, shared);
}

static void guessed(void)
{
	struct shared *shared = share();
	pid_t thief = start(steal, shared);
	int i, err, freed = 0, late = 0;

	test("of two that free one handle, one succeeds");
	for (i = 0; i < 2000; i++) {
		err = pages_free(shared->fd, pages_alloc(shared->fd, 1, 2));
		freed += !err;
		late += err == -ENOENT;
	}
	EQUAL(freed + late, 2000);
	/* The thief may be between its call and its count. */
	atomic_store(&shared->stop, true);
	BETWEEN(freed + shared->stolen, 1999, 2000);
	stop(thief, shared);
}

/* Something to report by MMKIT_INFO_LEAKS. */
static void leak_once(void)
{
	int fd = dev_open("pages");

	pages_alloc(fd, 0, 1);
	close(fd);
}

static void all_rules(const char *area)
{
	size_t i, j;

	for (j = 0; j < ARRAY_SIZE(rows); j++)
		for (i = 0; i < ARRAY_SIZE(rules); i++)
			if (!rows[j].optional && !strcmp(rows[j].area, area))
				rules[i](&rows[j]);
	unknown_numbers(area);
}

static void at_work(void)
{
	double_fetch();
	unpublished();
	guessed();
}

/* Of one area, or "races" alone. */
int main(int argc, char **argv)
{
	size_t i;

	leak_once();
	for (i = 0; i < ARRAY_SIZE(row_areas); i++)
		if (argc < 2 || !strcmp(argv[1], row_areas[i]))
			all_rules(row_areas[i]);
	if (argc < 2 || !strcmp(argv[1], "races"))
		at_work();
	return tap_end();
}
