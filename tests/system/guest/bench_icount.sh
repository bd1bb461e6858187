# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# Figures in instructions: the unit, by hand, twice the same, the targets. What
# is saved goes out as a line "baseline DOCUMENT".
T=/tmp/icount

# shellcheck source=cli.sh
. /extra/cli.sh

run 0 --json bench run core pages/order/0
has '"unit": "instructions"'
ours=$(cost $T.out pages/order/0)
[ "$(cost $T.out core/nothing)" -le 100 ]
result $? "the empty loop against itself is nothing"

insmod /extra/mmkit_hand.ko
hand=$(($(cat /sys/module/mmkit_hand/parameters/ticks) * 1000 / 64))
echo "# a page by hand: $hand thousandths, by mmkit: $ours"
[ $((ours * 100)) -le $((hand * 102)) ] && [ $((ours * 100)) -ge $((hand * 98)) ]
result $? "a page allocated and freed by hand costs within 2 % of what mmkit measures"
rmmod mmkit_hand

begin=$(cut -d. -f1 /proc/uptime)
run 0 bench all --brief --save /tmp/now.json
echo "# all of it takes $(($(cut -d. -f1 /proc/uptime) - begin)) s of the guest's clock"
run 0 bench run core pages/order heap/kmalloc slab/alloc mempool percpu \
	registry/alloc/kmalloc ioctl/getppid ioctl/refused ioctl/nothing ioctl/page \
	map/touch/page map/touch/populate map/unmap/page map/around describe aspace \
	memblock --brief --chart --save /tmp/more.json
# The window of strategy around: what a page costs gets less and less.
sed -n '/log scale/,$s/^/# /p' $T.out
# From run to run a populated page costs up to 1.1 % more, a word of pagemap 1.6 %.
run 0 bench compare /tmp/now.json /tmp/more.json --threshold 2
grep ' worse$' $T.out | sed 's/^/# /'
printf 'baseline %s\n' "$(tr -d '\n' </tmp/now.json)"

# --- what mmkit promises; the map device beside the same by hand
insmod /extra/hand_map.ko
mmkit bench targets >$T.out 2>$T.err
sed 's/^/# /' $T.out
mmkit bench targets --json >$T.out 2>$T.err || true
tr -d '\n ' <$T.out | tr '{' '\n' | grep '"target"' >/tmp/targets
[ "$(wc -l </tmp/targets)" -eq 11 ]
result $? "each target was measured"

# Out of reach: docs/bench.md says what bounds them. No more than this, then.
ceiling() { # TARGET BOUND: in thousandths, or nothing
	case $1 in
	pagebyioctl,*) echo 7720000 ;;
	atouchedpage,page:*) echo $(($2 * 104 / 100)) ;;
	allmodules,*) echo $((448 * 1024 * 1000)) ;;
	esac
}

while read -r line; do
	name=$(echo "$line" | sed 's/^"target":"\([^"]*\)".*/\1/')
	value=$(echo "$line" | sed 's/.*"value":\([0-9]*\).*/\1/')
	most=$(ceiling "$name" "$(echo "$line" | sed 's/.*"bound":\([0-9]*\).*/\1/')")
	if [ -n "$most" ]; then
		[ "$value" -gt 0 ] && [ "$value" -le "$most" ]
		result $? "missed, but $value is at most $most: $name"
	else
		echo "$line" | grep -q '"status":"ok"'
		result $? "target: $name"
	fi
done </tmp/targets
grep -q '"threads": 0' $T.out
result $? "idle modules have no thread"

# --- with tracing off, tracing costs nothing: what was patched in is patched out
fault=/sys/kernel/tracing/events/mmkit/mmkit_fault/enable
touched() {
	mmkit --json bench run map/touch/page --brief >/tmp/touch 2>/dev/null
	cost /tmp/touch map/touch/page
}
off=$(touched)
echo 1 >$fault
on=$(touched)
echo 0 >$fault
mmkit map run -s page --size 32K --touch all --events >/dev/null
again=$(touched)
echo "# a touched page: $off thousandths, traced $on, after tracing and events $again"
[ "$on" -gt $((off + off / 20)) ]
result $? "a fault that is traced costs more"
# Within 1 %.
[ $((again * 100)) -le $((off * 101)) ] && [ $((off * 100)) -le $((again * 101)) ]
result $? "one that is no longer traced, nor recorded, costs what it did"
