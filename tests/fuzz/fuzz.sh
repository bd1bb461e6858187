#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: debug-6.1 debug-7
# TIMEOUT: 1200
# A few thousand programs of the fuzzer: no complaint of the kernel, nothing charged
# to nobody, no address and no poison in an answer. The long form is "make fuzz".
. "$(dirname "$0")/../system/lib.sh"

KERNEL=${KERNEL:-debug-6.1}
export KERNEL
PROGRAMS=${PROGRAMS:-3000}
# What the kernel has not: before 6.12 memory that reserve_mem= took, and with
# CONFIG_SLUB_RCU_DEBUG objects that are reused under their readers.
case $KERNEL in
*-6.1) cannot=MMKIT_MEMBLOCK_NAMED ;;
*) cannot=MMKIT_SLAB_REUSE ;;
esac
plan 5

rc=0
CORPUS=$WORK/corpus SEED=1 MISSED=$WORK/missed tests/fuzz/run "$PROGRAMS" \
	>"$WORK/out" 2>"$WORK/err" || rc=$?
result "$rc" "nothing was found by $PROGRAMS programs" || diag "$(tail -n 40 "$WORK/err")"
grep '^seed' "$WORK/err" | tail -n 1 | sed 's/^/# /'
sed 's/^/# /' "$WORK/out"
ok "all of them were run" grep -q "^seed 1: $PROGRAMS programs" "$WORK/err"
percent=$(sed -n 's/^all .*, *\([0-9]*\)\.[0-9] %$/\1/p' "$WORK/out")
# Threads and timing make one run of a seed differ from the next. What other kernels
# have of the modules differs too: there it is a bound against going astray.
least=82
[ "$KERNEL" != debug-6.1 ] || least=84
# With gcov the compiler makes a third more of them, of the same code.
[ -z "${COVER:-}" ] || least=$((least - 6))
ok "$least % of the sites were reached, and which is known (${percent:-0} %)" \
	test "${percent:-0}" -ge "$least"
# A command that never succeeds hides what lies behind its checks.
never=$(awk -v cannot=" $cannot " '$3 == "good" && $2 >= 10 && !$4 &&
	!index(cannot, " " $1 " ") { print $1 }' "${MMKIT_BUILD:-build}/fuzz/$KERNEL/given")
is "every command that was given did something at times" "$never" ""
ok "what reached something new is kept" test "$(wc -l <"$WORK/corpus")" -gt 100
finish
