#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every mutant still applies to the tree, and the test that must catch it is there.
# shellcheck disable=SC2317  # functions are called by ok
. "$(dirname "$0")/lib.sh"

# The test's name, or the part of it that Case gives, stands in what it is made of.
has_test() { # NAME
	local kind what

	read -r kind what <<<"$(field "$1" Test)"
	case $kind in
	host) grep -qF -- "$(field "$1" Case)" tests/cases/*.h "tests/host/${what}_test.c" ;;
	kunit) grep -qF -- "$(field "$1" Case)" tests/cases/*.h "tests/kunit/${what}_test.c" ;;
	system) [ "$(program_of "$1" | wc -l)" -eq 1 ] ;;
	*) false ;;
	esac
}

# Each says what it is, and nothing that run does not know.
has_header() { # NAME
	local word

	for word in Bug Breaks Test Case; do
		[ -n "$(field "$1" "$word")" ] || { echo "no $word"; return 1; }
	done
	! sed '/^$/,$d' "$MUTANTS/$1.patch" |
		grep -vE '^(SPDX-License-Identifier|Bug|Breaks|Test|Case|Program|Log|Hangs|Kernel|Boot|With): '
}

mapfile -t all < <(mutants)
plan $((3 * ${#all[@]} + 2))
ok "there are at least 40" test ${#all[@]} -ge 40
is "no number comes twice" "$(printf '%s\n' "${all[@]%%-*}" | uniq -d)" ''
for name in "${all[@]}"; do
	ok "$name says what it is" has_header "$name"
	ok "$name applies" apply "$name" . --dry-run
	ok "$name has a test: $(field "$name" Case)" has_test "$name"
done
finish
