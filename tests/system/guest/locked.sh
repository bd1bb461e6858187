# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# locked.sh LEVEL: on a kernel that is locked down the devices work, and what reaches
# past the kernel's allocators does not.
LEVEL=$1
T=/tmp/locked
# shellcheck source=cli.sh
. /extra/cli.sh

for command in 'pages alloc -o 3' 'heap choose --size 100K' 'map run -s page --size 16K' \
	'aspace map' 'slab draw --size 300' 'info'; do
	# shellcheck disable=SC2086  # words
	run 0 $command
done
run 1 memblock claim -a 0x10000000 -b 16M
says 'the kernel is locked down'
# What memblock was is told by the kernel's memory only where that may be read.
run 0 memblock observe
if [ "$LEVEL" = integrity ]; then
	! grep -q 'the kernel is locked down' $T.out
	result $? "memblock is not kept from being read"
else
	has 'the kernel is locked down'
fi
