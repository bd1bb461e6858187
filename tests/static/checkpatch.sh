#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own style checker over modules/. What it says and we keep is in
# checkpatch-exceptions, with the reason; an exception nothing needs is a failure.
. "$(dirname "$0")/../system/lib.sh"

plan 4

exceptions=tests/static/checkpatch-exceptions
checkpatch=$(QUIET=1 tests/vm/build --source linux-source-6.1)/scripts/checkpatch.pl

mapfile -t files < <(find modules -name '*.[chS]' -not -name '*.mod.c' | sort)
ok "there is something to check" test ${#files[@]} -gt 10

# One line each: path:line: LEVEL:TYPE: message
"$checkpatch" --strict --no-tree --terse --show-types --no-summary -f "${files[@]}" \
	>"$WORK/said" 2>"$WORK/err" || true
printf '#include <linux/module.h>\nint  f( void ){ return 0 ; }\n' >"$WORK/bad.c"
"$checkpatch" --strict --no-tree --terse --show-types --no-summary -f "$WORK/bad.c" \
	>"$WORK/bad" 2>&1 || true
like "checkpatch does find things" "$(cat "$WORK/bad")" 'ERROR:'

# exceptions: "TYPE path reason..."
accepted() { # LINE
	local type path reason

	while read -r type path reason; do
		if [[ $type == '#'* || -z $reason ]]; then
			continue
		elif [[ $1 == $path:* && $1 == *":$type:"* ]]; then
			echo "$type $path" >>"$WORK/used"
			return 0
		fi
	done <"$exceptions"
	return 1
}

: >"$WORK/used"
left=
while read -r line; do
	accepted "$line" || left+=$line$'\n'
done <"$WORK/said"
is "checkpatch --strict is clean, but for $exceptions" "$left" ''
is "every exception is needed and has a reason" \
	"$(grep -vE '^(#|$)' "$exceptions" | cut -d' ' -f1,2 | sort)" \
	"$(sort -u "$WORK/used")"

finish
