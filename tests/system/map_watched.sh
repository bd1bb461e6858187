#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: debug-6.1
# TIMEOUT: 2400
# Bugs 24, 25 and 31 of docs/map.md, which the kernel's checkers see wherever they
# are made: made on purpose, each ends a run on this kernel as a failure. So every
# other test that passes here has seen none of them.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

# However busy the machine is: nothing here waits but for the boot.
export TIMEOUT=${TIMEOUT:-500}

external tests/system/watched "the module that makes mistakes builds"

# tells BUG MISTAKE STATUS REGEX: the run ends so, and this is in the kernel's log.
tells() {
	vm "insmod /extra/mmkit_watched.ko what=$2 2>/dev/null; true"
	is "$1: the run fails" "$STATUS" "$3"
	like "$1: for this reason" "$ERR" "$4"
}

# The last two end in BUG(), and the kernel was told to panic then.
vm 'insmod /extra/mmkit_watched.ko what=nothing 2>/dev/null; true'
is "the module alone is no failure" "$STATUS" 0
tells "bug 25: a sleep in atomic context" sleep 126 \
	'BUG: sleeping function called from invalid context'
tells "bug 24: pages looked up without mmap_lock" lookup 125 \
	'mmap_lock|kernel BUG at|mmap_assert_locked'
tells "bug 31: a copy out of a cache without a part for it" copy 125 \
	'usercopy: Kernel memory exposure attempt detected from SLUB object .mmkit_watched'
end
