#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: stock-6.12 stock-7.2 stock-newest
# TIMEOUT: 600
# What a touched page of strategy "huge" costs on the kernels that ask a driver for
# large entries, in instructions: those of 2 MiB make it next to nothing.
. "$(dirname "$0")/lib.sh"

plan 3

ICOUNT=1 vm 'mmkit bench run map/touch/huge --json'
is "a touched page is measured" "$STATUS" 0
cost=$(sed -n 's/^ *"cost": \([0-9]*\),*$/\1/p' <<<"$OUT" | head -n 1)
diag "$cost thousandths of an instruction"
like "in instructions" "$OUT" '"unit": "instructions"'
ok "it costs at most 10" test "${cost:-99999}" -le 10000
finish
