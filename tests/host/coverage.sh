#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/coverage.py says what gcov found out: lines and blocks of each folder, lines with
# a block that was not run, a header's by the best of its users; and fails for fewer lines
# than were wanted.
. "$(dirname "$0")/../system/lib.sh"

plan 9

mkdir -p "$WORK"/modules/{one,two,bugs}
cat >"$WORK/modules/one/odd.h" <<'END'
static int odd(int x)
{
	if (x & 1)
		return 1;
	return 0;
}
END
cat >"$WORK/modules/one/main.c" <<'END'
#include "odd.h"
int even(void);
int bug(void);
int main(int argc, char **argv)
{
	if (argc > 1)
		return argv[1][0];
	return odd(3) + even() + bug() - 3;
}
END
cat >"$WORK/modules/two/even.c" <<'END'
#include "../one/odd.h"
int even(void)
{
	return odd(2) + 1;
}
END
cat >"$WORK/modules/bugs/bug.c" <<'END'
int bug(void)
{
	return 1;
}
END

count() { # [WANT]
	(cd "$WORK" && printf '%s\n' ./*.gcda |
		xargs -n 1 gcov --json-format --stdout --all-blocks) |
		tests/coverage.py "$WORK/" "$WORK/missed" "$@"
}

(cd "$WORK" && gcc -O0 --coverage -o prog "$WORK"/modules/*/*.c && ./prog)
out=$(count)
is "each folder has a line, but for bugs on purpose" \
	"$(awk '/ blocks, / { print $1 }' <<<"$out" | xargs)" "one two all"
# shellcheck disable=SC2016  # awk's
ok "they add up, to less than all" awk '
	/ blocks, / && $1 != "all" { for (i = 2; i <= 11; i++) sum[i] += $i }
	$1 == "all" {
		exit !(sum[2] == $2 && sum[4] == $4 && $2 < $4 &&
		       sum[8] == $8 && sum[10] == $10 && $8 < $10)
	}' <(echo "$out")
is "the line with a block that was not run is named, the header's are all run" \
	"$(cat "$WORK/missed")" 'modules/one/main.c:7 main'
percent=$(sed -n 's/^all .* lines, *\([0-9.]*\) %,.*/\1/p' <<<"$out")
ok "as much as there is may be wanted" count "$(awk "BEGIN { print $percent - 0.1 }")"
is "and no more" \
	"$(count "$(awk "BEGIN { print $percent + 0.1 }")" >/dev/null || echo "status $?")" \
	"status 1"

# A function in two objects, in the one and the other order: the better one counts.
object() { # RUN
	local line='{"line_number": 4, "count": %d, "unexecuted_block": true, "function_name": "odd"}'
	local function='{"name": "odd", "blocks": 4, "blocks_executed": %d}'

	# shellcheck disable=SC2059  # the format has parts
	printf '{"files": [{"file": "%s", "lines": ['"$line"'], "functions": ['"$function"']}]}\n' \
		modules/one/odd.h $(($1 / 3)) "$1"
}
for order in '3 1' '1 3'; do
	like "of two copies the better one counts ($order)" \
		"$(for run in $order; do object "$run"; done |
			tests/coverage.py '' "$WORK/missed" | grep ^all)" \
		' 1 of +1 lines, 100.0 %, +3 of +4 blocks,  75.0 %$'
	is "a line that was run in part is told of as such ($order)" \
		"$(cat "$WORK/missed")" 'modules/one/odd.h:4 odd, in part'
done
finish
