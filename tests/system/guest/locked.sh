# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# locked.sh LEVEL: on a kernel that is locked down the devices work, and what reaches
# past the kernel's allocators does not.
LEVEL=$1

result() {
	if [ "$1" -eq 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
	fi
}

for command in 'pages alloc -o 3' 'heap choose --size 100K' 'map run -s page --size 16K' \
	'aspace map' 'slab draw --size 300' 'info'; do
	# shellcheck disable=SC2086  # words
	mmkit $command >/dev/null 2>/tmp/why
	result $? "mmkit $command works under $LEVEL"
	sed 's/^/# /' /tmp/why
done
! mmkit memblock claim -a 0x10000000 -b 16M >/tmp/why 2>&1 && grep -q 'locked down' /tmp/why
result $? "no memory is claimed behind the kernel's back"
mmkit memblock observe >/tmp/why 2>&1
seen=0
grep -q 'the kernel is locked down' /tmp/why || seen=1
case $LEVEL in
integrity) [ $seen -eq 1 ] ;;
*) [ $seen -eq 0 ] ;;
esac
result $? "memblock is read out of the kernel's memory only where that is allowed"
