# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# mmkit bench all, and how it shows that it is not stuck: on a terminal, which
# stderr is only here. Documents go out as "list DOCUMENT" and "all DOCUMENT".
T=/tmp/all

# shellcheck source=cli.sh
. /extra/cli.sh

insmod /extra/mmkit_example_allocator.ko
result $? "the example is loaded"
run 0 --json bench list
printf 'list %s\n' "$(tr -d '\n' <$T.out)"

begin=$(cut -d. -f1 /proc/uptime)
script -qec "mmkit --json bench all >$T.out" /tmp/shown >/dev/null
result $? "all of it is measured"
took=$(($(cut -d. -f1 /proc/uptime) - begin))
# A second of this clock is 10^9 instructions, on any machine and beside any load.
# QEMU executes 340 million a second on a CPU that it has for itself, of 2026; with 130
# million it would be ten minutes.
echo "# all of it takes $took thousand million instructions"
[ "$took" -gt 0 ] && [ "$took" -le 78 ]
result $? "all of it takes no more instructions than ten minutes have"
printf 'all %s\n' "$(tr -d '\n' <$T.out)"

tr '\r' '\n' </tmp/shown | grep -o ' [0-9]*% .* left .*' >/tmp/bars
for tenth in 1 2 3 4 5 6 7 8 9; do
	grep -q "^ ${tenth}[0-9]% " /tmp/bars
	result $? "progress is shown at $tenth of 10"
done
grep -q ' left map/touch/' /tmp/bars
result $? "and what is being measured"
rmmod mmkit_example_allocator
