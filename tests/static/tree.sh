#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What must hold for every file of the repository.
. "$(dirname "$0")/../system/lib.sh"

plan 10

files() { # as git knows them, new ones included, deleted ones not
	git ls-files --cached --others --exclude-standard | while read -r f; do
		[ ! -f "$f" ] || echo "$f"
	done
}

mapfile -t all < <(files)
ok "there are files" test ${#all[@]} -gt 20

scripts=() sourced=()
for f in "${all[@]}"; do
	# Those that are sourced say for which shell.
	case $(head -c 64 "$f" | tr -d '\0' | head -n 1) in
	'#!'*bash | '#!'*/sh | '#!'*dash) scripts+=("$f") ;;
	'# shellcheck shell='*) sourced+=("$f") ;;
	esac
done
if command -v shellcheck >/dev/null; then
	ok "shellcheck is clean over ${#scripts[@]} scripts" \
		shellcheck -x -P SCRIPTDIR -S style "${scripts[@]}"
	# What a sourced file sets is used where it is sourced.
	ok "and over ${#sourced[@]} that are sourced" \
		shellcheck -x -P SCRIPTDIR -S style -e SC2034 "${sourced[@]}"
else
	skip "shellcheck" "shellcheck is not installed"
	skip "shellcheck" "shellcheck is not installed"
fi

# Prose, licence texts, and formats without comments have no place for one. What
# tells Debian's tools how to package is covered by debian/copyright, by its own
# format; the scripts in there say it themselves.
unmarked=$(for f in "${all[@]}"; do
	case $f in
	*.md | LICENSES/* | COPYING | *.json | *.svg | *.png | *.txt | *.scd) continue ;;
	*.txt.const) continue ;;
	docs/ABI/testing/*) continue ;;
	debian/*.postinst | debian/*.postrm | debian/tests/[!c]* | debian/rules) ;;
	debian/*) continue ;;
	esac
	[ ! -s "$f" ] || head -n 5 "$f" | grep -q 'SPDX-License-Identifier: ' || echo "$f"
done)
is "every source file says its licence" "$unmarked" ''

is "kernel versions are compared in compat only" \
	"$(grep -rlE 'LINUX_VERSION_CODE|KERNEL_VERSION' modules --include='*.[ch]' --include=Kbuild |
		grep -v '^modules/compat/' || true)" ''

# Comments may name them; modules/compat is where they are dealt with.
code=$WORK/code
for f in "${all[@]}"; do
	case $f in
	modules/compat/*) ;;
	modules/*.[ch] | examples/*.c | tests/kunit/*.[ch] | *Kbuild)
		sed -e 's|/\*.*\*/||; s|/\*.*||; s|^[[:space:]]*\*.*||' -e "s|^|$f: |" "$f"
		;;
	esac
done >"$code"
blind='' trapped=''
while IFS=$'\t' read -r trap example why; do
	[[ $trap != '#'* ]] || continue
	grep -qP -- "$trap" <<<"$example" || blind+="$trap"$'\n'
	found=$(grep -P -- "$trap" "$code" || true)
	[ -z "$found" ] || trapped+="$found: $why"$'\n'
done <tests/static/traps
is "each trap's pattern finds it" "$blind" ''
is "nobody steps into one" "$trapped" ''

# The archive's name comes from apt on the machine, never from here.
hosts='(deb|ftp|security|snapshot|archive|mirrors?|cdn)[a-z0-9.-]*\.(debian|ubuntu|kernel)\.(org|com)'
is "no archive is named" "$(grep -nE "$hosts" "${all[@]}" || true)" ''

# A module, tool or test that is executable without saying what runs it, or the
# other way round, works here and nowhere else.
odd=$(for f in "${all[@]}"; do
	if [ -x "$f" ]; then
		[ "$(head -c 2 "$f" | tr -d '\0')" = '#!' ] || echo "$f is executable but no script"
	fi
done)
is "only scripts are executable" "$odd" ''

# They are true when the test failed, too: see lib.sh.
is "what a check did not find is said by why" \
	"$(grep -nE '^[[:space:]]*(ok|is|like|unlike) .*\|\|( diag .*)?$' "${all[@]}" || true)" ''

finish
