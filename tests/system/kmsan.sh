#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: kmsan-6.1
# TIMEOUT: 7200
# Every command of every device, where KMSAN follows each byte: none that nobody has
# written is looked at, or gets out.
. "$(dirname "$0")/lib.sh"
KERNEL=${KERNEL:-kmsan-6.1}
. "$(dirname "$0")/boot.sh"

items=(allowed dispatch session pages heap slab map pager memblock bench aspace)
for item in "${items[@]}"; do
	program "$item"
done
program allowed -m32
external tests/system/unwritten "the module that looks builds"

# The kernel's own: HARDENED_USERCOPY follows frame pointers, which nobody is seen to
# write. Each report taints (TAINT_BAD_PAGE).
own='uninit-value in check_stack_object'
export EXPECT_TAINT=32

# Of the memory KMSAN takes two thirds. What is planted is seen in a boot of its own.
export MEM=${MEM:-8G} SWAP=64M TIMEOUT=${TIMEOUT:-3000}
APPEND="$MEMBLOCK_BOOT ${APPEND:-}" EXPECT_LOG="KMSAN: $own" in_guest "${items[@]}" allowed32
EXPECT_LOG="KMSAN: ($own|uninit-value in .*\[mmkit_unwritten\]|kernel-infoleak in _copy_to_user)" \
	in_guest unwritten.sh
end
