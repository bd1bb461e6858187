#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: debug-* stock-6.1
# TIMEOUT: 3600
# Programs of others, with mmkit's devices before them: fio, which verifies what it
# wrote through a mapping; trinity and stress-ng, which call what they find; and tests
# of mmkit's while stress-ng makes the machine busy. STRESS_SECONDS of each.
. "$(dirname "$0")/lib.sh"
KERNEL=${KERNEL:-debug-6.1}
. "$(dirname "$0")/boot.sh"

for p in fio stress-ng trinity; do
	command -v "$p" >/dev/null || skip_all "$p is not installed; run: tests/setup stress"
done
for p in dispatch session map map_race pager races; do
	program "$p"
done
compile -std=gnu11 -D_GNU_SOURCE -O1 -shared -fPIC -Wall -Wextra -Werror -Imodules/uapi \
	-o "$GUEST/store_open.so" tests/system/store_open.c

STRESS_SECONDS=${STRESS_SECONDS:-20}
# vmalloc_user() takes no __GFP_NOWARN; names that trinity has are nobody's calls.
export EXPECT_LOG='vmalloc error|kmemleak: Cannot allocate a scan area'
MEM=${MEM:-2G} SWAP=16M PROGS='fio stress-ng trinity setpriv nice' \
	TIMEOUT=${TIMEOUT:-$((900 + STRESS_SECONDS * 20))} \
	in_guest "stress.sh $STRESS_SECONDS"
end
