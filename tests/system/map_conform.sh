#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# LONG: stock-* debug-*
# TIMEOUT: 1800
# Every strategy of /dev/mmkit/map through one suite, with a carve-out for those
# that map memory that is not the kernel's, and a module that tries to map what
# must not be.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

for part in map_store map_areas map_holders map_dump map_single map_huge map_fail; do
	program $part
done

external tests/system/typed "the module of what must not be mapped builds"

# Stores that cannot be had.
export EXPECT_LOG='map_fail: vmalloc error'
# shellcheck disable=SC2016  # the dollars are the kernel's
APPEND='memmap=16M$0x20000000 mmkit_memblock.carveout=16M$0x20000000 init_on_alloc=0 '"${APPEND:-}" \
	in_guest "typed.sh" map_store map_areas map_holders map_dump map_single map_huge map_fail
end
