# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# Loads the strategies that try to map what must not be.
if insmod /extra/mmkit_typed.ko; then
	echo "ok - mmkit_typed is loaded"
else
	echo "not ok - mmkit_typed is loaded"
fi
