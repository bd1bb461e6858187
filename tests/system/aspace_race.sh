#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: debug-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# /dev/mmkit/aspace while what it walks is unmapped, forked, collapsed, swapped
# out, and exits: under KASAN and lockdep on the debug kernel.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program aspace_race
SWAP=64M in_guest aspace_race
end
