#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# TIMEOUT: 1200
# KERNELS: stock-6.1 stock-newest
# LONG: stock-* debug-*
# The modules compile without a word: gcc with the kernel's extra warnings, and
# sparse.
. "$(dirname "$0")/../system/lib.sh"

plan 5

# From scratch: an object that is up to date would keep its warnings to itself.
dir=$WORK/modules
status=0
QUIET=1 tests/vm/build --modules "$dir" "$KERNEL" W=1 >"$WORK/w1" 2>&1 || status=$?
is "they build for $KERNEL" "$status" 0
is "W=1 finds nothing" "$(cat "$WORK/w1")" ''
# Each module has its own names; built into a kernel they are all in one.
is "no two files define the same name" \
	"$(find "$dir/src/modules" -name '*.o' -exec nm -g --defined-only {} + |
		awk 'NF == 3 && $3 !~ /^(__|init_module$|cleanup_module$)/ { print $3 }' |
		sort | uniq -d)" ''

if grep -q '^	toolchain ' "tests/vm/kernels/$KERNEL" 2>/dev/null; then
	skip "sparse reads them all" "no sparse in the root that $KERNEL is built in"
	skip "sparse finds nothing" "no sparse in the root that $KERNEL is built in"
elif command -v sparse >/dev/null; then
	status=0
	QUIET=1 tests/vm/build --modules "$dir" "$KERNEL" C=2 >"$WORK/sparse" 2>&1 || status=$?
	is "sparse reads them all" "$status" 0
	is "sparse finds nothing in them" \
		"$(sed -nE 's#^(.*/src/|\./)?modules/#modules/#p' "$WORK/sparse" | sort -u)" ''
else
	skip "sparse reads them all" "sparse is not installed"
	skip "sparse finds nothing" "sparse is not installed"
fi

finish
