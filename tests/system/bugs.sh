#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: debug-6.1
# LONG: debug-*
# TIMEOUT: 900
# Bugs on purpose: the right detector tells of each and names the function, the scan
# that ends a run would have failed on it, and where they must not be they are not.
. "$(dirname "$0")/lib.sh"
KERNEL=${KERNEL:-debug-6.1}
. "$(dirname "$0")/boot.sh"

# What the kernel says, as its own words have it.
REPORTS='use-after-free	BUG: KASAN: (slab-)?use-after-free in mmkit_bug_use_after_free
double-free	BUG: KASAN: (double-free|invalid-free)
slab-bounds	BUG: KASAN: slab-out-of-bounds in mmkit_bug_slab_bounds
vmalloc-bounds	BUG: KASAN: vmalloc-out-of-bounds in mmkit_bug_vmalloc_bounds
stack-bounds	BUG: KASAN: stack-out-of-bounds in mmkit_bug_stack_bounds
leak	kmemleak: [1-9][0-9]* new suspected memory leaks
uninitialised	KASAN: maybe wild-memory-access in range \[0x6b6b6b6b6b6b6b68
mapped-page	page dumped because: nonzero mapcount
page-twice	page dumped because: VM_BUG_ON_(PAGE|FOLIO)\((page|folio)_ref_count
atomic-sleep	BUG: sleeping function called from invalid context
lock-inversion	WARNING: possible circular locking dependency detected
rcu-reader	WARNING: suspicious RCU usage
rcu-sleep	Voluntary context switch within RCU read-side critical section
refcount	refcount_t: saturated; leaking memory
slab-overwrite	(BUG mmkit_bug_overwrite .*|\[)Right Redzone overwritten
list	list_del corruption'

# KASAN is to tell of more than the first. The leak is looked for by the test itself.
APPEND="kasan_multi_shot log_buf_len=1M" KMEMLEAK=0 LOG=$WORK/log TIMEOUT=600 vm ". /extra/items.sh
item bugs.sh"
grep -v '^json ' "$WORK/out" || true
TESTS=$(grep -cE '^(not )?ok ' "$WORK/out" || true)
FAILED=$(grep -cE '^not ok ' "$WORK/out" || true)
is "nobody having said that they are wanted, the run has failed" "$STATUS" 126
why "$ERR"

part() { # BUG: the log from where it begins to where the next one does
	tr -d '\r' <"$WORK/log" | sed -n "/mmkit-bug: $1\$/,/mmkit-bug: /p" | sed '1d;$d'
}

while IFS=$'\t' read -r bug report; do
	part "$bug" >"$WORK/part"
	like "$bug: the right detector" "$(cat "$WORK/part")" "$report"
	function=mmkit_bug_${bug//-/_}
	[ "$bug" = leak ] || like "$bug: names the function" "$(cat "$WORK/part")" "\b$function\+0x"
	rc=0
	said=$(tests/vm/scan-log "$WORK/part") || rc=$?
	is "$bug: the scan of a run's log finds it" "$rc" 1
	why "$said"
done <<<"$REPORTS"

cp "$WORK/out" "$WORK/tap"
by_schema 20

# A machine that does not say it is virtual: 159 is that bit.
# shellcheck disable=SC2016  # the guest's shell
APPEND=clearcpuid=159 EXPECT_TAINT=4 NOLOAD=1 LOG=$WORK/real vm \
	'! grep -qw hypervisor /proc/cpuinfo && mmkit load mmkit_bugs; echo $? $(grep -c "^mmkit_bugs" /proc/modules)'
is "elsewhere than in a VM it does not load" "$STATUS $OUT" "0 1 0"
like "and says why" "$(cat "$WORK/real")" 'mmkit_bugs: not on a real machine'

# As from a checkout: the report is wanted.
rc=0
OUT=$(KERNEL=$KERNEL make -s bug NAME=list 2>"$WORK/err") || rc=$?
is "make bug boots what it needs" "$rc" 0
why "$(cat "$WORK/err")"
like "and shows the report with what it means" "$OUT" '^    \| DEBUG_LIST: the entry is poisoned'
end
