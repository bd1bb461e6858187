#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The pure files of the modules, compiled unchanged for user space and checked
# with the rows of tests/cases and with random ones, under ASan and UBSan, at 64
# bits and at 32. One TAP test for each row. "run.sh UNIT..." runs some of them.
set -euo pipefail

TOP=$(cd "$(dirname "$0")/../.." && pwd)
HOST=$TOP/tests/host
OUT=${MMKIT_BUILD:-$TOP/build}/host
CC=${CC:-gcc}
# A row leaves out what is zero.
FLAGS=(-std=gnu11 -g -O1 -Wall -Wextra -Werror -Wno-missing-field-initializers
	-fno-omit-frame-pointer
	-I"$HOST/shim" -I"$TOP/modules/include" -I"$TOP/modules/uapi"
	-I"$TOP/modules")
SANITIZE=(-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all)
export CMOCKA_MESSAGE_OUTPUT=TAP

# What each unit is made of.
declare -A PURE=(
	[order]=modules/pages/order.c
	[frag]=modules/pages/frag.c
	[quota]=modules/core/quota.c
	[gfp]=modules/core/gfp.c
	[verb]='modules/core/verb.c modules/core/gfp.c'
	[heap]='modules/heap/size.c modules/core/gfp.c'
	[memblock]='modules/memblock/check.c modules/memblock/find.c modules/memblock/model.c
		modules/memblock/regions.c modules/memblock/walk.c'
	[slab]='modules/slab/layout.c modules/core/gfp.c'
	[aspace]='modules/aspace/geometry.c modules/aspace/kind.c modules/aspace/entry_x86.c modules/aspace/count.c'
	[policy]='modules/map/policy.c modules/map/trace.c'
	[bench]='modules/bench/dist.c modules/bench/hist.c modules/bench/pattern.c modules/bench/stats.c'
)
UNITS=(memblock order frag quota gfp verb heap slab aspace policy bench)
[ $# -eq 0 ] || UNITS=("$@")

TESTS=0 BAD=0

say() { # TRUTH NAME
	TESTS=$((TESTS + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $TESTS - $2"
	else
		BAD=$((BAD + 1))
		echo "not ok $TESTS - $2"
	fi
}

links() { # FLAG...: does a program build with these, and run?
	echo 'int main(void) { return 0; }' >"$OUT/try.c"
	"$CC" "$@" "$OUT/try.c" -o "$OUT/try" 2>/dev/null && "$OUT/try"
}

# build BITS UNIT FLAG...: a program for one unit
build() {
	local bits=$1 unit=$2 sources=() file

	shift 2
	for file in ${PURE[$unit]}; do
		sources+=("$TOP/$file")
	done
	"$CC" "${FLAGS[@]}" "$@" "$HOST/${unit}_test.c" "$HOST/host.c" \
		"$HOST/shim/kstrtox.c" "${sources[@]}" "${LIBS[@]}" \
		-o "$OUT/${unit}_$bits"
}

# report BITS UNIT STATUS: the program's TAP, renumbered, and what is missing
report() {
	local bits=$1 unit=$2 status=$3 tap=$OUT/${2}_$1.tap line plan seen=0 bad=0

	plan=$(sed -n 's/^1\.\.\([0-9]\+\).*/\1/p' "$tap" | head -n 1)
	while IFS= read -r line; do
		if [[ $line =~ ^(not\ )?ok\ [0-9]+\ -\ (.*) ]]; then
			seen=$((seen + 1))
			[ -z "${BASH_REMATCH[1]}" ] || bad=$((bad + 1))
			say "${#BASH_REMATCH[1]}" "$bits bit: ${BASH_REMATCH[2]}"
		elif [[ ! $line =~ ^1\.\. ]]; then
			echo "# ${line#\# }"
		fi
	done <"$tap"
	if [ "$seen" -ne "${plan:-0}" ] || [ "$seen" -eq 0 ] ||
		{ [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
		say 1 "$bits bit: $unit runs to its end (status $status, $seen of ${plan:-?} tests)"
		sed 's/^/# /' "$OUT/${unit}_$bits.err"
	fi
}

# abi BITS FLAG...: every unit at this width
abi() {
	local bits=$1 unit status

	shift
	for unit in "${UNITS[@]}"; do
		if ! build "$bits" "$unit" "$@" 2>"$OUT/${unit}_$bits.err"; then
			say 1 "$bits bit: $unit compiles"
			sed 's/^/# /' "$OUT/${unit}_$bits.err"
			continue
		fi
		status=0
		"$OUT/${unit}_$bits" >"$OUT/${unit}_$bits.tap" \
			2>"$OUT/${unit}_$bits.err" || status=$?
		report "$bits" "$unit" "$status"
	done
}

# With cmocka where it links, else with what stands in for it.
with_cmocka() { # FLAG...
	if links "$@" -lcmocka; then
		LIBS=(-lcmocka)
	else
		LIBS=("$HOST/plain/cmocka.c" -I"$HOST/plain")
		echo "# ${*: -1}: no cmocka for this, its stand-in is used"
	fi
}

mkdir -p "$OUT"
with_cmocka -m64
abi 64 -m64 "${SANITIZE[@]}"
if links -m32; then
	with_cmocka -m32
	if links -m32 "${SANITIZE[@]}"; then
		abi 32 -m32 "${SANITIZE[@]}"
	else
		echo "# 32 bit: without sanitizers, which are not installed"
		abi 32 -m32
	fi
else
	TESTS=$((TESTS + 1))
	echo "ok $TESTS - 32 bit # SKIP no program of 32 bits builds (gcc-multilib) or runs here"
fi
echo "1..$TESTS"
[ "$BAD" -eq 0 ]
