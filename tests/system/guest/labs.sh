# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# Every lab, and what it leaves behind.
T=/tmp/labs

# shellcheck source=cli.sh
. /extra/cli.sh

# All that a lab may set, one line each.
state() {
	cat /proc/swaps
	find /sys/fs/cgroup -type d | sort
	cut -d' ' -f1 /proc/modules | sort
	cat /proc/mounts
	grep -r . /proc/sys/vm /sys/kernel/mm 2>/dev/null |
		grep -vE 'stat_refresh|/pages_|/full_scans|/total_time|/last_|/ksm/|numa_stat|nr_hugepages' | sort
	find /tmp /run /dev/shm | grep -v "^$T" | sort
}

# lab NAME [OPTION...]: a skip has a reason.
lab() {
	local rc=0 name=$1
	shift
	mmkit --json lab run "$@" "$name" >$T.out 2>$T.err </dev/null || rc=$?
	printf 'json lab run %s %s\t%s\n' "$*" "$name" "$(tr -d '\n' <$T.out)"
	if [ $rc -eq 77 ]; then
		echo "ok - $name $* # SKIP $(sed -n 's/.*"reason": "\(.*\)",$/\1/p' $T.out)"
		return
	fi
	grep -E '"text"|"held": false|"refused": false|"reason": "' $T.out |
		grep -B1 -E '"held"|"refused"|"reason"' >$T.err
	[ $rc -eq 0 ]
	result $? "$name $*"
}

json 0 --json lab list
sed -n 's/^ *"name": "\(.*\)",$/\1/p' $T.out >/tmp/names
state >$T.before
begin=$(cut -d. -f1 /proc/uptime)
while read -r name; do
	lab "$name"
done </tmp/names
echo "# all labs: $(($(cut -d. -f1 /proc/uptime) - begin)) s"
while read -r name; do
	lab "$name" --selftest
done </tmp/names
state >$T.after
cmp -s $T.before $T.after
result $? "the labs put back what they changed"
diff $T.before $T.after | sed 's/^/# /'

run 0 lab run demand-paging
has '^  ok  '
has '^  read: mm/memory.c: '
run 2 lab run nosuch
run 2 lab run demand-pagin
says "did you mean 'demand-paging'"
run 2 lab run
