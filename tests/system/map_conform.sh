#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# Every strategy of /dev/mmkit/map through one suite, with a carve-out for the one
# that maps memory that is not the kernel's.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program map_conform

# shellcheck disable=SC2016  # the dollars are the kernel's
APPEND='memmap=16M$0x20000000 mmkit_memblock.carveout=16M$0x20000000 init_on_alloc=0 '"${APPEND:-}" \
	in_guest map_conform
end
