// SPDX-License-Identifier: GPL-2.0-only
/* A machine with two nodes: one that is bound to one of them has only its memory. */
#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "lib.h"

#define NODE1	"/sys/devices/system/node/node1/meminfo"

/* In bytes; more than the node has free, and less than the machine. */
static u64 of_node(void)
{
	static char text[4096];
	char *at = file_read(NODE1, text, sizeof(text)) ?
		   strstr(text, "MemTotal:") : NULL;

	return at ? strtoull(at + strlen("MemTotal:"), NULL, 10) * 1024 : 0;
}

static int ask(u32 api, u64 bytes)
{
	struct mmkit_heap_alloc alloc = {
		.size = sizeof(alloc), .api = api, .bytes = bytes,
		.count = 1, .node = -1,
	};
	int fd = dev_open("heap"), err = call(fd, MMKIT_HEAP_ALLOC, &alloc);

	close(fd);
	return err;
}

static void bound(void *bytes)
{
	unsigned long node1 = 2;

	EQUAL(syscall(SYS_set_mempolicy, MPOL_BIND, &node1, 8 * sizeof(node1)),
	      0);
	EQUAL(ask(MMKIT_HEAP_VMALLOC_USER, *(u64 *)bytes), -ENOMEM);
	EQUAL(ask(MMKIT_HEAP_VMALLOC_USER, *(u64 *)bytes / 8), 0);
}

/* The kernel does not bind what cannot come from the highest zone. */
static void bound_low(void *unused)
{
	unsigned long node1 = 2;

	(void)unused;
	EQUAL(syscall(SYS_set_mempolicy, MPOL_BIND, &node1, 8 * sizeof(node1)),
	      0);
	EQUAL(ask(MMKIT_HEAP_VMALLOC_32, 1 << 20), 0);
}

int main(void)
{
	u64 bytes = of_node();

	test("more than the caller's node has is ENOMEM, whatever the other has");
	EQUAL(file_write(QUOTA "total_bytes", "1099511627776"), 0);
	EQUAL(file_write(QUOTA "session_bytes", "1099511627776"), 0);
	CHECK(bytes);
	EQUAL(in_child(bound, &bytes), 0);
	EQUAL(ask(MMKIT_HEAP_VMALLOC_USER, bytes), 0);
	test("memory of 32 bits is had on a node that has none of it");
	EQUAL(in_child(bound_low, NULL), 0);
	return tap_end();
}
