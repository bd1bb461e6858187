# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# lockdown.sh [LEVEL]: under lockdown what can only be read is read, and control is
# refused.
D=/sys/kernel/debug/mmkit
LEVEL=${1:-integrity}
T=/tmp/lockdown
# shellcheck source=tap.sh
. /extra/tap.sh

# Only now: Debian's kernels would not have loaded modules without a signature.
lock_down "$LEVEL"
for f in info/limits info/sessions info/leaks info/registry pages/zones pages/objects map/stores; do
	cat $D/$f >$T.out 2>$T.err
	result $? "$f can be read"
done
while read -r f verb; do
	! cat "$D/$f" >$T.out 2>$T.err
	result $? "$f cannot be read"
	grep -q 'not permitted' $T.err
	result $? "and says that it is not permitted"
	! echo "$verb" 2>$T.err >"$D/$f"
	result $? "nor written"
done <<'END'
pages/control zones
map/control get
END
