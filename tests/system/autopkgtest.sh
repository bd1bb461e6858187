#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG
# TIMEOUT: 5400
# debian/tests by autopkgtest itself. It runs where the tests do (its "null" server), in a
# virtual machine that is theirs alone, which is what isolation-machine asks for. All that
# they depend on is installed there, so that apt needs no network.
. "$(dirname "$0")/lib.sh"
. tests/system/debian.sh

plan 11

ok "the packages build" build_packages "$WORK/one" 0.1
ok "a clean system, with autopkgtest" clean_system autopkgtest dpkg-dev gcc-multilib
# DKMS builds in seconds here what takes an emulated machine minutes.
ok "our packages are in it" install_packages "$WORK/one"
rm -rf "$root"/tmp/debs
mkdir "$root/tmp/source"
cp "$WORK"/one/*.{dsc,tar.*} "$root/tmp/source"
# shellcheck disable=SC2016  # the dollar is the machine's
SECONDS_=3000 boots_well 'autopkgtest --no-built-binaries /tmp/source/*.dsc -- null
echo "status $?"'

like "autopkgtest says that all passed" "$SAID" '^status 0$'
why "$(tail -n 40 <<<"$SAID")"
summary=${SAID##*@@@ summary}
diag "$summary"
for name in run suites headers; do
	like "$name passed" "$summary" "^$name +PASS"
done
# A suite that never ran would not have failed.
suites=$(grep -E '^(# [a-z]+$|(not )?ok [0-9]+)' <<<"$SAID") || true
is "of each suite tests have passed" \
	"$(awk '/^# /{ suite = $2 } /^ok/ && !/# SKIP/ && !seen[suite]++ { print suite }' <<<"$suites" | xargs)" \
	'smoke core pages heap slab'
is "and no test of theirs has failed" "$(grep '^not ok' <<<"$suites" || true)" ''
diag "$(grep -c '^ok' <<<"$suites" || true) tests, $(grep -c '# SKIP' <<<"$suites" || true) of them skipped"
finish
