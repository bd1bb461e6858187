#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/vm/scan-log tells a kernel log without a complaint from one that it could not
# search.
. "$(dirname "$0")/../system/lib.sh"

plan 4

printf '[1] quiet\r\n[2] BUG: not\0 really\n' >"$WORK/scanned"

# A guest that has no other runs it by busybox's.
scanned() { # NAME SHELL...
	local name=$1 said='' log rc

	shift
	for log in "$WORK/scanned" "$WORK"; do
		rc=0
		said+="$("$@" tests/vm/scan-log -e quiet "$log" 2>/dev/null)" || rc=$?
		said+=" $rc;"
	done
	is "$name" "$said" "[2] BUG: not really 1; 2;"
}

scanned "a log that cannot be read is not one without a complaint" bash
if command -v busybox >/dev/null; then
	scanned "nor for busybox's shell" busybox sh
else
	skip "nor for busybox's shell" "busybox is not installed"
fi

# Allocations are failed there that the modules do not make.
printf '[1] gcov: %s\n' 'could not add /x.gcda (out of memory)' 'out of memory' >"$WORK/counted"
is "what gcov could not count is no complaint" "$(tests/vm/scan-log "$WORK/counted" 2>&1) $?" " 0"

# Each of its greps fails once.
mkdir "$WORK/bin"
cat >"$WORK/bin/grep" <<END
#!/bin/sh
case "\$*" in -a*\$FAILS*) exit 2 ;; esac
exec $(command -v grep) "\$@"
END
chmod +x "$WORK/bin/grep"
said=''
for fails in 'Bad rss-counter' debug_vm_pgtable quiet; do
	rc=0
	FAILS=$fails PATH=$WORK/bin:$PATH tests/vm/scan-log -e quiet "$WORK/scanned" \
		>/dev/null 2>&1 || rc=$?
	said+="$rc "
done
is "a log that a grep fails on is not one without a complaint" "$said" "2 2 2 "
finish
