# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# What a screen costs that nobody touches. The guest's clock counts instructions, a
# nanosecond each, and so does the scheduler's: a CPU that executes 10^9 a second, less
# than any that there is, may spend 1 % of them, ten million for each refresh.
T=/tmp/top

# shellcheck source=cli.sh
. /extra/cli.sh
export TMUX_TMPDIR=/tmp

tmux -f /dev/null new-session -d -x 100 -y 30 'exec mmkit top'
i=0
until tmux capture-pane -p 2>/dev/null | grep -q '^Memory' || [ $i -ge 100 ]; do
	sleep 0.2
	i=$((i + 1))
done
pid=$(pidof mmkit)
before=$(cut -d ' ' -f 1 "/proc/$pid/schedstat")
sleep 10
spent=$((($(cut -d ' ' -f 1 "/proc/$pid/schedstat") - before) / 10))
[ "$before" -gt 0 ] && [ "$spent" -gt 0 ] && [ "$spent" -lt 10000000 ]
result $? "a refresh a second costs less than 1 % of a CPU of 10^9 instructions a second ($spent each)"
tmux kill-server
