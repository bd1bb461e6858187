# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What a mutant is, for tests/mutants/run and apply.sh: reads its header.
. "$(dirname "${BASH_SOURCE[0]}")/../system/lib.sh"

MUTANTS=$TOP/tests/mutants

mutants() {
	local f

	for f in "$MUTANTS"/*.patch; do
		basename "$f" .patch
	done
}

# field NAME WORD [OTHERWISE]: a line of the header.
field() {
	local value

	value=$(sed -n "/^\$/q; s/^$2: //p" "$MUTANTS/$1.patch")
	echo "${value:-${3:-}}"
}

# The files that it changes.
files() {
	sed -n 's|^+++ b/||p' "$MUTANTS/$1.patch"
}

# apply NAME DIR [OPTION...]
apply() {
	local patch=$MUTANTS/$1.patch dir=$2

	shift 2
	sed '1,/^$/d' "$patch" |
		patch -d "$dir" -p1 -F2 --no-backup-if-mismatch -r - -f -s "$@"
}

# The program of tests/system that has the case: exactly one.
program_of() {
	local programs=("$TOP"/tests/system/*.c)

	[ -z "$(field "$1" Program)" ] ||
		programs=("$TOP/tests/system/$(field "$1" Program).c")
	grep -lF -- "$(field "$1" Case)" "${programs[@]}" | sed 's|.*/||; s|\.c$||'
}
