#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: debug-6.1
# LONG: stock-* debug-*
# TIMEOUT: 1500
# /dev/mmkit/aspace while what it walks is unmapped, forked, collapsed, swapped
# out, and exits: under KASAN and lockdep on the debug kernel. Eight parts of two
# seconds; RACE_SECONDS=60 makes it a minute each ("make torture").
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program aspace_race
TIMEOUT=${TIMEOUT:-$((300 + ${RACE_SECONDS:-2} * 16))} SWAP=64M \
	in_guest "aspace_race ${RACE_SECONDS:-2}"
end
