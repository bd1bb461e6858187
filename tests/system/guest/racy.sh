# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# KCSAN sees a race where there is one.
T=/tmp/racy
# shellcheck source=tap.sh
. /extra/tap.sh

insmod /extra/mmkit_racy.ko >$T.out 2>$T.err
result $? "two threads race"
tries=0
until dmesg | grep -q 'KCSAN: data-race in racy_counter ' || [ $tries -eq 600 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
[ $tries -lt 600 ]
result $? "and are seen"
rmmod mmkit_racy
