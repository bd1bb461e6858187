#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a farm is given and what is said of it: KTAP made flat, numbered TAP, job
# definitions, and the simulation against what can be worked out by hand.
. "$(dirname "$0")/../system/lib.sh"

if ! command -v python3 >/dev/null; then
	skip_all "python3 is not installed; run: tests/setup check"
fi

ktap='KTAP version 1
1..1
    # Subtest: mmkit_order
    1..2
        # Subtest: sizes
        ok 1 - one page
        not ok 2 - none # SKIP no zero
    # sizes: pass:1 fail:1 skip:0 total:2
    not ok 1 - sizes
    ok 2 - limits
not ok 1 - mmkit_order'
is "KTAP becomes a line for each case and parameter" "$(awk -f tests/vm/ktap.awk <<<"$ktap")" \
	'ok - mmkit_order: sizes: one page
not ok - mmkit_order: sizes: none # SKIP no zero
ok - mmkit_order: limits'

numbered() {
	awk -v to=/dev/stdout -v plan=1 -v mark='x: ' -f tests/vm/tap.awk
}
rc=0
out=$(printf 'ok - a\nnot ok 7 - b\n# why\njson --json info\t{}\n1..9\n' | numbered) || rc=$?
is "lines get numbers, and documents are left out" "$out" \
	$'x: TAP version 13\nx: ok 1 - a\nx: not ok 2 - b\nx: # why\nx: 1..2'
is "and a failure is the status" "$rc" 1
rc=0
numbered </dev/null >/dev/null || rc=$?
is "and so is that nothing was tested" "$rc" 1

ok "tests/run has suites" grep -q '^heap ' <(tests/run --list)
rc=0
tests/run nosuch 2>"$WORK/err" || rc=$?
is "and refuses others" "$rc" 2

for engine in tests/engine/*; do
	ok "$engine is an adapter of under 60 lines" test "$(wc -l <"$engine")" -lt 60
done

# A job of a boot that another has packed.
mkdir -p "$WORK/1"
printf '%s\n' -M q35 -smp 2 >"$WORK/1/qemu"
# shellcheck disable=SC2016  # the dollar is the kernel's
echo 'NAME=stock-6.1 REL=6.1.0 MEM=1G ARCH=amd64 TIMEOUT=120 WORDS='\''a="b c" memmap=1M$2M'\' \
	>"$WORK/1/boot"
touch "$WORK/1/swap"
PACKED=1 OUT=$WORK tests/lava/job heap stock-6.1 >/dev/null
unlike "no word of the template is left" "$(cat "$WORK/1/job.yaml")" '@[A-Z_]+@'
like "silence is borne for as long as the suite may run" "$(SECONDS_=900 PACKED=1 OUT=$WORK \
	tests/lava/job heap stock-6.1 >/dev/null && grep -A1 '^- boot' "$WORK/1/job.yaml")" 'seconds: 900'
BOARD=x86 PACKED=1 OUT=$WORK tests/lava/job heap stock-6.1 >/dev/null
unlike "nor for a board" "$(cat "$WORK/1/job.yaml")" '@[A-Z_]+@'
if python3 -c 'import yaml' 2>/dev/null; then
	PACKED=1 OUT=$WORK tests/lava/job heap stock-6.1 >/dev/null
	is "it is YAML, and a word comes out as it went in" "$(python3 -c '
import sys, yaml
job = yaml.safe_load(open(sys.argv[1]))
print(job["actions"][0]["deploy"]["images"]["kernel"]["image_arg"])' "$WORK/1/job.yaml")" \
		"-kernel {kernel} -append 'console=ttyS0 a=\"b c\" memmap=1M\$2M'"
else
	skip "the job as YAML" "python3-yaml is not installed"
fi

# A farm with one kind of job, of 125 MB, 60 s to boot and 540 to run.
echo 'job 125000000 60 540 1000' >"$WORK/costs"
farm() { # COLUMN ARGUMENT...
	python3 tests/farm/simulate.py "${@:2}" --hours 10 "$WORK/costs" | tail -n 1 |
		awk -v c="$1" '{ print $c }'
}
near() { # NAME GOT WANT: as near as start and end of the hours leave it, never above
	ok "$1: $2 is near $3" awk -v a="$2" -v b="$3" 'BEGIN { exit !(a > b * .9 && a <= b) }'
}
near "ten machines do as many jobs as their seconds hold" \
	"$(farm 2 --machines 10 --tick 0.01 --assign 0)" 60
read -r _ jobs _ _ _ link _ < <(python3 tests/farm/simulate.py --hours 10 --machines 1000 \
	--store 1 --assign 0 "$WORK/costs" | tail -n 1)
near "a store of 1 Gbit/s gives a job a second" "$jobs" 3600
near "and its link is full" "$link" 100
near "a scheduler that needs 2 s for a job hands out 1800 an hour" \
	"$(farm 2 --machines 500 --store 100 --assign 2)" 1800

# syzkaller's manager takes JSON with lines of comment. Each of our calls that it is to
# make is one that is described.
ok "syzkaller's configuration is JSON" sh -c \
	"grep -v '^[[:blank:]]*#' tests/fuzz/syzlang/mmkit.cfg | python3 -m json.tool >/dev/null"
described=tests/fuzz/syzlang/dev_mmkit.txt
if [ -e $described ]; then
	while read -r call; do
		pattern=${call//[$]/[$]}
		like "$call is described" "$(cat $described)" "^${pattern//[*]/[A-Za-z0-9_]*}[(]"
	done < <(sed -n 's/^[[:blank:]]*"\(.*[$].*\)",*$/\1/p' tests/fuzz/syzlang/mmkit.cfg)
else
	skip "the calls in it" "tests/fuzz/syzlang/dev_mmkit.txt is not there"
fi

PLAN=$TESTS
echo "1..$TESTS"
finish
