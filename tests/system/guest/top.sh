# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# mmkit top: once, as a document, and its screen, which tmux has in here: keys are
# sent, and what is on the screen is read.
T=/tmp/top

# shellcheck source=cli.sh
. /extra/cli.sh

json 0 --json top --interval 200
run 0 top --once --interval 200
has '^Memory [0-9]+ MiB: '
has '^ *0 DMA32 '
has '^kmalloc-|^dentry '
has '^ +[0-9]+ pages +'
run 2 top </dev/null
says 'stdout is no terminal; use --once or --json'
run 2 top --once --interval 5
says '--interval 5: 100 to 3600000 milliseconds'
json 2 --json top --interval 5

# What it says is what the kernel's files say: none of these moves by itself.
document=$(mmkit --json top --interval 200 | tr -d '\n ')
field() { # REGEX with a group
	echo "$document" | sed -n "s/.*$1.*/\\1/p"
}
total=$(awk '/^MemTotal:/ { print $2 * 1024 }' /proc/meminfo)
[ "$(field '"total":\([0-9]*\)')" = "$total" ]
result $? "MemTotal is that of /proc/meminfo ($total)"
for mark in min low high; do
	want=$(awk -v m="$mark" '/zone +DMA32$/ { on = 1 } on && $1 == m { print $2; exit }' /proc/zoneinfo)
	[ "$(field "\"zone\":\"DMA32\",[^{}]*\"$mark\":\\([0-9]*\\)")" = "$want" ] && [ -n "$want" ]
	result $? "and the $mark watermark of DMA32 that of /proc/zoneinfo ($want)"
done

# An order that somebody asks for again and again is counted.
if [ -d /sys/kernel/tracing/events/kmem/mm_page_alloc ] &&
	grep -q 'hist' /sys/kernel/tracing/README; then
	mmkit --json top --interval 1500 >$T.doc &
	# Only what is allocated between its two looks counts.
	i=0
	while kill -0 $! 2>/dev/null && [ $i -lt 100 ]; do
		mmkit pages alloc -o 7 -c 2 --quiet
		i=$((i + 1))
	done
	wait
	tr -d '\n ' <$T.doc | grep -qE '"order":7,"blocks":[1-9]'
	result $? "allocations of order 7 are seen"
else
	mmkit --json top --interval 200 | grep -q '"untraced": ".*CONFIG_HIST_TRIGGERS'
	result $? "without histogram triggers it says so"
fi
[ -z "$(ls /sys/kernel/tracing/instances)" ]
result $? "no tracing instance is left behind"

# Calls for each file: from its open() to its close(), of the second look on. A read
# gives a page of it at most, so that a long file takes some.
strace -o $T.calls mmkit top --once --interval 200 >/dev/null 2>$T.err
awk '/^openat\(.*"\/(proc|sys)\// {
	split($0, part, "\""); split($0, end, "= "); fd = end[2] + 0
	name[fd] = part[2]; calls[fd] = 1; next }
/^[a-z0-9]+\([0-9]+/ {
	split($0, word, "[(,) ]"); fd = word[2]
	if (!(fd in name)) next
	calls[fd]++
	if (word[1] == "close") {
		print name[fd], calls[fd]; delete name[fd] } }' $T.calls |
	grep -E '^/proc/(vmstat|meminfo|zoneinfo|buddyinfo|slabinfo|pressure)|/sessions ' >$T.out
[ "$(wc -l <$T.out)" -ge 12 ] && awk '$2 > 10 { exit 1 }' $T.out
result $? "no file takes more than 10 system calls ($(sort -k2 -n $T.out | tail -n 1))"

# --- the screen
export TMUX_TMPDIR=/tmp
tmux() {
	command tmux -f /dev/null "$@"
}

# sees REGEX NAME: the screen comes to have such a line, within a minute. After one
# that did not come, none is waited for.
lost=
sees() {
	local i=0

	while [ $i -lt 300 ] && [ -z "$lost" ]; do
		tmux capture-pane -p >$T.out 2>$T.err
		if grep -qE -- "$1" $T.out; then
			result 0 "screen: $2"
			return
		fi
		sleep 0.2
		i=$((i + 1))
	done
	lost=1
	result 1 "screen: $2"
}

tmux new-session -d -x 100 -y 30 'mmkit top --interval 300'
sees 'Memory [0-9]+ MiB' 'it begins'
sees '^ +0 DMA32 +[0-9]+ ' 'zones are listed'
sees 'Unusable at order 9 \(worst zone\): 0\.[0-9]+' 'the index is followed'
tmux send-keys Enter
sees '^ORDER +BLOCKS +PART OF WHAT IS FREE' 'a zone opens'
sees '^ +10 +[0-9]+  \[\|+ *\]' 'its free lists are bars'
tmux send-keys Escape
sees '^ *NODE ZONE' 'and closes'
tmux send-keys c
sees '^CACHE +ACTIVE' 'slab caches'
tmux send-keys / dent Enter
sees 'allocations +/dent *$' 'a filter is typed'
grep -q '^dentry ' $T.out
result $? 'screen: it finds'
! grep -q '^kmalloc' $T.out
result $? 'screen: and hides the others'
tmux send-keys Enter
sees '^objs_per_slab +[0-9]+' 'a cache opens'
tmux send-keys Escape z c '>' '>' ' '
sees 'FROZEN' 'it freezes'
tmux send-keys ' ' m
sees '^ +[0-9]+ pages +[0-9]+ ' "mmkit's sessions"
tmux send-keys a
sees '^ ORDER  PER-SECOND|CONFIG_HIST_TRIGGERS' 'allocations, or why not'
tmux send-keys '?'
sees 'sort by the column' 'help'
tmux send-keys '?'

# A signal ends it, and nothing is left behind either.
tmux kill-session
i=0
while [ -n "$(ls /sys/kernel/tracing/instances)" ] && [ $i -lt 50 ]; do
	sleep 0.2
	i=$((i + 1))
done
[ -z "$(ls /sys/kernel/tracing/instances)" ]
result $? "a window that is closed leaves no tracing instance"
tmux new-session -d -x 100 -y 30 'exec mmkit top'
sees 'Memory [0-9]+ MiB' 'it begins again'
tmux resize-window -x 60 -y 15
sees '^\?:help .*areas' 'a smaller window'
[ "$(tmux display-message -p '#{pane_width}')" -eq 60 ]
result $? 'screen: is one'
tmux send-keys q
i=0
while tmux has-session 2>/dev/null && [ $i -lt 100 ]; do
	sleep 0.2
	i=$((i + 1))
done
! tmux has-session 2>/dev/null
result $? 'screen: q ends it'
[ -z "$(ls /sys/kernel/tracing/instances)" ]
result $? "and leaves no tracing instance"
