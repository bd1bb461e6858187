# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Test programs in C and their guest: sourced by the scripts of the areas after
# lib.sh. Programs and guest/*.sh print TAP lines without numbers; what runs in
# one boot becomes part of the script's own TAP.

KERNEL=${KERNEL:-stock-6.1}
export KERNEL
AREA=$(basename "$0" .sh)
GUEST=${MMKIT_BUILD:-$TOP/build}/system/$AREA@${KERNEL//\//-}
rm -rf "$GUEST"
mkdir -p "$GUEST"
cp "$TOP"/tests/system/guest/*.sh "$GUEST"
export EXTRA=$GUEST

# What the memblock area has something to tell of, and a carve-out.
# shellcheck disable=SC2016,SC2034  # the dollar is the kernel's
MEMBLOCK_BOOT='memblock=debug log_buf_len=8M memmap=16M$0x10000000'
MEMBLOCK_BOOT+=' mmkit.memblock=alloc:1M:align=64K,alloc:300:node=0,reserve:0x20000000:64K'
MEMBLOCK_BOOT+=',alloc:8M:align=2M,free:@4,free:0x20004000:16K,reserve:0x20000000:4K'
MEMBLOCK_BOOT+=',free:0x100000:4K,alloc:100G,alloc:64K:max=32M'
# From 6.12 on.
MEMBLOCK_BOOT+=' reserve_mem=4M:2M:kept'

# compile ARGUMENT...: the C compiler for the kernel's machine.
compile() {
	case $KERNEL in
	*-arm64) QUIET=1 tests/vm/build --compile "$KERNEL" "$@" ;;
	*) gcc "$@" ;;
	esac
}

# program NAME [FLAG...]: build NAME.c, linked statically; -m32 makes NAME32, which
# in_guest skips on arm64, whose 32 bits are another compiler's.
program() {
	local name=$1 out=$1

	shift
	if [[ " $* " == *" -m32 "* ]]; then
		[[ $KERNEL != *-arm64 ]] || return 0
		out+=32
	fi
	compile -std=gnu11 -D_GNU_SOURCE -O1 -g -static -pthread -Wall -Wextra -Werror "$@" \
		-Imodules/uapi -Itests/system -o "$GUEST/$out" \
		"tests/system/$name.c" tests/system/lib.c tests/system/tap.c
}

# external DIR NAME: build modules outside of the tree, as somebody else would, against
# ours; the guest has them.
external() {
	local copy=$WORK/${1##*/}

	tests/vm/build "$KERNEL" >/dev/null
	cp -r "$1" "$copy"
	ok "$2" tests/vm/build --external "$copy" "$KERNEL" MMKIT="$TOP" \
		KBUILD_EXTRA_SYMBOLS="${MMKIT_BUILD:-$TOP/build}/$KERNEL/modules/src/Module.symvers" modules
	cp "$copy"/*.ko "$GUEST" || true
}

LEFT_OUT=

# What a shell does, process by process, a debug kernel takes minutes for: there
# "make check" has the programs in C, the control files, and what only it can show.
shortened() {
	[[ -n ${MMKIT_SHORT:-} && $KERNEL == debug-* ]]
}

# in_guest ITEM...: run programs and guest scripts ("name.sh") in one boot and
# pass their TAP on. Words after a name are its arguments. An item that dies, or
# that says it failed without a "not ok", is a failure by itself. With "long:" before
# its name it is left out where what is run is shortened.
in_guest() {
	local item cmd="" rc=0 bad parts=0

	# Those of this machine do not run there.
	[[ $KERNEL != *-arm64 ]] || local PROGS=''
	for item; do
		if [[ $item == long:* ]] && shortened; then
			skip "${item#long:}" "it runs on debug kernels in make check-all"
			LEFT_OUT=1
			continue
		fi
		item=${item#long:}
		if [[ $KERNEL == *-arm64 && $item == *32 ]]; then
			skip "$item" "no compiler for arm64's 32-bit callers"
			continue
		fi
		cmd+="item $item"$'\n'
		parts=$((parts + 1))
	done
	TIMEOUT=${TIMEOUT:-600} tests/vm/run ". /extra/items.sh
$cmd" >"$WORK/out" 2>"$WORK/err" || rc=$?
	tr -d '\r' <"$WORK/out"
	TESTS=$((TESTS + $(grep -cE '^(not )?ok( |$)' "$WORK/out" || true)))
	bad=$(grep -cE '^not ok( |$)' "$WORK/out" || true)
	FAILED=$((FAILED + bad))
	# Its status is the number of failures that the lines above told of.
	# What the kernel said beside them is told by words alone.
	[ "$rc" -ne "$bad" ] ||
		grep -qE '^mmkit-vm: the kernel (complained|is tainted)' "$WORK/err" || rc=0
	result "$rc" "the machine ended well ($parts parts)" ||
		diag "status $rc; $(cat "$WORK/err")"
}

# by_schema MIN: the documents among the guest's lines ("json COMMAND<tab>DOCUMENT"
# in $WORK/tap), of which there are at least MIN, are as the schema says.
by_schema() {
	local documents

	# Packed for another engine, it runs later and elsewhere.
	[ -z "${PACK:-}" ] || exit 0
	documents=$(grep -c '^json ' "$WORK/tap") || true
	if [ -n "$LEFT_OUT" ]; then
		skip "there are $1 documents" "what makes them was left out"
		[ "$documents" -gt 0 ] || return 0
	else
		ok "there are documents" test "$documents" -ge "$1"
	fi
	if ! python3 -c 'import jsonschema' 2>/dev/null; then
		skip "$documents documents by the schema" "python3-jsonschema is not installed"
		return
	fi
	grep '^json ' "$WORK/tap" | python3 tests/system/schema.py docs/schema/mmkit-1.json \
		>"$WORK/schema" || result $? "the schema can be used"
	cat "$WORK/schema"
	TESTS=$((TESTS + $(grep -cE '^(not )?ok' "$WORK/schema" || true)))
	FAILED=$((FAILED + $(grep -c '^not ok' "$WORK/schema" || true)))
	is "each was looked at" "$(grep -cE '^(not )?ok' "$WORK/schema")" "$documents"
}

# The number of tests is known at the end; a part that stopped early has failed.
end() {
	# shellcheck disable=SC2034  # for finish in lib.sh
	PLAN=$TESTS
	echo "1..$TESTS"
	finish
}
