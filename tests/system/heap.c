// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/mmkit/heap: every function, every refusal, what each size gives, and that
 * what was taken comes back.
 */
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib.h"

#define ATOMIC		MMKIT_GFP_ATOMIC
#define HUGE		(2ull << 20)
#define IN_ATOMIC	MMKIT_HEAP_IN_ATOMIC

static int one_fd;
static struct mmkit_heap_limits limits;

static const char *const names[] = {
	"kmalloc", "kzalloc", "kmalloc_array", "kmalloc_node", "kvmalloc",
	"vmalloc", "vzalloc", "vmalloc_user", "vmalloc_32", "vmalloc_huge",
	"vmap", "alloc_percpu",
};

static bool maps(u32 api)
{
	return api >= MMKIT_HEAP_VMALLOC && api <= MMKIT_HEAP_VMAP;
}

static bool has_realloc(u32 api)
{
	return api <= MMKIT_HEAP_KVMALLOC;
}

static struct mmkit_heap_alloc ask(u32 api, u64 bytes, u32 count)
{
	return (struct mmkit_heap_alloc) {
		.size = sizeof(struct mmkit_heap_alloc),
		.api = api,
		.bytes = bytes,
		.elements = api == MMKIT_HEAP_KMALLOC_ARRAY,
		.count = count,
		.node = -1,
	};
}

static int try(const struct mmkit_heap_alloc *request)
{
	struct mmkit_heap_alloc alloc = *request;

	return call(one_fd, MMKIT_HEAP_ALLOC, &alloc);
}

static u32 get(u32 api, u64 bytes, u32 count)
{
	struct mmkit_heap_alloc alloc = ask(api, bytes, count);

	EQUAL(call(one_fd, MMKIT_HEAP_ALLOC, &alloc), 0);
	return alloc.handle;
}

static int free_some(u32 handle, u32 first, u32 nr, u32 stride, u32 flags)
{
	struct mmkit_heap_free free = {
		.size = sizeof(free),
		.handle = handle,
		.first = first,
		.nr = nr,
		.stride = stride,
		.flags = flags,
	};

	return call(one_fd, MMKIT_HEAP_FREE, &free);
}

static int free_all(u32 handle)
{
	return free_some(handle, 0, 0, 0, 0);
}

static int describe(u32 handle, u32 first, u32 nr,
		    struct mmkit_heap_object *objects)
{
	struct mmkit_heap_describe arg = {
		.size = sizeof(arg),
		.handle = handle,
		.first = first,
		.nr = nr,
		.objects = PTR(objects),
	};
	int err = call(one_fd, MMKIT_HEAP_DESCRIBE, &arg);

	return err ?: (int)arg.nr;
}

static int pfns(u32 handle, u32 index, u64 first, u32 nr, u64 *array)
{
	struct mmkit_heap_pfns arg = {
		.size = sizeof(arg),
		.handle = handle,
		.index = index,
		.nr = nr,
		.first = first,
		.pfns = PTR(array),
	};
	int err = call(one_fd, MMKIT_HEAP_PFNS, &arg);

	return err ?: (int)arg.nr;
}

static struct mmkit_heap_realloc to_size(u32 handle, u32 index, u64 bytes)
{
	return (struct mmkit_heap_realloc) {
		.size = sizeof(struct mmkit_heap_realloc),
		.handle = handle,
		.index = index,
		.bytes = bytes,
	};
}

static int resize(u32 handle, u32 index, u64 bytes)
{
	struct mmkit_heap_realloc arg = to_size(handle, index, bytes);

	return call(one_fd, MMKIT_HEAP_REALLOC, &arg) ?: (int)arg.moved;
}

static void nothing_held(void)
{
	struct mmkit_session_info now = session(one_fd);

	EQUAL(now.handles, 0);
	EQUAL(now.bytes, 0);
}

/* --- refusals */

static const struct {
	const char *name;
	u32 api;
	u64 bytes;
	u64 elements;
	u32 count;
	u32 gfp;
	s32 node;
	u32 flags;
	u32 reserved;
	int want;
} refusals[] = {
	{ "an unknown function", MMKIT_HEAP_API_NR, 1, 0, 1, .want = -EINVAL },
	{ "function 2^32-1", ~0u, 1, 0, 1, .want = -EINVAL },
	{ "reserved", 0, 1, 0, 1, .reserved = 1, .want = -EINVAL },
	{ "an unknown flag", 0, 1, 0, 1, .flags = 2, .want = -EINVAL },
	{ "flags 2^31", 0, 1, 0, 1, .flags = 1u << 31, .want = -EINVAL },
	{ "count 0", 0, 1, 0, 0, .want = -EINVAL },
	{ "count 2^24+1", 0, 1, 0, (1 << 24) + 1, .want = -EINVAL },
	{ "count 2^32-1", 0, 1, 0, ~0u, .want = -EINVAL },
	{ "count 2^24 of 4 MiB", 0, 4 << 20, 0, 1 << 24, .want = -EDQUOT },
	{ "elements without an array", 0, 8, 2, 1, .want = -EINVAL },
	{ "an array without elements", MMKIT_HEAP_KMALLOC_ARRAY, 8, 0, 1,
	  .want = -EINVAL },
	{ "an array of 2^64 bytes", MMKIT_HEAP_KMALLOC_ARRAY, 1ull << 32,
	  1ull << 32, 1, .want = -EOVERFLOW },
	{ "an array that wraps to 8 bytes", MMKIT_HEAP_KMALLOC_ARRAY,
	  (1ull << 61) + 1, 8, 1, .want = -EOVERFLOW },
	{ "an array of 2^64-1 elements", MMKIT_HEAP_KMALLOC_ARRAY, 2, ~0ull, 1,
	  .want = -EOVERFLOW },
	{ "an array above the largest", MMKIT_HEAP_KMALLOC_ARRAY, 4096, 1025, 1,
	  .want = -ERANGE },
	{ "node -2", MMKIT_HEAP_KMALLOC_NODE, 1, 0, 1, .node = -2,
	  .want = -EINVAL },
	{ "node 1 where there is none", MMKIT_HEAP_KMALLOC_NODE, 1, 0, 1,
	  .node = 1, .want = -EINVAL },
	{ "node 2^31-1", MMKIT_HEAP_KMALLOC_NODE, 1, 0, 1, .node = 0x7fffffff,
	  .want = -EINVAL },
	{ "a node for kmalloc", MMKIT_HEAP_KMALLOC, 1, 0, 1, .node = 0,
	  .want = -EINVAL },
	{ "a node for vmalloc", MMKIT_HEAP_VMALLOC, 1, 0, 1, .node = 0,
	  .want = -EINVAL },
	{ "an unknown gfp bit", 0, 1, 0, 1, 1u << 4, .want = -EINVAL },
	{ "gfp 2^32-1", 0, 1, 0, 1, ~0u, .want = -EINVAL },
	{ "two contexts", 0, 1, 0, 1, MMKIT_GFP_KERNEL | ATOMIC,
	  .want = -EINVAL },
	{ "compound pages", 0, 1, 0, 1, MMKIT_GFP_COMP, .want = -EINVAL },
	{ "DMA32 from a slab", 0, 1, 0, 1, MMKIT_GFP_DMA32, .want = -EINVAL },
	{ "DMA32 from kvmalloc", MMKIT_HEAP_KVMALLOC, 1, 0, 1,
	  MMKIT_GFP_DMA32, .want = -EINVAL },
	{ "movable slab objects", 0, 1, 0, 1, MMKIT_GFP_HIGHUSER_MOVABLE,
	  .want = -EINVAL },
	{ "vmalloc that may not sleep", MMKIT_HEAP_VMALLOC, 1, 0, 1, ATOMIC,
	  .want = -EINVAL },
	{ "vmalloc from a zone", MMKIT_HEAP_VMALLOC, 1, 0, 1,
	  MMKIT_GFP_DMA32, .want = -EINVAL },
	{ "vmalloc of movable pages", MMKIT_HEAP_VMALLOC_HUGE, 1, 0, 1,
	  MMKIT_GFP_HIGHUSER_MOVABLE, .want = -EINVAL },
	{ "vmalloc of one node", MMKIT_HEAP_VZALLOC, 1, 0, 1,
	  MMKIT_GFP_THISNODE, .want = -EINVAL },
	{ "vmap that may not sleep", MMKIT_HEAP_VMAP, 1, 0, 1,
	  MMKIT_GFP_NOWAIT, .want = -EINVAL },
	{ "flags for vmalloc_user", MMKIT_HEAP_VMALLOC_USER, 1, 0, 1,
	  MMKIT_GFP_ZERO, .want = -EINVAL },
	{ "flags for vmalloc_32", MMKIT_HEAP_VMALLOC_32, 1, 0, 1,
	  MMKIT_GFP_DMA32, .want = -EINVAL },
	{ "KERNEL under a spinlock", 0, 1, 0, 1, MMKIT_GFP_KERNEL,
	  .flags = IN_ATOMIC, .want = -EINVAL },
	{ "no flags under a spinlock", 0, 1, 0, 1, 0, .flags = IN_ATOMIC,
	  .want = -EINVAL },
	{ "vmalloc under a spinlock", MMKIT_HEAP_VMALLOC, 1, 0, 1, ATOMIC,
	  .flags = IN_ATOMIC, .want = -EINVAL },
	{ "vmalloc_user under a spinlock", MMKIT_HEAP_VMALLOC_USER, 1, 0, 1, 0,
	  .flags = IN_ATOMIC, .want = -EINVAL },
};

/* Rows that do not name a node mean the caller's. */
static void refuse(size_t i)
{
	struct mmkit_heap_alloc alloc = {
		.size = sizeof(alloc),
		.api = refusals[i].api,
		.bytes = refusals[i].bytes,
		.elements = refusals[i].elements,
		.count = refusals[i].count,
		.gfp = refusals[i].gfp,
		.node = refusals[i].node,
		.flags = refusals[i].flags,
		.reserved = refusals[i].reserved,
	};

	test("alloc refuses %s", refusals[i].name);
	if (!strstr(refusals[i].name, "node"))
		alloc.node = -1;
	EQUAL(try(&alloc), refusals[i].want);
	nothing_held();
}

/* The largest that the function serves; what is larger is -ERANGE. */
static u64 largest(u32 api)
{
	if (maps(api))
		return limits.vmalloc_total;
	if (api == MMKIT_HEAP_ALLOC_PERCPU)
		return limits.percpu_max;
	return api == MMKIT_HEAP_KVMALLOC ? 0x7fffffff : limits.kmalloc_max;
}

static void bad_sizes(u32 api)
{
	const u64 wrong[] = {
		largest(api) + 1, ~0ull, ~0ull - 1, ~0ull - 4094, ~0ull - 4095,
		1ull << 63, (u64)(s64)-4096, (u64)(s64)(-0x7fffffff - 1),
	};
	struct mmkit_heap_alloc alloc = ask(api, 0, 1);
	size_t i;

	test("%s refuses 0, and what no machine has, negative sizes too",
	     names[api]);
	EQUAL(try(&alloc), -EINVAL);
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		alloc.bytes = wrong[i];
		if (!EQUAL(try(&alloc), -ERANGE))
			diag("size %llu", wrong[i]);
	}
	alloc.bytes = largest(api);
	if (maps(api) || api == MMKIT_HEAP_KVMALLOC)
		EQUAL(try(&alloc), -EDQUOT);
	else
		EQUAL(free_all(get(api, largest(api), 1)), 0);
	nothing_held();
}

/* --- memory that fails */

static void allow(const char *bytes)
{
	EQUAL(file_write(QUOTA "total_bytes", bytes), 0);
	EQUAL(file_write(QUOTA "session_bytes", bytes), 0);
}

static void no_memory(void)
{
	struct mmkit_session_info was = session(one_fd);
	u32 api;
	char text[32];

	test("more than the machine has is ENOMEM, and nothing is kept");
	allow("1099511627776");
	for (api = MMKIT_HEAP_VMALLOC; api <= MMKIT_HEAP_VMALLOC_HUGE; api++) {
		struct mmkit_heap_alloc alloc = ask(api, 64ull << 30, 1);

		if (!EQUAL(try(&alloc), -ENOMEM))
			diag("%s", names[api]);
	}
	snprintf(text, sizeof(text), "%llu", was.max_bytes);
	allow(text);
	nothing_held();
}

/* What zones that end below 4 GiB have, all of them. */
static u64 low_bytes(void)
{
	static struct mmkit_zone zones[64];
	int fd = dev_open("pages");
	u32 i, nr = pages_zones(fd, zones, ARRAY_SIZE(zones));
	u64 pages = 0;

	for (i = 0; i < nr && i < ARRAY_SIZE(zones); i++)
		if (zones[i].zone == MMKIT_ZONE_DMA ||
		    zones[i].zone == MMKIT_ZONE_DMA32)
			pages += zones[i].present;
	close(fd);
	return pages * PAGE;
}

static void no_low_memory(void)
{
	struct mmkit_session_info was = session(one_fd);
	struct mmkit_heap_alloc alloc = ask(MMKIT_HEAP_VMALLOC_32, low_bytes(),
					    1);
	char text[32];

	test("vmalloc_32 of all that lies below 4 GiB is ENOMEM, whatever lies above");
	if (!alloc.bytes) {
		skip("no zone ends there");
		return;
	}
	allow("1099511627776");
	EQUAL(try(&alloc), -ENOMEM);
	snprintf(text, sizeof(text), "%llu", was.max_bytes);
	allow(text);
	nothing_held();
}

/* Each wants more than half of what is there, both at the same moment. */
static void at_once(void)
{
	struct mmkit_session_info was = session(one_fd);
	struct mmkit_heap_alloc alloc = ask(MMKIT_HEAP_VMALLOC_USER, 0, 1);
	long long kills = oom_kills();
	int begin[2], i, ended;
	char text[32], byte;
	pid_t pid[2];

	test("two that want the same memory at once: no OOM kill");
	alloc.bytes = meminfo("MemAvailable") * 1024 / 10 * 6;
	allow("1099511627776");
	EQUAL(pipe(begin), 0);
	fflush(stdout);
	for (i = 0; i < 2; i++) {
		pid[i] = fork();
		if (pid[i])
			continue;
		close(begin[1]);
		one_fd = dev_open("heap");
		CHECK(read(begin[0], &byte, 1) == 0);
		_exit(-try(&alloc));
	}
	close(begin[0]);
	close(begin[1]);
	for (i = 0; i < 2; i++) {
		EQUAL(waitpid(pid[i], &ended, 0), pid[i]);
		CHECK(WIFEXITED(ended));
		CHECK(WEXITSTATUS(ended) == 0 || WEXITSTATUS(ended) == ENOMEM);
	}
	EQUAL(oom_kills(), kills);
	snprintf(text, sizeof(text), "%llu", was.max_bytes);
	allow(text);
	nothing_held();
}

/* A worker gives it back some time after it was freed. */
static void wait_free(long long kib)
{
	int tries;

	for (tries = 0; tries < 300 && meminfo("MemFree") < kib; tries++)
		usleep(100000);
	CHECK(meminfo("MemFree") >= kib);
}

/* Of the kernels that mmkit has with KASAN 7.3 passes on the flags, and 6.1 does not. */
static bool shadow_kills(void)
{
	struct utsname uts;

	uname(&uts);
	return info().features & MMKIT_FEATURE_KASAN && atoi(uts.release) < 7;
}

static void no_percpu_memory(void)
{
	struct mmkit_session_info was = session(one_fd);
	struct mmkit_heap_alloc alloc = ask(MMKIT_HEAP_ALLOC_PERCPU,
					    limits.percpu_max, 0);
	long long kills = oom_kills(), free = meminfo("MemFree");
	char text[32];

	test("per-cpu objects until there is no memory: no OOM kill");
	if (shadow_kills()) {
		skip("pcpu_get_vm_areas() takes KASAN's shadow with GFP_KERNEL alone");
		return;
	}
	alloc.count = meminfo("MemTotal") * 1024 / (alloc.bytes * limits.cpus);
	own_memory_now();
	allow("1099511627776");
	EQUAL(try(&alloc), -ENOMEM);
	wait_free(free / 2);
	EQUAL(oom_kills(), kills);
	snprintf(text, sizeof(text), "%llu", was.max_bytes);
	allow(text);
	nothing_held();
}

static void bad_pointers(void)
{
	struct mmkit_heap_alloc alloc = ask(MMKIT_HEAP_KMALLOC, 100, 2);
	struct mmkit_heap_describe what = { .size = sizeof(what), .nr = 2 };
	struct mmkit_heap_pfns frames = { .size = sizeof(frames), .nr = 1 };

	test("bad pointers are EFAULT, and make nothing");
	EQUAL(call(one_fd, MMKIT_HEAP_ALLOC, unmapped()), -EFAULT);
	EQUAL(call(one_fd, MMKIT_HEAP_ALLOC,
		   readonly_copy(&alloc, sizeof(alloc))), -EFAULT);
	nothing_held();
	what.handle = get(MMKIT_HEAP_KMALLOC, 100, 2);
	what.objects = PTR(unmapped());
	EQUAL(call(one_fd, MMKIT_HEAP_DESCRIBE, &what), -EFAULT);
	frames.handle = what.handle;
	frames.pfns = PTR(unmapped());
	EQUAL(call(one_fd, MMKIT_HEAP_PFNS, &frames), -EFAULT);
	EQUAL(call(one_fd, MMKIT_HEAP_LIMITS, unmapped()), -EFAULT);
	EQUAL(call(one_fd, MMKIT_HEAP_REALLOC, unmapped()), -EFAULT);
	EQUAL(call(one_fd, MMKIT_HEAP_FREE, unmapped()), -EFAULT);
	EQUAL(free_all(what.handle), 0);
	nothing_held();
}

static u64 page_up(u64 bytes)
{
	return (bytes + PAGE - 1) / PAGE * PAGE;
}

/* The smallest size class: 8 on x86; elsewhere what DMA wants, up to 128. */
static u64 smallest(void)
{
	static u64 usable;
	struct mmkit_heap_object object;
	u32 handle;

	if (usable)
		return usable;
	handle = get(MMKIT_HEAP_KMALLOC, 1, 1);
	if (EQUAL(describe(handle, 0, 1, &object), 1))
		usable = object.usable;
	BETWEEN(usable, 8, 128);
	EQUAL(free_all(handle), 0);
	return usable;
}

/* That of the size class, as /proc/slabinfo lists them, or a block of pages. */
static u64 slot(u64 bytes)
{
	u64 up = smallest();

	if (up <= 32 && bytes > 64 && bytes <= 96)
		return 96;
	if (up <= 64 && bytes > 128 && bytes <= 192)
		return 192;
	while (up < bytes)
		up *= 2;
	return up;
}

/* What it takes, or what the smallest slot and three words do. */
static u64 charge(u32 api, u64 bytes)
{
	if ((api == MMKIT_HEAP_VMALLOC_HUGE && bytes >= HUGE) ||
	    (api == MMKIT_HEAP_KVMALLOC && bytes > limits.kmalloc_max))
		return (bytes + HUGE - 1) / HUGE * HUGE;
	if (maps(api))
		return page_up(bytes);
	if (api == MMKIT_HEAP_ALLOC_PERCPU)
		bytes = (bytes + 7) / 8 * 8 * (limits.cpus + 2);
	else
		bytes = slot(bytes);
	return bytes > smallest() + 24 ? bytes : smallest() + 24;
}

static void handles_refused(void)
{
	u32 handle = get(MMKIT_HEAP_KMALLOC, 100, 4);
	struct mmkit_heap_object objects[4];
	struct mmkit_heap_realloc arg = to_size(handle, 0, 100);
	u64 frame;

	test("handles and indices that are none");
	EQUAL(describe(handle + 1, 0, 1, objects), -ENOENT);
	EQUAL(describe(0, 0, 1, objects), -ENOENT);
	EQUAL(describe(handle, 4, 1, objects), -EINVAL);
	EQUAL(describe(handle, ~0u, 1, objects), -EINVAL);
	EQUAL(describe(handle, 0, 0, objects), -EINVAL);
	EQUAL(describe(handle, 0, MMKIT_HEAP_DESCRIBE_MAX + 1, objects),
	      -EINVAL);
	EQUAL(describe(handle, 2, 4, objects), 2);
	EQUAL(pfns(handle + 1, 0, 0, 1, &frame), -ENOENT);
	EQUAL(pfns(handle, 4, 0, 1, &frame), -ENOENT);
	EQUAL(pfns(handle, 0, 0, 0, &frame), -EINVAL);
	EQUAL(pfns(handle, 0, 0, MMKIT_HEAP_PFNS_MAX + 1, &frame), -EINVAL);
	EQUAL(pfns(handle, 0, 2, 1, &frame), -EINVAL);
	EQUAL(pfns(handle, 0, ~0ull, 1, &frame), -EINVAL);
	EQUAL(resize(handle + 1, 0, 100), -ENOENT);
	EQUAL(resize(handle, 4, 100), -ENOENT);
	EQUAL(resize(handle, 0, 0), -EINVAL);
	EQUAL(resize(handle, 0, limits.kmalloc_max + 1), -ERANGE);
	EQUAL(resize(handle, 0, ~0ull), -ERANGE);
	arg.reserved = 1;
	EQUAL(call(one_fd, MMKIT_HEAP_REALLOC, &arg), -EINVAL);
	arg.reserved = 0;
	arg.gfp = MMKIT_GFP_COMP;
	EQUAL(call(one_fd, MMKIT_HEAP_REALLOC, &arg), -EINVAL);
	EQUAL(session(one_fd).bytes, 4 * charge(MMKIT_HEAP_KMALLOC, 100));
	EQUAL(free_all(handle), 0);
	nothing_held();
}

static void free_refused(void)
{
	u32 handle = get(MMKIT_HEAP_KMALLOC, 64, 10);
	u32 area = get(MMKIT_HEAP_VMALLOC, 1, 1);
	struct mmkit_heap_object object;

	test("free refuses what is outside or gone, and frees nothing then");
	EQUAL(free_some(handle, 10, 0, 0, 0), -EINVAL);
	EQUAL(free_some(handle, 0, 11, 0, 0), -EINVAL);
	EQUAL(free_some(handle, ~0u, 1, 0, 0), -EINVAL);
	EQUAL(free_some(handle, 1, ~0u, 0, 0), -EINVAL);
	EQUAL(free_some(handle, 0, 0, 0, 2), -EINVAL);
	EQUAL(free_some(handle + 7, 0, 0, 0, 0), -ENOENT);
	EQUAL(free_some(area, 0, 0, 0, MMKIT_HEAP_SENSITIVE), -EOPNOTSUPP);
	EQUAL(free_some(handle, 3, 2, 0, 0), 0);
	EQUAL(free_some(handle, 3, 1, 0, 0), -ENOENT);
	EQUAL(free_some(handle, 0, 10, 0, 0), -ENOENT);
	EQUAL(session(one_fd).bytes, 8 * 64 + PAGE);
	EQUAL(describe(handle, 3, 1, &object), 1);
	EQUAL(object.state, MMKIT_HEAP_FREED);
	EQUAL(resize(handle, 3, 10), -ENOENT);
	EQUAL(free_some(handle, 5, 5, 2, 0), 0);
	EQUAL(session(one_fd).bytes, 5 * 64 + PAGE);
	EQUAL(free_some(handle, 0, 0, 0, MMKIT_HEAP_SENSITIVE), 0);
	EQUAL(free_all(handle), -ENOENT);
	EQUAL(free_all(area), 0);
	nothing_held();
}

/* What an object's note takes is given back with the last of them. */
static void few_left(void)
{
	const u32 count = 10000;
	u32 handle = get(MMKIT_HEAP_KMALLOC, 1, count);

	test("as long as one is left the notes of all are charged");
	EQUAL(session(one_fd).bytes, count * charge(MMKIT_HEAP_KMALLOC, 1));
	EQUAL(free_some(handle, 1, 0, 0, 0), 0);
	EQUAL(session(one_fd).bytes, count * 24);
	BETWEEN(resize(handle, 0, 100), 0, 1);
	CHECK(session(one_fd).bytes >= count * 24);
	EQUAL(free_all(handle), 0);
	nothing_held();
}

/* --- what a size gives */

static void check_linear(const struct mmkit_heap_object *object)
{
	bool slab = object->state & MMKIT_HEAP_SLAB;

	EQUAL(object->state, (slab ? MMKIT_HEAP_SLAB : MMKIT_HEAP_LARGE) |
			     MMKIT_HEAP_CONTIGUOUS);
	EQUAL(slab, object->bytes <= limits.kmalloc_cache);
	EQUAL(object->runs, 1);
	if (slab) {
		CHECK(object->usable < 2 * object->bytes ||
		      object->usable == smallest());
		return;
	}
	EQUAL(object->usable & (object->usable - 1), 0);
	CHECK(object->usable < 2 * object->bytes);
	EQUAL(object->pages * PAGE, object->usable);
	EQUAL(object->offset, 0);
	EQUAL(object->pfn % object->pages, 0);
}

static void check_area(u32 api, const struct mmkit_heap_object *object)
{
	bool huge = api == MMKIT_HEAP_VMALLOC_HUGE || api == MMKIT_HEAP_KVMALLOC;

	CHECK(object->state & MMKIT_HEAP_MAPPED);
	CHECK(object->state & MMKIT_HEAP_GUARD);
	EQUAL(!!(object->state & MMKIT_HEAP_FELL_BACK),
	      api == MMKIT_HEAP_KVMALLOC);
	EQUAL(object->usable, object->pages * PAGE);
	if (huge && object->bytes >= HUGE)
		BETWEEN(object->usable, page_up(object->bytes),
			page_up(object->bytes) + HUGE);
	else
		EQUAL(object->usable, page_up(object->bytes));
	BETWEEN(object->runs, 1, object->pages);
	EQUAL(!!(object->state & MMKIT_HEAP_CONTIGUOUS), object->runs == 1);
	EQUAL(object->offset, 0);
}

static void check_object(u32 api, const struct mmkit_heap_object *object,
			 u64 bytes)
{
	EQUAL(object->bytes, bytes);
	CHECK(object->usable >= bytes);
	CHECK(object->pfn != 0);
	EQUAL(object->node, 0);
	EQUAL(object->reserved, 0);
	if (api == MMKIT_HEAP_ALLOC_PERCPU) {
		CHECK(object->state & MMKIT_HEAP_PERCPU);
		EQUAL(object->usable, (bytes + 3) / 4 * 4);
	} else if (maps(api) || object->state & MMKIT_HEAP_MAPPED) {
		check_area(api, object);
	} else {
		check_linear(object);
	}
}

/* The bits of linux/kernel-page-flags.h: free, absent, in a slab. */
#define KPF_SLAB	(1ull << 7)
#define KPF_FREE	(1ull << 10 | 1ull << 20)
#define FLAGS_LOOKED_AT	100

static void check_frames(u32 handle, u32 api,
			 const struct mmkit_heap_object *object)
{
	static u64 frames[4096];
	bool slab = object->state & MMKIT_HEAP_SLAB;
	u64 flags, runs = 1;
	int i, nr = pfns(handle, 1, 0, ARRAY_SIZE(frames), frames);

	if (!CHECK(nr > 0))
		return;
	EQUAL(frames[0], object->pfn);
	for (i = 0; i < nr; i++) {
		runs += i && frames[i] != frames[i - 1] + 1;
		if (i >= FLAGS_LOOKED_AT)
			continue;
		flags = kpage("flags", frames[i]);
		EQUAL(!!(flags & KPF_SLAB), slab);
		EQUAL(flags & KPF_FREE, 0);
	}
	EQUAL(runs, object->runs);
	if (maps(api))
		EQUAL(nr, object->pages);
}

static void one_size(u32 api, u64 bytes)
{
	struct mmkit_heap_object objects[2];
	u32 handle = get(api, bytes, 2);

	EQUAL(session(one_fd).bytes, 2 * charge(api, bytes));
	if (EQUAL(describe(handle, 0, 2, objects), 2)) {
		check_object(api, &objects[0], bytes);
		check_object(api, &objects[1], bytes);
		check_frames(handle, api, &objects[1]);
	}
	EQUAL(free_all(handle), 0);
}

static void sizes(u32 api)
{
	static const u64 tried[] = {
		1, 7, 8, 9, 63, 64, 65, 96, 97, 192, 193, 300, 4095, 4096, 4097,
		8191, 8192, 8193, 12289, 32767, 32768, 32769, 100000, 1 << 20,
		(1 << 20) + 1, HUGE, 3 << 20, 4 << 20, (4 << 20) + 1, 5 << 20,
	};
	size_t i;

	test("%s: usable, pages, runs, frames and charge of every size",
	     names[api]);
	for (i = 0; i < ARRAY_SIZE(tried) && tried[i] <= largest(api); i++)
		one_size(api, tried[i]);
	nothing_held();
}

static void arrays(void)
{
	struct mmkit_heap_alloc alloc = ask(MMKIT_HEAP_KMALLOC_ARRAY, 12, 3);
	struct mmkit_heap_object object;

	test("an array is of as many bytes as its elements are together");
	alloc.elements = 25;
	EQUAL(call(one_fd, MMKIT_HEAP_ALLOC, &alloc), 0);
	EQUAL(session(one_fd).bytes, 3 * charge(MMKIT_HEAP_KMALLOC, 300));
	EQUAL(describe(alloc.handle, 2, 1, &object), 1);
	EQUAL(object.bytes, 300);
	EQUAL(object.usable, 512);
	EQUAL(free_all(alloc.handle), 0);
	nothing_held();
}

static void in_atomic(u32 api)
{
	const u32 gfps[] = { ATOMIC, MMKIT_GFP_NOWAIT, ATOMIC | MMKIT_GFP_ZERO };
	struct mmkit_heap_alloc alloc = ask(api, 200, 50);
	size_t i;

	test("%s under a spinlock", names[api]);
	alloc.flags = IN_ATOMIC;
	for (i = 0; i < ARRAY_SIZE(gfps); i++) {
		alloc.gfp = gfps[i];
		EQUAL(call(one_fd, MMKIT_HEAP_ALLOC, &alloc), 0);
		EQUAL(free_all(alloc.handle), 0);
	}
	nothing_held();
}

static void reallocs(u32 api)
{
	u32 handle = get(api, 300, 3);
	const u64 had = charge(api, 300), has = charge(api, 513);
	const u64 large = charge(api, 100000);
	struct mmkit_heap_object object;

	test("%s: an object grows in place in its class, and moves beyond",
	     names[api]);
	/* kvrealloc() copies whenever it grows, until some kernel after 6.1. */
	if (api == MMKIT_HEAP_KVMALLOC)
		BETWEEN(resize(handle, 1, 512), 0, 1);
	else
		EQUAL(resize(handle, 1, 512), 0);
	EQUAL(resize(handle, 1, 513), 1);
	EQUAL(session(one_fd).bytes, had + has + had);
	EQUAL(resize(handle, 1, 100), 0);
	EQUAL(resize(handle, 2, 100000), 1);
	/* What shrank in place still has its slot of 1024 bytes. */
	EQUAL(session(one_fd).bytes, had + has + large);
	BETWEEN(resize(handle, 1, 600), 0, 1);
	EQUAL(session(one_fd).bytes, had + has + large);
	EQUAL(resize(handle, 1, 100), 0);
	EQUAL(describe(handle, 1, 1, &object), 1);
	EQUAL(object.bytes, 100);
	EQUAL(describe(handle, 2, 1, &object), 1);
	EQUAL(object.bytes, 100000);
	if (api == MMKIT_HEAP_KVMALLOC) {
		EQUAL(resize(handle, 0, 5 << 20), 1);
		EQUAL(describe(handle, 0, 1, &object), 1);
		CHECK(object.state & MMKIT_HEAP_FELL_BACK);
	}
	EQUAL(free_some(handle, 0, 0, 0, MMKIT_HEAP_SENSITIVE), 0);
	nothing_held();
}

/* Pages of the areas that the module took, or -1. */
static long long area_pages(void)
{
	FILE *f = fopen("/proc/vmallocinfo", "r");
	char *line = NULL, *at;
	long long sum = 0;
	size_t room = 0;

	if (!f)
		return -1;
	while (getline(&line, &room, f) > 0)
		if (strstr(line, "[mmkit_heap]") && !strstr(line, "load_module") &&
		    (at = strstr(line, " pages=")))
			sum += atoll(at + strlen(" pages="));
	free(line);
	fclose(f);
	return sum;
}

/* Newer kernels give back what lies behind the new end, if it is no large page. */
static void shrinks(void)
{
	long long others = area_pages(), had, has;
	u32 handle = get(MMKIT_HEAP_KVMALLOC, 5 << 20, 1);

	test("KVMALLOC: what shrank where it was is charged for what it has");
	had = area_pages() - others;
	CHECK(had >= (long long)((5 << 20) / PAGE));
	EQUAL(resize(handle, 0, PAGE), 0);
	has = area_pages() - others;
	EQUAL(session(one_fd).bytes,
	      (6 << 20) - (had - has) * (PAGE - 8));
	printf("# of %lld pages %lld are left\n", had, has);
	EQUAL(free_all(handle), 0);
	EQUAL(area_pages(), others);
	nothing_held();
}

static void no_realloc(u32 api)
{
	u32 handle = get(api, 100, 1);

	test("%s has no realloc and no sensitive free", names[api]);
	EQUAL(resize(handle, 0, 200), -EOPNOTSUPP);
	EQUAL(free_some(handle, 0, 0, 0, MMKIT_HEAP_SENSITIVE), -EOPNOTSUPP);
	EQUAL(free_all(handle), 0);
	nothing_held();
}

/* --- who may see what, and how much */

static void as_nobody(void *data)
{
	struct mmkit_heap_alloc alloc = ask(MMKIT_HEAP_KMALLOC, 1, 1);
	struct mmkit_heap_object object;
	u32 handle = *(u32 *)data;
	u64 frame;

	EQUAL(setresuid(NOBODY, NOBODY, NOBODY), 0);
	EQUAL(describe(handle, 0, 1, &object), 1);
	EQUAL(object.pfn, 0);
	CHECK(object.state & MMKIT_HEAP_NOPFN);
	EQUAL(object.usable, 512);
	EQUAL(pfns(handle, 0, 0, 1, &frame), -EPERM);
	alloc.gfp = ATOMIC;
	EQUAL(try(&alloc), -EPERM);
}

static void hidden(void)
{
	u32 handle = get(MMKIT_HEAP_KMALLOC, 300, 1);

	test("page frames are not shown to others than root, and ATOMIC is not theirs");
	EQUAL(in_child(as_nobody, &handle), 0);
	EQUAL(free_all(handle), 0);
	nothing_held();
}

static void quota(u32 api)
{
	struct mmkit_heap_alloc alloc = ask(api, 4096, 1);
	struct mmkit_session_info was = session(one_fd);
	char text[32];
	u32 handle;

	test("%s is over the quota with the byte after the last", names[api]);
	snprintf(text, sizeof(text), "%llu", 3 * charge(api, 4096));
	EQUAL(file_write(QUOTA "session_bytes", text), 0);
	alloc.count = 4;
	EQUAL(try(&alloc), -EDQUOT);
	nothing_held();
	handle = get(api, 4096, 3);
	alloc.count = 1;
	alloc.bytes = 1;
	EQUAL(try(&alloc), -EDQUOT);
	if (has_realloc(api))
		EQUAL(resize(handle, 0, 4097), -EDQUOT);
	EQUAL(free_some(handle, 0, 1, 0, 0), 0);
	EQUAL(try(&alloc), 0);
	EQUAL(session(one_fd).bytes,
	      2 * charge(api, 4096) + charge(api, 1));
	snprintf(text, sizeof(text), "%llu", was.max_bytes);
	EQUAL(file_write(QUOTA "session_bytes", text), 0);
}

/* A session of its own, for it is closed with objects in it. */
static void quotas(u32 api)
{
	int kept = one_fd;

	one_fd = dev_open("heap");
	quota(api);
	close(one_fd);
	one_fd = kept;
}

static void limits_true(void)
{
	test("the limits are this kernel's");
	EQUAL(limits.kmalloc_cache, 2 * PAGE);
	EQUAL(limits.cpus, sysconf(_SC_NPROCESSORS_CONF));
	CHECK(limits.kmalloc_max >= 4 << 20);
	CHECK(limits.percpu_max >= PAGE);
	CHECK(limits.vmalloc_total > 1ull << 40);
}

static void each_api(void (*run)(u32 api), bool (*which)(u32 api))
{
	u32 api;

	for (api = 0; api < MMKIT_HEAP_API_NR; api++)
		if (!which || which(api))
			run(api);
}

static bool not_mapping(u32 api)
{
	return !maps(api);
}

static bool fixed(u32 api)
{
	return !has_realloc(api);
}

/* Last of all: afterwards large blocks may be few. */
static int floods(void)
{
	at_once();
	no_percpu_memory();
	return tap_end();
}

int main(int argc, char **argv)
{
	size_t i;

	one_fd = dev_open("heap");
	limits.size = sizeof(limits);
	if (call(one_fd, MMKIT_HEAP_LIMITS, &limits))
		bail("MMKIT_HEAP_LIMITS: %s", strerror(errno));
	if (argc > 1 && !strcmp(argv[1], "floods"))
		return floods();
	if (argc > 1 && !strcmp(argv[1], "shrinks")) {
		shrinks();
		return tap_end();
	}
	limits_true();
	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		refuse(i);
	each_api(bad_sizes, NULL);
	no_memory();
	no_low_memory();
	bad_pointers();
	handles_refused();
	free_refused();
	few_left();
	each_api(sizes, NULL);
	arrays();
	each_api(in_atomic, not_mapping);
	each_api(reallocs, has_realloc);
	shrinks();
	each_api(no_realloc, fixed);
	hidden();
	each_api(quotas, NULL);
	return tap_end();
}
