# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# example.sh load|unload: modules of somebody else's, with an allocator and a
# mapping strategy.
registry=/sys/kernel/debug/mmkit/info/registry
control=/sys/kernel/debug/mmkit/map/control

ok() { # NAME COMMAND...
	local name=$1
	shift
	if "$@" >/tmp/ok.out 2>&1; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		sed 's/^/# /' /tmp/ok.out
	fi
}

refused() {
	! "$@"
}

if [ "$1" = load ]; then
	ok "a strategy of another module loads" insmod /extra/mmkit_example_strategy.ko
	ok "an allocator of another module loads" insmod /extra/mmkit_example_allocator.ko
	ok "both are listed" test "$(grep -cE 'example-(first|kmalloc)' $registry)" = 2
else
	echo "set -b 16K -s example-first" >$control
	ok "a strategy that is set keeps its module" refused rmmod mmkit_example_strategy
	echo "set -b 16K -s page" >$control
	ok "and lets it go when another is set" rmmod mmkit_example_strategy
	ok "the allocator goes too" rmmod mmkit_example_allocator
	ok "neither is listed" refused grep -E 'example-(first|kmalloc)' $registry
	echo "set -b 0" >$control
fi
