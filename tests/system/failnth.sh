#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: debug-*
# TIMEOUT: 10200
# Every allocation and every copy fails once, where tests/system/core.sh has the same
# in short: here with a carve-out, with all the stacks that the kernel keeps of what
# was allocated, and while modules are loaded.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program failnth
program failnth_init

# shellcheck disable=SC2016  # the dollars are the kernel's
boot='memmap=16M$0x10000000 memmap=16M$0x20000000 mmkit_memblock.carveout=16M$0x20000000'
boot+=' log_buf_len=8M'
# As in core.sh, and what the kernel says of itself: names of caches that sysfs_slab_add()
# lost, of which the programs take no others; of remap_pfn_range(), where it gets no page
# table and takes back what it has not mapped, untrack_pfn(); and of a module whose
# tracepoints get no fields.
EXPECT_LOG='failnth(_init)?: vmalloc error|kmemleak: (Cannot allocate a scan area|[0-9]+ new suspected)'
EXPECT_LOG+='|WARNING: .* (untrack_pfn|event_define_fields)\+'
export EXPECT_LOG EXPECT_TAINT=512
export TIMEOUT=4800

# A cache's stacks are listed under the lock of its slabs, and a page may be taken meanwhile.
# After 6.1 page_owner asks kmalloc() for the note of a new stack then: lockdep complains, and
# in the cache that serves it that is a deadlock (slab_debug_trace_open(),
# add_stack_record_to_list()). So pages and objects are not counted in the same boot.
if [[ $KERNEL = *-6.1 ]]; then
	boot+=' page_owner=on slub_debug=U'
else
	APPEND="$boot slub_debug=U ${APPEND:-}" in_guest "failnth count"
	boot+=' page_owner=on'
fi
APPEND="$boot ${APPEND:-}" in_guest "failnth count" failnth_init
end
