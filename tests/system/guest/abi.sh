# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# docs/ABI/testing and this machine name the same devices, debugfs files, tracepoints
# and parameters; a tracepoint's description has each of its fields, a mode that is
# told is the file's. /extra/abi has those files.
T=/tmp/abi
# shellcheck source=tap.sh
. /extra/tap.sh

there() {
	find /dev/mmkit -type c
	find /sys/kernel/debug/mmkit -type f
	find /sys/kernel/tracing/events/mmkit -mindepth 1 -type d
	find /sys/module/mmkit_*/parameters -type f
}

# The files of an entry, and what its description says: "PATH<tab>TEXT".
entries() {
	awk '/^What:/ { if (said) n = said = 0; what[n++] = $2; text = ""; next }
		/^Description:/ { said = 1; next }
		/^Users:/ { for (i = 0; i < n; i++) print what[i] "\t" text; next }
		said { sub(/^\t+/, ""); text = text " " $0 }' /extra/abi/*
}

entries >$T.entries
cut -f1 $T.entries | sort >$T.documented
there | sort >$T.there
n=$(wc -l <$T.there)

grep -vxF -f $T.there $T.documented >$T.out
[ "$n" -gt 40 ] && ! [ -s $T.out ]
result $? "each documented interface is there ($n)"
grep -vxF -f $T.documented $T.there >$T.out
! [ -s $T.out ]
result $? "each interface that is there is documented"

for event in /sys/kernel/tracing/events/mmkit/*/format; do
	path=${event%/format}
	grep -F "$path	" $T.entries >$T.text
	sed -n 's/.*field:.*[ *]\([a-z_]*\)\(\[[0-9]*\]\)*;.*/\1/p' "$event" |
		grep -v '^common_' | while read -r field; do
		grep -qw "$field" $T.text || echo "$field"
	done >$T.out
	[ "$(grep -c 'field:' "$event")" -gt 4 ] && ! [ -s $T.out ]
	result $? "${path##*/}: each of its fields is described"
done

while IFS='	' read -r path text; do
	mode=$(echo "$text" | sed -n 's/.*Mode 0\([0-7]*\).*/\1/p')
	[ -z "$mode" ] || [ "$(stat -c %a "$path")" = "$mode" ] ||
		echo "$path is $(stat -c %a "$path"), not $mode"
done <$T.entries >$T.out
! [ -s $T.out ]
result $? "modes are as they are told"
