#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The simulation of a farm against what can be worked out by hand.
. "$(dirname "$0")/../system/lib.sh"

if ! command -v python3 >/dev/null; then
	skip_all "python3 is not installed; run: tests/setup check"
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
near "a store of 1 Gbit/s gives a job a second" \
	"$(farm 2 --machines 1000 --store 1 --assign 0)" 3600
near "and its link is full" "$(farm 6 --machines 1000 --store 1 --assign 0)" 100
near "a scheduler that needs 2 s for a job hands out 1800 an hour" \
	"$(farm 2 --machines 500 --store 100 --assign 2)" 1800

PLAN=$TESTS
echo "1..$TESTS"
finish
