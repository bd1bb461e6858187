#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: uml-6.1 uml-7
# TIMEOUT: 600
# A kernel that is a program: all modules load, and page tables of three levels, or of
# four, are what they are, the others being folded; what it is patched for. How tests/vm/run tells of one that
# does not end well.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program aspace_levels
program um_zero
SWAP=16M KMEMLEAK=0 in_guest aspace_levels um_zero

run() { # STATUS NAME [VARIABLE=VALUE]... COMMAND
	local status=$1 name=$2 rc=0

	shift 2
	env "${@:1:$#-1}" tests/vm/run "${@: -1}" >"$WORK/out" 2>"$WORK/err" || rc=$?
	is "$name" "$rc" "$status"
}

# shellcheck disable=SC2016  # the guest's
run 0 "each area is there, on one CPU, with the swap that was asked for" SWAP=16M \
	'[ "$(ls /dev/mmkit | wc -l)" -eq 8 ] && grep -q ubda /proc/swaps'
run 7 "the status of a command is its own" 'echo out; echo err >&2; exit 7'
is "its output is its own" "$(cat "$WORK/out")" out
ok "and so are its errors" grep -qx err "$WORK/err"
run 125 "a panic is one" 'echo c >/proc/sysrq-trigger'
ok "and is told" grep -q 'the guest panicked' "$WORK/err"
run 124 "what does not end is ended" TIMEOUT=20 'sleep 1000'
run 125 "a reboot is no end" 'reboot -f'
run 125 "it has no nodes" NUMA=2 true
ok "and says so" grep -q 'NUMA, ICOUNT' "$WORK/err"
end
