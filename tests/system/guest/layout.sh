# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# Structs lie the same in 64 and in 32 bits.
/extra/layout >/tmp/64
/extra/layout32 >/tmp/32
n=$(wc -l </tmp/64)
if [ "$n" -gt 40 ] && cmp /tmp/64 /tmp/32; then
	echo "ok - $n sizes and offsets are the same for a 32-bit caller"
else
	echo "not ok - $n sizes and offsets are the same for a 32-bit caller"
	diff /tmp/64 /tmp/32 | sed 's/^/# /'
fi
