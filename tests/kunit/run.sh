#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: debug-6.1
# LONG: debug-*
# TIMEOUT: 900
# The KUnit suites: loads every mmkit_<unit>_test.ko in a VM and has the kernel's
# own kunit.py judge what each said. One TAP test for each case or parameter.
#
# The details come from the kernel log, for before 6.6 debugfs keeps no more than
# 512 bytes of each case; the verdict in debugfs must be the same.
. "$(dirname "$0")/../system/lib.sh"

# On another engine the guest judges by itself.
if [ -n "${ENGINE:-}" ]; then
	. tests/system/boot.sh
	cp tests/vm/ktap.awk "$GUEST"
	in_guest kunit.sh
	end
fi

command -v python3 >/dev/null || {
	echo "python3 is not installed; run: tests/setup check" >&2
	exit 1
}
kunit=$(QUIET=1 tests/vm/build --source linux-source-6.1)/tools/testing/kunit/kunit.py

# shellcheck disable=SC2016  # all of this is for the guest's shell
guest='
for ko in "/lib/modules/$(uname -r)"/extra/mmkit_*_test.ko; do
	module=$(basename "$ko" .ko)
	suite=${module%_test}
	dmesg -c >/dev/null
	echo "@@@ $module log"
	modprobe "$module" && dmesg | sed "s/^\[[^]]*\] \(\[[^]]*\] \)\?//"
	echo "@@@ $module results"
	cat "/sys/kernel/debug/kunit/$suite/results"
	rmmod "$module"
done
echo "@@@ end end"'

# Prints TAP names of the leaves of what kunit.py made of a suite: "STATUS name".
leaves() {
	python3 -c '
import json, sys

def walk(group, path):
    for sub in group["sub_groups"]:
        walk(sub, path + [sub["name"]])
    for case in group["test_cases"]:
        print(case["status"], ": ".join(path + [case["name"]]).replace("#", ""))

walk(json.load(open(sys.argv[1])), [])' "$1"
}

# One suite by itself, as the first and only one of its log. Newer kernels begin the
# log of a module with the header that this is about.
as_first() { # SUITE LOG
	grep -q '^KTAP version' "$2" || printf '%s\n' 'KTAP version 1' '1..1'
	sed -E "s/^(not ok|ok) [0-9]+ (- )?($1)\$/\1 1 \2\3/" "$2"
}

# The kernel's own line says why.
reason() { # CASE
	CASE=$1 perl -ne 'print "$1\n" and exit if /ok \d+ (?:- )?\Q$ENV{CASE}\E # SKIP (.+)/' \
		"$WORK/ktap"
}

judge() { # SUITE
	local suite=$1 rc=0 status name why seen=0

	as_first "$suite" "$WORK/guest/${suite}_test.log" >"$WORK/ktap"
	python3 "$kunit" parse --json="$WORK/json" "$WORK/ktap" >"$WORK/said" 2>&1 || rc=$?
	if [ -s "$WORK/json" ]; then
		while read -r status name; do
			seen=$((seen + 1))
			case $status in
			PASS) result 0 "$name" ;;
			SKIP)
				why=$(reason "${name##*: }")
				skip "$name" "${why:-the suite skipped it}"
				;;
			*) result 1 "$name" || diag "$(grep -A8 -F -- "${name##*: }" "$WORK/ktap" | head -n 20)" ;;
			esac
		done < <(leaves "$WORK/json")
		rm "$WORK/json"
	fi
	[ "$seen" -gt 0 ] || rc=1
	result "$rc" "$suite: kunit.py passes it" || diag "$(tail -n 40 "$WORK/said")"
	like "$suite: and so does debugfs" \
		"$(tail -n 1 "$WORK/guest/${suite}_test.results" 2>/dev/null || true)" \
		"^ok 1 (- )?$suite\$"
}

TIMEOUT=${VM_TIMEOUT:-300} vm "$guest"
ok "the VM ended well" test "$STATUS" -eq 0
why "$ERR"

mkdir "$WORK/guest"
awk -v dir="$WORK/guest" '/^@@@ / { out = dir "/" $2 "." $3; printf "" >out; next }
	out { print >out }' <<<"$OUT"
ok "all suites were run" test -e "$WORK/guest/end.end"
why "$OUT"

# What must be there is what the sources say, not what happened to load.
units=()
for f in tests/kunit/*_test.c; do
	units+=("$(basename "$f" _test.c)")
done
for unit in "${units[@]}"; do
	if [ -s "$WORK/guest/mmkit_${unit}_test.log" ]; then
		judge "mmkit_$unit"
	else
		result 1 "mmkit_$unit: it ran" || diag "mmkit_${unit}_test.ko was not built or did not load"
	fi
done
is "no other suite was run" \
	"$(cd "$WORK/guest" && printf '%s\n' mmkit_*_test.log)" \
	"$(printf 'mmkit_%s_test.log\n' "${units[@]}")"

PLAN=$TESTS
echo "1..$TESTS"
finish
