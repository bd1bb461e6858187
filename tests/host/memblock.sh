#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# TIMEOUT: 900
# ALONE
# The model of memblock against the kernel's own mm/memblock.c, taken from the
# linux-source package and built for user space as its tools/testing/memblock does:
# random calls on both (CALLS= so many, SEED=; make check-all: 10000000), the kernel's test cases run on the
# model, and what a call costs.
. "$(dirname "$0")/../system/lib.sh"

HOST=tests/host/memblock
OUT=${MMKIT_BUILD:-$TOP/build}/host/memblock
CC=${CC:-gcc}
# Ten million where time does not matter.
CALLS=${CALLS:-${ALL:+10000000}}
CALLS=${CALLS:-3000000}
PURE=(regions model walk find)

SRC=$(QUIET=1 tests/vm/build --source linux-source-6.1) || {
	plan 1
	result 1 "the kernel's source can be had"
	exit 1
}
KERNEL_TESTS=$SRC/tools/testing/memblock

# The links that its Makefile makes there are made here: the source stays as it is.
lay_out() {
	rm -rf "$OUT"
	mkdir -p "$OUT/linux" "$OUT/asm"
	ln -s "$SRC/include/linux/memblock.h" "$OUT/linux/"
	ln -s "$SRC"/tools/arch/x86/include/asm/{asm,cmpxchg}.h "$OUT/asm/"
	ln -s "$SRC/mm/memblock.c" "$KERNEL_TESTS/internal.h" "$OUT/"
}

# Both with the same optimisation, or what they cost could not be compared.
KERNEL_FLAGS=(-w -O2 -g -I"$OUT" -I"$KERNEL_TESTS" -I"$SRC/tools/include" -I"$HOST"
	-DCONFIG_PHYS_ADDR_T_64BIT -DCONFIG_NUMA)
FLAGS=(-std=gnu11 -O2 -g -Wall -Wextra -Werror -Wno-missing-field-initializers
	-Itests/host/shim -Imodules/include -Imodules/uapi -Imodules -I"$HOST")

kernel_object() { # FILE FLAG...
	local file=$1

	shift
	"$CC" "${KERNEL_FLAGS[@]}" "$@" -c "$file" -o "$OUT/${file//[^a-z]/_}.o" || return
	echo "$OUT/${file//[^a-z]/_}.o"
}

build() {
	local f

	# 1024 nodes, as Debian's kernels have.
	kernel_object "$HOST/kernel.c" -DCONFIG_NODES_SHIFT=10 || return
	for f in "$KERNEL_TESTS"/lib/slab.c "$KERNEL_TESTS"/mmzone.c "$SRC"/tools/lib/slab.c; do
		kernel_object "$f" || return
	done
	for f in "${PURE[@]}"; do
		"$CC" "${FLAGS[@]}" -c "modules/memblock/$f.c" -o "$OUT/$f.o" || return
		echo "$OUT/$f.o"
	done
	for f in model random compare; do
		"$CC" "${FLAGS[@]}" -c "$HOST/$f.c" -o "$OUT/side_$f.o" || return
		echo "$OUT/side_$f.o"
	done
}

# run NAME COMMAND...: its TAP becomes ours.
run() {
	local name=$1 rc=0 line

	shift
	"$@" >"$WORK/tap" 2>"$WORK/err" || rc=$?
	while IFS= read -r line; do
		case $line in
		'ok '*) result 0 "${line#ok * - }" ;;
		'not ok '*) result 1 "${line#not ok * - }" || true ;;
		'#'*) echo "$line" ;;
		esac
	done <"$WORK/tap"
	grep -q '^1\.\.' "$WORK/tap" && return
	result 1 "$name runs to its end (status $rc)" || diag "$(tail -n 5 "$WORK/err")"
}

lay_out
if ! build >"$WORK/objects" 2>"$WORK/err"; then
	result 1 "the kernel's memblock and the model build" || diag "$(cat "$WORK/err")"
	echo "1..1"
	exit 1
fi
mapfile -t objects <"$WORK/objects"
for program in diff speed; do
	"$CC" "${FLAGS[@]}" "$HOST/$program.c" "${objects[@]}" -lurcu -lpthread -o "$OUT/$program"
done

run diff "$OUT/diff" "$CALLS" "${SEED:-1}"
run speed valgrind --tool=callgrind --callgrind-out-file="$WORK/cost" "$OUT/speed" "$WORK/cost"

# The kernel's own test cases call the kernel's names; here these are the model's.
kernel_cases() { # OPTION...
	local rc=0 line before=$TESTS

	"$OUT/kernel_tests" -v "$@" >"$WORK/tap" 2>"$WORK/err" || rc=$?
	while IFS= read -r line; do
		[[ $line =~ ^(not )?ok\ [0-9]+\ :\ (.*):\ (passed|failed) ]] || continue
		result "${#BASH_REMATCH[1]}" "the kernel's case${*:+ (${*})}: ${BASH_REMATCH[2]}" || true
	done <"$WORK/tap"
	[ "$TESTS" -gt "$before" ] || rc=1
	result "$rc" "the kernel's cases${*:+ (${*})} run to their end" ||
		diag "$(tail -n 5 "$WORK/err")"
}

pure=("${PURE[@]/#/modules/memblock/}")
pure=("${pure[@]/%/.c}")
if "$CC" "${KERNEL_FLAGS[@]}" -DCONFIG_NODES_SHIFT=4 -fsanitize=address,undefined \
	-fno-sanitize-recover=all -Imodules/uapi -Imodules "$HOST/kernel_tests.c" \
	"$KERNEL_TESTS"/main.c "$KERNEL_TESTS"/tests/*.c "$KERNEL_TESTS"/lib/slab.c \
	"$KERNEL_TESTS"/mmzone.c "$SRC"/tools/lib/slab.c \
	"${pure[@]}" -lurcu -lpthread -o "$OUT/kernel_tests" 2>"$WORK/err"; then
	kernel_cases
	kernel_cases --movable-node
else
	result 1 "the kernel's test cases build on the model" || diag "$(cat "$WORK/err")"
fi
echo "1..$TESTS"
[ "$FAILED" -eq 0 ]
