#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: debug-6.1 debug-7 stock-6.1
# TIMEOUT: 5400
# Who may do what, of 64 and 32 bits, with all that was freed filled with poison, which
# no answer may hold (tests/system/core.sh has it without the latter); and a kernel that
# is locked down, from its boot on where it takes the modules then.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program allowed
program allowed -m32

[[ $KERNEL != debug-* ]] || export TIMEOUT=${TIMEOUT:-1500}
poison='page_poison=1 init_on_alloc=0 slub_debug=P'
APPEND="$poison ${APPEND:-}" in_guest allowed allowed32

for level in integrity confidentiality; do
	parts=("lockdown.sh $level" "locked.sh $level" allowed allowed32)
	if [[ $KERNEL = debug-7* ]]; then
		# Its key is here, so it takes the modules.
		SIGN=1 APPEND="lockdown=$level ${APPEND:-}" in_guest "${parts[@]}"
	else
		# lockdown.sh locks it when they are in. debug-6.1 has a key as well, but no
		# SHA-256, which Debian's 6.1 wants of every module with a signature.
		in_guest "${parts[@]}"
	fi
done

if [[ $KERNEL = stock-* ]]; then
	# shellcheck disable=SC2016  # the guest's shell
	NOLOAD=1 APPEND=lockdown=integrity vm 'mmkit load 2>&1; echo "status $?"
		ls /dev/mmkit /sys/kernel/debug/mmkit 2>/dev/null; grep -c ^mmkit /proc/modules'
	like "locked down, this kernel takes no module without a signature" "$OUT" '^status 1$'
	like "which is said" "$OUT" '[Ll]ock|signature|signed'
	is "and there is nothing of mmkit" "$(tail -n 1 <<<"$OUT")" 0
fi
end
