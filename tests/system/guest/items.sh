# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# The guest's side of boot.sh: runs the parts of a script one after the other.
cd /tmp || exit 1
BAD=0

# What a part leaves set would be the next one's surprise.
for p in session_bytes session_handles total_bytes total_handles; do
	eval "DEFAULT_$p=$(cat /sys/module/mmkit_core/parameters/$p)"
done

restore() {
	for p in session_bytes session_handles total_bytes total_handles; do
		[ ! -e /sys/module/mmkit_core ] ||
			eval "echo \$DEFAULT_$p" >/sys/module/mmkit_core/parameters/$p
	done
}

item() {
	local rc=0 bad name=$1
	echo "mmkit-test: $*" >/dev/kmsg
	shift
	case $name in
	*.sh) set -- sh "/extra/$name" "$@" ;;
	*) set -- "/extra/$name" "$@" ;;
	esac
	"$@" >/tmp/tap 2>/tmp/err || rc=$?
	cat /tmp/tap
	bad=$(grep -c '^not ok' /tmp/tap)
	if [ "$bad" -eq 0 ] && { [ $rc -ne 0 ] || ! grep -q '^ok' /tmp/tap; }; then
		echo "not ok - $name ran to its end"
		echo "# status $rc"
		bad=1
	fi
	[ "$bad" -eq 0 ] || sed 's/^/# /' /tmp/err
	BAD=$((BAD + bad))
	restore
	# A status is no larger than 255, and from 124 on the runner's.
	[ "$BAD" -le 100 ] || BAD=100
	trap 'exit $BAD' EXIT
}
