#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1 debug-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# /dev/mmkit/slab: every command and every refusal; the CLI and the control file;
# figures against the kernel's own files; the JSON by the schema.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program slab
program slab -m32

in_guest slab slab32 slab_control.sh long:slab.sh >"$WORK/tap"
grep -v '^json ' "$WORK/tap" || true
by_schema 20
end
