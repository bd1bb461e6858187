# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# The area's control file, and what only a debug kernel refuses.
T=/tmp/bench
D=/sys/kernel/debug/mmkit/bench

# shellcheck source=cli.sh
. /extra/cli.sh

# --- a kernel that debugs itself
if debugs_itself; then
	run 1 bench run pages/order/0 --save /tmp/no.json
	says 'debugs itself'
fi

# --- the control file
verb() { # ERRNO WORD...: what the control file answers; ERRNO is "NAME|NUMBER"
	local want=$1
	shift
	echo "$*" >$D/control 2>/dev/null
	cat $D/control >$T.out
	if [ "$want" = 0 ]; then
		! grep -q '^failed' $T.out
	else
		# By its number where the kernel has no names (CONFIG_SYMBOLIC_ERRNAME).
		grep -qE "^failed: -($want)\$" $T.out
	fi
	result $? "control: $* is ${want}"
}
verb 0 run pages/order -x 0 -r 7 -N 16
has '^pages/order 0: 16 operations, median [0-9]+ ticks'
# Each round takes longer than most timer interrupts are apart, and is shown.
verb 0 run pages/order -x 10 -r 7 -N 16
[ "$(grep -c '^thread 0: [0-9]* ticks, empty ' $T.out)" -eq 7 ] &&
	grep -q '^thread 0: .* ticked' $T.out
result $? "a round that a timer interrupt disturbed says so, and none is left out"
last=$(sed 's/.*[-,]//' /sys/devices/system/cpu/online)
verb 0 run pages/order -x 0 -r 7 -N 16 -C "$last"
has '^pages/order 0: 16 operations, median '
verb 'ENXIO|6' run pages/order -x 0 -r 7 -N 16 -C 4000
verb 'ENOENT|2' run nosuch -r 7
verb 0 start kmalloc -p random -b 64 -c 500
handle=$(new_handle)
verb 0 status "$handle" -w 1000
has '^done after .* 500 allocs 500 frees'
verb 0 result "$handle"
has '^alloc: 500, ticks min [0-9]+ p50.00 '
verb 0 forget "$handle"
verb 'ENOENT|2' status "$handle"
grep -q '^unit ' $D/info && grep -q '^pages/order ' $D/rows
result $? "debugfs: info and rows"

# --- a module in use stays; a run of the control file's counts
echo "start alloc_pages -p hold -b 4096 -c 0" >$D/control
! rmmod mmkit_bench 2>/dev/null
result $? "while a run is on, the module stays"
handle=$(sed -n 's/^session [0-9]* handle \([0-9]*\) .*/\1/p' $D/objects)
echo "forget $handle" >$D/control
until rmmod mmkit_bench 2>/dev/null; do :; done
result 0 "after it the module goes"
run 77 exercise kmalloc
mmkit load >/dev/null 2>&1
