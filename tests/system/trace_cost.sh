#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: stock-6.1
# TIMEOUT: 900
# What tracepoints cost on each path that has them, while nobody listens: the same
# modules built without any are measured in the same boot, in instructions.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

ok "the modules build without tracepoints" tests/vm/build --modules "$WORK/without" \
	"$KERNEL" KCFLAGS=-DNOTRACE
ok "and have none" test -z "$(nm "$WORK"/without/src/mmkit_core.ko | grep __tracepoint_)"
mkdir -p "$GUEST/without"
cp "$WORK"/without/src/*.ko "$GUEST/without" || true
ICOUNT=1 in_guest trace_cost.sh
end
