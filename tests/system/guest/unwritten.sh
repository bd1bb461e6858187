# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# KMSAN sees where something decides by what nobody has written, and where that gets out.
T=/tmp/unwritten
# shellcheck source=tap.sh
. /extra/tap.sh

insmod /extra/mmkit_unwritten.ko >$T.out 2>$T.err
dmesg | grep -q 'KMSAN: uninit-value in .*\[mmkit_unwritten\]'
result $? "what nobody wrote is seen"
cat /sys/kernel/debug/unwritten >/dev/null
dmesg | grep -q 'KMSAN: kernel-infoleak'
result $? "and where it gets out"
rmmod mmkit_unwritten
