#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The fuzzer without a kernel: its grammar has every command there is, its programs
# survive being written and read, and what it writes for others is what is committed.
#   tests/fuzz/grammar.sh --update     write tests/fuzz/syzlang anew
. "$(dirname "$0")/../system/lib.sh"

SYZLANG=tests/fuzz/syzlang/dev_mmkit.txt

fuzz=$WORK/fuzz
if [ "${1:-}" = --update ]; then
	tests/fuzz/build "$fuzz"
	"$fuzz" --syzlang >$SYZLANG
	"$fuzz" --syzlang-const >$SYZLANG.const
	exit
fi

# Commands by their number: read or write, of type 0xe6.
promised() {
	awk '$2 ~ /^0x[4c]0[0-9a-f][0-9a-f]e6[0-9a-f][0-9a-f]$/ { print $1 }' docs/ABI/ioctl.txt
}

# shellcheck disable=SC2317  # called by ok
as_c() {
	"$fuzz" --dry --programs "$1" --seed "$1" >"$WORK/program" &&
		"$fuzz" --c "$WORK/program" >"$WORK/program.c" &&
		tests/fuzz/build "$WORK/reproducer" "$WORK/program.c"
}

# shellcheck disable=SC2317  # called by ok
refused() { # TEXT
	local rc=0

	"$fuzz" --c - <<<"$1" >"$WORK/out" 2>&1 || rc=$?
	[ "$rc" -eq 2 ] && grep -q "is no program" "$WORK/out"
}

plan 13
ok "it is built" tests/fuzz/build "$fuzz"
"$fuzz" --syzlang-const | sed -n 's/^\(MMKIT_[A-Z_]*\) = .*/\1/p' | LC_ALL=C sort -u >"$WORK/known"
promised | LC_ALL=C sort -u >"$WORK/promised"
ok "there are commands" test "$(wc -l <"$WORK/promised")" -gt 60
is "the grammar has every command, and no other" "$(cat "$WORK/known")" "$(cat "$WORK/promised")"
ok "the description for syzkaller is what the grammar says" \
	diff <("$fuzz" --syzlang) $SYZLANG
ok "and so are its numbers" diff <("$fuzz" --syzlang-const) $SYZLANG.const
ok "50000 programs are read as they were written" \
	"$fuzz" --dry --programs 50000 --seed 1
ok "one of them is a program in C" as_c 100
ok "and so is another" as_c 2000
ok "a call that is none is refused" refused "MMKIT_NOSUCH slot=0"
ok "a field that is none is refused" refused "MMKIT_INFO_GET nosuch=1"
ok "a value that is none is refused" refused "MMKIT_INFO_GET size=x"
# shellcheck disable=SC2016  # it is the fuzzer's $
ok "the handle of a call to come is refused" refused 'MMKIT_PAGES_FREE handle=$0'
ok "no call at all is refused" refused "# nothing"
finish
