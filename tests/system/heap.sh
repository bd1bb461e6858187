#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1 debug-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# /dev/mmkit/heap: every function and every refusal; the CLI and the control file;
# what a sweep finds against the kernel's own files; the JSON by the schema.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program heap
program heap -m32

in_guest heap heap32 heap.sh >"$WORK/tap"
grep -v '^json ' "$WORK/tap" || true

documents=$(grep -c '^json ' "$WORK/tap") || true
ok "there are documents" test "$documents" -ge 15
if ! python3 -c 'import jsonschema' 2>/dev/null; then
	skip "$documents documents by the schema" "python3-jsonschema is not installed"
else
	grep '^json ' "$WORK/tap" | python3 tests/system/schema.py docs/schema/mmkit-1.json \
		>"$WORK/schema" || result $? "the schema can be used"
	cat "$WORK/schema"
	TESTS=$((TESTS + $(grep -cE '^(not )?ok' "$WORK/schema" || true)))
	FAILED=$((FAILED + $(grep -c '^not ok' "$WORK/schema" || true)))
	is "each was looked at" "$(grep -cE '^(not )?ok' "$WORK/schema")" "$documents"
fi
end
