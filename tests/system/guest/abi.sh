# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# docs/ABI/testing and this machine name the same devices, debugfs files, tracepoints
# and parameters; a tracepoint's description has each of its fields, a mode that is
# told is the file's. /extra/abi has those files.

result() { # STATUS NAME
	if [ "$1" -eq 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
		sed 's/^/# /' /tmp/abi.diff
	fi
}

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

entries >/tmp/abi.entries
cut -f1 /tmp/abi.entries | sort >/tmp/abi.documented
there | sort >/tmp/abi.there
n=$(wc -l </tmp/abi.there)

grep -vxF -f /tmp/abi.there /tmp/abi.documented >/tmp/abi.diff
[ "$n" -gt 40 ] && ! [ -s /tmp/abi.diff ]
result $? "each documented interface is there ($n)"
grep -vxF -f /tmp/abi.documented /tmp/abi.there >/tmp/abi.diff
! [ -s /tmp/abi.diff ]
result $? "each interface that is there is documented"

for event in /sys/kernel/tracing/events/mmkit/*/format; do
	path=${event%/format}
	grep -F "$path	" /tmp/abi.entries >/tmp/abi.text
	sed -n 's/.*field:.*[ *]\([a-z_]*\)\(\[[0-9]*\]\)*;.*/\1/p' "$event" |
		grep -v '^common_' | while read -r field; do
		grep -qw "$field" /tmp/abi.text || echo "$field"
	done >/tmp/abi.diff
	[ "$(grep -c 'field:' "$event")" -gt 4 ] && ! [ -s /tmp/abi.diff ]
	result $? "${path##*/}: each of its fields is described"
done

while IFS='	' read -r path text; do
	mode=$(echo "$text" | sed -n 's/.*Mode 0\([0-7]*\).*/\1/p')
	[ -z "$mode" ] || [ "$(stat -c %a "$path")" = "$mode" ] ||
		echo "$path is $(stat -c %a "$path"), not $mode"
done </tmp/abi.entries >/tmp/abi.diff
! [ -s /tmp/abi.diff ]
result $? "modes are as they are told"
