# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# mmkit map: patterns, the pager, events, policies, drawings.
T=/tmp/pager

# shellcheck source=cli.sh
. /extra/cli.sh

# value KEY: of the last JSON document, the first of that name.
value() {
	tr -d '\n ' <$T.out | sed -n "s/.*\"$1\":\([^,}]*\)[,}].*/\1/p"
}

# await_session PID: until it has the device open, or ends.
await_session() {
	local fd
	try=0
	while [ -e "/proc/$1/exe" ]; do
		for fd in /proc/"$1"/fd/*; do
			[ "$(readlink "$fd")" != /dev/mmkit/map ] || return 0
		done
		try=$((try + 1))
		sleep 1
	done
	return 1
}

# --- the pager by the command
json 0 --json map run -s pager --size 256K --frames 8 --policy lru --pattern zipf --write
json 0 --json map run -s pager --size 256K --frames 8 --swap shmem --pattern random --touches 500 --threads 4
verified map run -s pager --size 64K --frames 4 --pattern sequential --write
run 0 map run -s pager --size 128K --frames 8 --policy clock --pattern loop:12 --write --rows 2
has '^pager: clock in 8 frames: [0-9]+ major faults'
has '^evicted [0-9]+, wrote back [0-9]+'
for pattern in sequential random zipf stride:3 loop:5; do
	verified map run --size 64K --pattern $pattern --touches 100
done
run 2 map run --pattern nosuch
run 2 map run --pattern stride:0
run 2 map run -s page --frames 4
says 'only the strategy pager pages'
run 2 map run -s pager --policy lru
says 'need --frames'
run 1 map run -s pager --frames 2000000
run 2 map run -s pager --frames 4 --policy opt

# --- what the kernel does is what the textbook says
mmkit map policies --pattern loop:5 --pages 8 --touches 60 --frames 4 --json >/tmp/loop
for policy in fifo lru clock second-chance; do
	json 0 --json map run -s pager --size 32K --frames 4 --policy $policy --exact \
		--pattern loop:5 --touches 60
	want=$(tr -d '\n ' </tmp/loop | sed "s/.*\"policy\":\"$policy\",\"hits\":[0-9]*,\"misses\":\([0-9]*\).*/\1/")
	[ -n "$want" ] && [ "$(value major)" = "$want" ]
	result $? "the kernel misses as often as the replay: $policy ($want)"
done

# --- policies
json 0 --json map policies --trace 1,2,3,4,1,2,5,1,2,3,4,5 --frames 3 --curve 5 --svg /tmp/belady.svg
[ "$(grep -c '^<polyline' /tmp/belady.svg)" -eq 6 ]
result $? "a curve for each policy"
run 0 map policies --trace 1,2,3,4,1,2,5,1,2,3,4,5 --frames 4 --curve 5
has '^fifo +2 +10 +5 +6 +0$'
has '^opt +6 +6 '
has "^fifo: more frames, more misses somewhere: Belady's anomaly$"
run 0 map policies --trace '7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1' --frames 3
has '^fifo +5 +15 '
has '^lru +8 +12 '
has '^opt +11 +9 '
run 2 map policies
run 2 map policies --trace 1x
run 2 map policies --trace 1 --pattern zipf
run 2 map policies --trace 1 --frames 0
run 1 map policies --trace @/nosuch
run 1 map policies --trace 1 --svg /nosuch/x.svg

# --- events, and a trace of them replayed
json 0 --json map run --size 32K --events --touch all
[ "$(value recorded)" = 8 ] && [ "$(value lost)" = 0 ]
result $? "8 touches are 8 events and none is lost"
run 0 map run -s pager --size 64K --frames 4 --exact --pattern zipf --touches 200 --record /tmp/trace
run 0 map policies --trace @/tmp/trace --frames 4
has '^fifo '
run 1 map run --record /nosuch/trace
says 'a path that can be written'
run 1 map run --readonly --events
says EACCES

# --- following another process
mmkit map run --size 64K --hold 3600 >/dev/null 2>&1 &
pid=$!
await_session $pid
json 0 --json map watch --seconds 1 $pid
[ "$(value lost)" = 0 ]
result $? "and nothing is lost ($try s until it was there)"
kill $pid
wait $pid 2>/dev/null
run 1 map watch 999999
says ESRCH
run 1 map watch 1
says ENOENT
run 2 map watch
run 2 map watch abc

# A process that faults all the time is seen to.
mmkit map run -s pager --size 128K --frames 4 --pattern random --touches 2000000 \
	--threads 2 >/dev/null 2>&1 &
pid=$!
await_session $pid
run 0 map watch --count 20 $pid
has ' (read|evict) +[0-9]+ '
has '^[0-9]+ events, [0-9]+ lost$'
kill $pid
wait $pid 2>/dev/null

# --- drawings
json 0 --json map draw -s pager --size 256K --frames 8 --policy lru --write --svg /tmp/draw.svg
tail -n 1 /tmp/draw.svg | grep -q '</svg>'
result $? "and is drawn"
run 0 map draw -s pager --size 256K --frames 8 --pattern sequential --write
has '^pager: fifo in 8 frames'
has 'M mapped, dirty 8 +s evicted, in the swap 56$'
! grep -v '|' $T.out | tr -d '\200-\277' | grep -qE '.{81}'
result $? "within 80 columns"
run 0 map draw --size 64K
run 1 map draw --svg /nosuch/x.svg
cat >/tmp/session <<'END'
map set -s pager --size 64K
map draw
map run --frames 4 --pattern sequential --write --rows 1
map draw
END
run 0 run /tmp/session
has '^strategy pager, 65536 bytes$'
