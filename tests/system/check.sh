#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The harness itself: its last line and its status are true, whatever the scripts
# it runs do.
# shellcheck disable=SC2016  # what is quoted here is for the scripts it writes
. "$(dirname "$0")/lib.sh"

plan 31

tree=$WORK/tree
mkdir -p "$tree/tests/host" "$tree/tests/vm"
cp tests/check "$tree/tests/check"
unset ONLY ALL MMKIT_BUILD
export MMKIT_CACHE=$WORK/cache
# A kernel that can be had and one that cannot.
printf '#!/bin/sh\ntest "$1" = good\n' >"$tree/tests/vm/build"
chmod +x "$tree/tests/vm/build"

script() { # NAME TEXT: one test script
	printf '#!/bin/bash\n%s\n' "$2" >"$tree/tests/host/$1.sh"
	chmod +x "$tree/tests/host/$1.sh"
}

check() { # VARIABLE=VALUE... or --OPTION: run the harness; sets STATUS, OUT and LAST
	STATUS=0
	case $1 in
	-*) OUT=$("$tree/tests/check" "$@" 2>&1) ;;
	*) OUT=$(env "$@" "$tree/tests/check" 2>&1) ;;
	esac || STATUS=$?
	LAST=$(tail -n 1 <<<"$OUT")
}

check A=b
is "nothing to run is not a success" "$STATUS $LAST" \
	"2 tests/check: no test matches ONLY="

check --list
is "nor to list" "$STATUS" 2

script good 'echo 1..3; echo ok 1; echo ok 2 - b; echo "ok 3 - c # SKIP not here"'
check A=b
is "what passed and what was skipped is counted" "$STATUS $LAST" \
	"0 2 passed, 0 failed, 1 skipped"

check --list
is "what would be run is listed, and is not" "$STATUS $OUT" "0 tests/host/good.sh"
check --help
like "an unknown option runs nothing" "$STATUS $OUT" '^2 usage: '

script bad 'echo 1..3; echo ok 1; echo not ok 2 - broken; echo "# because"; echo ok 3 - fine
echo to stderr >&2; exit 1'
check A=b
is "a failure is counted, and is the status" "$STATUS $LAST" \
	"1 4 passed, 1 failed, 1 skipped"
like "a failure is shown with its diagnostics" "$OUT" '# because'
unlike "and not what passed after it" "$OUT" 'ok 3 - fine'
like "and what went to stderr" "$OUT" 'stderr: to stderr'
check ONLY='tests/host/good*'
is "ONLY chooses" "$STATUS $LAST" "0 2 passed, 0 failed, 1 skipped"
check ONLY='host/bad.sh'
is "with or without the folder tests" "$STATUS $LAST" "1 2 passed, 1 failed, 0 skipped"

for death in 'died:echo 1..2; echo ok 1; exit 3' \
	'killed:echo 1..1; echo ok 1; kill -9 $$' \
	'short:echo 1..2; echo ok 1' \
	'planless:echo ok 1' \
	'mute:exit 0'; do
	script "${death%%:*}" "${death#*:}"
	check ONLY="tests/host/${death%%:*}.sh"
	like "a script that is ${death%%:*} is a failure" "$STATUS $LAST" \
		'^1 [01] passed, [12] failed, 0 skipped$'
done

script slow '# TIMEOUT: 2
echo 1..1; echo ok 1; sleep 100'
check ONLY='*slow*'
like "one that does not end is a failure" "$STATUS $OUT" 'killed after 2 s'

script kernels '# KERNELS: good bad
echo 1..1; echo "ok 1 - on $KERNEL"'
check ONLY='*kernels*'
is "a kernel that cannot be had fails what needs it" "$STATUS $LAST" \
	"1 1 passed, 1 failed, 0 skipped"
check ONLY='*kernels*@good'
is "one kernel can be chosen" "$STATUS $LAST" "0 1 passed, 0 failed, 0 skipped"

script none 'echo "1..0 # SKIP nothing here"'
check ONLY='*none*'
is "a script that skips itself is one skip, and all skipped is no success" \
	"$STATUS $LAST" "1 0 passed, 0 failed, 1 skipped"

script better 'echo 1..1; echo ok 1'
printf 'tests/host/%s\n' 'good.sh 3' 'bad.sh 7' >"$MMKIT_CACHE/check/times"
check JOBS=1
is "what was never run is first, then what took longest" \
	"$(grep -oE '/(better|good|bad)[.]' <<<"$OUT" | uniq | xargs)" "/better. /bad. /good."
is "how long what passed took is known then, and what failed before" \
	"$(grep -cE '/(better.sh [0-9]+|bad.sh 7)$' "$MMKIT_CACHE/check/times")" 2
script stop 'kill -INT "$(sed -n "s/^PPid:\t//p" "/proc/$PPID/status")"; sleep 100'
echo 'tests/host/stop.sh 0' >"$MMKIT_CACHE/check/times"
check JOBS=1
is "who interrupts it is told" "$STATUS $LAST" "130 tests/check: interrupted"
is "and what had passed is noted" "$(grep -cE '/(better|good).sh [0-9]+$' "$MMKIT_CACHE/check/times")" 2
rm "$tree/tests/host/stop.sh"
check ONLY='*good.sh' MMKIT_CACHE=/dev/null
is "a cache that cannot be written is none" "$STATUS $LAST" \
	"0 2 passed, 0 failed, 1 skipped"
check JOBS=1 MMKIT_CACHE=/dev/null
like "nor where times would be noted" "$LAST" '^[1-9][0-9]* passed'

script short 'echo 1..1; echo "${MMKIT_SHORT:+not }ok 1"'
check A=b
like "who runs all of the short tests gets them short" "$OUT" 'FAILED +tests/host/short.sh'
check ALL=1
like "who runs the long ones does not" "$OUT" 'ok +tests/host/short.sh'
check ONLY='*short.sh' MMKIT_SHORT=1
like "nor who chooses" "$OUT" 'ok +tests/host/short.sh'

script alone '# ALONE
echo 1..1; echo ok 1'
check ONLY='*alone* */good.sh'
is "several globs, and one that wants to be alone" "$STATUS $LAST" \
	"0 3 passed, 0 failed, 1 skipped"

# "a" says nothing until the last of the others ran, which is one too many to
# be started beside it.
script pair_a '# TIMEOUT: 30
echo 1..1; until [ -e ../third ]; do sleep 0.1; done; echo ok 1'
script pair_b 'echo 1..1; echo ok 1'
script pair_c 'echo 1..1; touch ../third; echo ok 1'
check ONLY='*pair_*' JOBS=2
is "a script without output holds none of the others up" "$STATUS $LAST" \
	"0 3 passed, 0 failed, 0 skipped"

finish
