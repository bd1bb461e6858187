#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1 debug-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# /dev/mmkit/aspace: every refusal; regions, pages, walks and page tables against
# the kernel's own files; the CLI, the control file; the JSON by the schema.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

program aspace
program aspace_levels
program aspace_context
program aspace_pages

NUMA=2 SWAP=64M in_guest aspace aspace_levels aspace_context aspace_pages \
	aspace_control.sh long:aspace.sh >"$WORK/tap"
grep -v '^json ' "$WORK/tap" || true
by_schema 20
end
