#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What mmkit bug knows of reports, held against recorded ones (tests/host/reports, one
# file for each bug, as the kernel's log had them), under ASan and UBSan.
. "$(dirname "$0")/../system/lib.sh"

reports=tests/host/reports
ok "it builds" gcc -std=gnu11 -D_GNU_SOURCE -g -O1 -Wall -Wextra -Werror \
	-Wno-missing-field-initializers -fsanitize=address,undefined \
	-fno-sanitize-recover=all -fno-common -Itools/mmkit -o "$WORK/bug" \
	tests/host/bug_test.c tools/mmkit/bug_notes.c
# Compiled patterns are kept until the end.
export ASAN_OPTIONS=detect_leaks=0
ok "each pattern is a regular expression" "$WORK/bug"

# The headlines of each report, in their order.
while IFS=$'\t' read -r bug detectors; do
	is "$bug: whose reports begin in it" \
		"$("$WORK/bug" "$reports/$bug.txt" | cut -d'|' -f2 | grep -v '^-$' | xargs)" "$detectors"
done <<'END'
use-after-free	KASAN
double-free	KASAN
slab-bounds	KASAN
vmalloc-bounds	KASAN
stack-bounds	KASAN
leak	kmemleak kmemleak
uninitialised	processor
mapped-page	page allocator
page-twice	DEBUG_VM
atomic-sleep	DEBUG_ATOMIC_SLEEP
lock-inversion	lockdep
rcu-reader	PROVE_RCU
rcu-sleep	RCU
refcount	refcount_t
slab-overwrite	SLUB SLUB SLUB
list	DEBUG_LIST
END
is "there is one of each bug" "$(basename -s .txt $reports/*.txt | sort)" \
	"$(sed -n 's/^	{ "\([a-z-]*\)", ".*/\1/p' tools/mmkit/bug_table.c | sort)"

# slab-overwrite.txt has the report of 6.1, and behind it how that of 7.3 begins.
# Rows that no bug here has a line for: they are from the kernel's source alone.
"$WORK/bug" $reports/*.txt | cut -d'|' -f1 | sort -u >"$WORK/used"
is "each row explains a line of some report, but for those" \
	"$("$WORK/bug" | awk 'NR == FNR { used[$1]; next } !($1 in used)' "$WORK/used" - | cut -f2)" \
	'BUG: KASAN: 
^Last potentially related work creation
KASAN: null-ptr-deref
^RCU nest depth: [1-9]
^Preemption disabled at
^no locks held
refcount_t: (underflow|addition on 0|decrement hit 0)
list_(add|del) corruption
^Freed in '

# Stamps of the console, of dmesg -r, and of kernels that tell the thread.
printf '%s\n' '[   12.345678] Freed by task 7:' '<4>[    1.000000][  T12] Freed by task 7:' \
	'Freed by task 7:' '[x] Freed by task 7:' >"$WORK/stamps"
is "stamps are taken off" "$("$WORK/bug" "$WORK/stamps" | cut -d'|' -f3 | sort | uniq -c | xargs)" \
	'3 Freed by task 7:'
PLAN=$TESTS
echo "1..$TESTS"
finish
