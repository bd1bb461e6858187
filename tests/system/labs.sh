#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# LONG: stock-* debug-* stock-6.1-arm64
# TIMEOUT: 1800
# Every lab: its claims hold, none of them holds for wrong evidence, and what it
# changed is as it was. The list, the files and what the labs say to read.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

NAMES='alignment buddy compaction cow demand-paging driver-buffers file-mapping fork-exec
	fragmentation free-lists kallsyms kernel-memory leak locality memblock-handover memory-pressure
	mempool mlock mmio numa oom page-frames page-in-out page-replacement paging
	process-switch protection readahead-cache regions resident-set shared-memory
	slab-cache static-dynamic swap thp virtual-memory vmalloc-vs-kmalloc zones zswap'

files() {
	basename -s .c tools/labs/*.c | sort
}

words() {
	xargs -n 1 <<<"$NAMES" | sort
}

is "there is a file for each lab" "$(files)" "$(words)"

# Preloaded, it makes the kernel tell what is not so.
compile -std=gnu11 -D_GNU_SOURCE -O1 -shared -fPIC -Wall -Wextra -Werror \
	-o "$GUEST/lies.so" tests/system/lies.c

# valgrind, as much of it as looks for leaks, and what it must know of ld.so.
with_valgrind() {
	local id debug parts=/usr/libexec/valgrind

	[[ $KERNEL != *-arm64 ]] && command -v valgrind.bin >/dev/null && [ -x $parts/memcheck-amd64-linux ] || return 0
	id=$(readelf -n /lib64/ld-linux-x86-64.so.2 | sed -n 's/.*Build ID: //p')
	debug=debug/.build-id/${id:0:2}/${id:2}.debug
	[ -e "/usr/lib/$debug" ] || return 0
	mkdir -p "$GUEST/valgrind" "$(dirname "$GUEST/$debug")"
	cp $parts/memcheck-amd64-linux $parts/vgpreload_{core,memcheck}-amd64-linux.so \
		$parts/default.supp "$GUEST/valgrind"
	cp "/usr/lib/$debug" "$GUEST/$debug"
	# Debian's valgrind is a script that says where these parts are.
	export PROGS="${PROGS:-} valgrind.bin"
}
with_valgrind

export PROGS="${PROGS:-} setpriv"
# The kills that the lab on them asks for, each within its cgroup.
export EXPECT_LOG='mmkit invoked oom-killer|oom-kill:constraint=CONSTRAINT_MEMCG|Memory cgroup out of memory: Killed process [0-9]+ \(mmkit\)'
NUMA=2 TIMEOUT=1500 in_guest labs.sh >"$WORK/tap"
grep -v '^json ' "$WORK/tap" || true

listed() { # KEY, of mmkit lab list
	grep '^json --json lab list' "$WORK/tap" | cut -f 2 | python3 -c '
import json, sys
for lab in json.load(sys.stdin)["result"]["labs"]:
	value = lab[sys.argv[1]]
	print("\n".join(value) if isinstance(value, list) else value)' "$1" | sort -u
}
is "mmkit lab list has them, no others" "$(listed name)" "$(words)"

# What they say to read, and is not in the kernel's source.
missing() { # SOURCE
	local file what

	while IFS=: read -r file what; do
		what=${what# } what=${what%()}
		grep -qE "\b$what\b" "$1/$file" || echo "no $what in $file"
	done < <(listed code)
	while read -r file; do
		[ -e "$1/$file" ] || echo "no $file"
	done < <(listed docs)
}
if [ "$KERNEL" = stock-6.1 ]; then
	source=$(QUIET=1 tests/vm/build --source linux-source-6.1)
	is "what they say to read is there in 6.1" "$(missing "$source")" ''
fi

by_schema 2
end
