# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What test scripts in bash share: TAP, and running a command in a VM. A script
# sources this, states its plan, makes its checks and ends with "finish".
set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$TOP"
WORK=$(mktemp -d "${TMPDIR:-/tmp}/mmkit-test.XXXXXX")
# Folders to go at the end; what a run that was stopped left mounted in there stays.
SCRATCH=("$WORK")
trap 'rm -rf --one-file-system "${SCRATCH[@]}"' EXIT
TESTS=0 FAILED=0 LAST=0

plan() {
	PLAN=$1
	echo "1..$1"
}

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# result TRUTH NAME: TRUTH is a status, 0 for good. Returns it.
result() {
	TESTS=$((TESTS + 1)) LAST=$1
	if [ "$1" -eq 0 ]; then
		echo "ok $TESTS - $2"
	else
		FAILED=$((FAILED + 1))
		echo "not ok $TESTS - $2"
		return 1
	fi
}

# The checks below tell by themselves what they found, and are true either way, for a
# script goes on behind a test that failed. What else there is to tell then is why's.

# why TEXT: said of the test before, if it failed.
why() {
	[ "$LAST" -eq 0 ] || diag "$@"
}

# ok NAME COMMAND...: COMMAND succeeds.
ok() {
	local name=$1 out rc=0

	shift
	out=$("$@" 2>&1) || rc=$?
	result "$rc" "$name" && return
	diag "status $rc from: $*"
	[ -z "$out" ] || diag "$out"
}

# is NAME GOT WANT: the two are the same text.
is() {
	local rc=0

	[ "$2" = "$3" ] || rc=1
	result "$rc" "$1" && return
	diag "got:  $2"
	diag "want: $3"
}

# like NAME GOT REGEX: GOT has a line that matches.
like() {
	local rc=0

	grep -qE -- "$3" <<<"$2" || rc=1
	result "$rc" "$1" && return
	diag "got: $2"
	diag "does not match: $3"
}

# unlike NAME GOT REGEX: GOT has no such line.
unlike() {
	local rc=0

	grep -qE -- "$3" <<<"$2" || rc=$?
	# More than 1 is no answer.
	result $((rc != 1)) "$1" && return
	diag "got: $2"
	diag "matches, or is no pattern: $3"
}

skip() { # NAME REASON
	TESTS=$((TESTS + 1))
	echo "ok $TESTS - $1 # SKIP $2"
}

# vm CMD: run it in a VM (variables as for tests/vm/run, in the environment, so
# "MEM=512M vm 'free'"); sets STATUS, OUT and ERR.
vm() {
	STATUS=0
	tests/vm/run "$1" >"$WORK/out" 2>"$WORK/err" || STATUS=$?
	OUT=$(tr -d '\0' <"$WORK/out")
	ERR=$(tr -d '\0' <"$WORK/err")
}

finish() {
	if [ "$TESTS" -ne "$PLAN" ]; then
		diag "planned $PLAN tests but ran $TESTS"
		exit 1
	fi
	[ "$FAILED" -eq 0 ] || exit 1
	exit 0
}
