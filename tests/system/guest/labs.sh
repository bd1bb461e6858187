# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# Every lab, and what it leaves behind.
T=/tmp/labs

# shellcheck source=cli.sh
. /extra/cli.sh

if [ -d /extra/valgrind ]; then
	export VALGRIND_LIB=/extra/valgrind
	mkdir -p /usr/lib
	ln -s /extra/debug /usr/lib/debug
	ln -s valgrind.bin /usr/bin/valgrind
fi

# All that a lab may set, one line each.
state() {
	cat /proc/swaps
	find /sys/fs/cgroup -type d | sort
	cut -d' ' -f1 /proc/modules | sort
	cat /proc/mounts
	grep -r . /proc/sys/vm /sys/kernel/mm 2>/dev/null |
		grep -vE 'stat_refresh|/stats/|/pages_|/full_scans|/total_time|/last_|/ksm/|numa_stat|nr_hugepages' | sort
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
	# Of what it said only what is wrong.
	awk '/"text":|"measured":|"op":|"other":/ { last = last $0 }
		/"held": false|"refused": false/ { print last $0 }
		/}/ { last = "" }
		/"reason": "/' $T.out >>$T.err
	: >$T.out
	[ $rc -eq 0 ]
	result $? "$name $*"
}

# NUMA balancing on at once, not after the first second of a process: who is not
# kept off it meets it.
balancing=/sys/kernel/debug/sched/numa_balancing
knobs='scan_delay_ms scan_period_min_ms scan_period_max_ms'
was=
for knob in $knobs; do
	[ -e "$balancing/$knob" ] || continue
	was="$was $(cat "$balancing/$knob")"
	echo 1 >"$balancing/$knob"
done
as_before() {
	for knob in $knobs; do
		[ $# -gt 0 ] || break
		echo "$1" >"$balancing/$knob"
		shift
	done
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

# A kernel that does not behave as the lab says: status 1, and which claim it was.
rc=0
LD_PRELOAD=/extra/lies.so mmkit lab run demand-paging >$T.out 2>$T.err || rc=$?
[ $rc -eq 1 ]
result $? "a claim that does not hold is status 1 (got $rc)"
has '^  NO  the first touch of a page is a minor fault'
has ' 192 = 64 faults$'
has ': failed, '

# Ended in its middle, when swap and a cgroup are there: all is put back.
for signal in INT TERM; do
	state >$T.before
	mmkit lab run page-replacement page-in-out >$T.out 2>$T.err &
	pid=$!
	tries=0
	until ls -d /sys/fs/cgroup/mmkit-lab-* >/dev/null 2>&1 || [ $tries -gt 1000 ]; do
		tries=$((tries + 1))
		sleep 0.01
	done
	grep -q zram /proc/swaps
	result $? "$signal: it runs, and has set up swap"
	kill -$signal $pid
	rc=0
	wait $pid || rc=$?
	[ $rc -eq 1 ]
	result $? "$signal: status 1 (got $rc)"
	has 'FAILED: interrupted by a signal'
	state >$T.after
	cmp -s $T.before $T.after
	result $? "$signal: what it changed is put back"
	diff $T.before $T.after | sed 's/^/# /'
done

json 0 --json lab lose 3
run 0 lab lose 3
has '^lost 3 blocks of 1000 bytes$'
run 2 lab lose
run 2 lab lose many
run 2 lab lose 1000001
run 0 lab run demand-paging
has '^  ok  '
has '^  read: mm/memory.c: '
if as_nobody true 2>/dev/null; then
	rc=0
	as_nobody mmkit lab run cow >$T.out 2>$T.err || rc=$?
	[ $rc -eq 77 ]
	result $? "for nobody a lab that needs root is skipped (got $rc)"
	has "try: run it as root"
else
	echo "ok - for nobody a lab that needs root is skipped # SKIP no setpriv here that takes a user"
fi
run 2 lab run nosuch
run 2 lab run demand-pagin
says "did you mean 'demand-paging'"
run 2 lab run
# shellcheck disable=SC2086
as_before $was
