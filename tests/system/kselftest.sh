#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: stock-6.1 debug-6.1
# TIMEOUT: 2400
# Suites as the kernel's selftests, run by the kernel's own run_kselftest.sh: what
# passes, what fails, and that one which cannot run is skipped.
. "$(dirname "$0")/lib.sh"

export KERNEL=${KERNEL:-stock-6.1}
source=$(QUIET=1 tests/vm/build --source linux-source-6.1)/tools/testing/selftests
dir=$WORK/kselftest
ok "suites are installed" env QUIET=1 tests/kselftest "$dir" smoke core
cp -r "$source/run_kselftest.sh" "$source/kselftest" "$dir"
is "the list has them" "$(cat "$dir/kselftest-list.txt")" $'mmkit:smoke\nmmkit:core'

# One that fails, made of one that does not.
cp -r "$dir/mmkit/smoke" "$dir/mmkit/fails"
cp -r "$dir/mmkit/smoke.files" "$dir/mmkit/fails.files"
echo 'echo "ok - one"; echo "not ok - another"; exit 1' >"$dir/mmkit/fails.files/cmd"
echo 'mmkit:fails' >>"$dir/kselftest-list.txt"

EXPECT_LOG=$(find "$dir" -name expect -exec cat {} + | paste -sd '|') || true
export EXPECT_LOG
PROGS=timeout EXTRA=$dir TIMEOUT=2000 SMP=1 vm 'mv /extra /kselftest
/kselftest/run_kselftest.sh
echo "--- without the modules"
mmkit unload
mv /usr/bin/mmkit /usr/bin/elsewhere
/kselftest/run_kselftest.sh -t mmkit:smoke
/kselftest/mmkit/smoke; echo "status $?"'
is "the machine ended well" "$STATUS" 0
[ "$STATUS" -eq 0 ] || diag "$ERR"
with=${OUT%%--- without*} without=${OUT##*--- without}
like "smoke passes" "$with" '^ok 1 selftests: mmkit: smoke$'
like "core passes" "$with" '^ok 2 selftests: mmkit: core$'
like "with its own lines" "$with" '^# ok [0-9]+ - '
like "one that fails does" "$with" '^not ok 3 selftests: mmkit: fails # exit=1$'
like "without the command it is skipped" "$without" '^ok 1 selftests: mmkit: smoke # SKIP$'
like "by status 4" "$without" '^status 4$'
PLAN=$TESTS
echo "1..$TESTS"
finish
