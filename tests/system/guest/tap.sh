# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# What a part of a script says in TAP, sourced by those that have nothing to do with
# the command (cli.sh has this, too). What was printed by what failed is in $T.out
# and $T.err.
result() { # STATUS NAME
	if [ "$1" -eq 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
		sed 's/^/# /' "$T".out "$T".err 2>/dev/null | head -n 20
	fi
}

# lock_down LEVEL: until the machine reboots, unless it was booted so; in our own VM, which
# has /mmkit, or the script ends here. What ran until then is kept for COVER=.
lock_down() {
	local now=/sys/kernel/security/lockdown

	if [ ! -e $now ]; then
		echo "ok - the kernel is locked down for $1 # SKIP it has no lockdown"
		exit 0
	fi
	if [ ! -d /mmkit ] && [ -z "${LOCK_DOWN:-}" ] && ! grep -q "\[$1\]" $now; then
		echo "ok - the kernel is locked down for $1 # SKIP this machine would be" \
			"so until it reboots; LOCK_DOWN=1 does it"
		exit 0
	fi
	[ ! -x /mmkit/cover ] || /mmkit/cover
	grep -q "\[$1\]" $now || echo "$1" >$now
	grep -q "\[$1\]" $now
	result $? "the kernel is locked down for $1"
}
