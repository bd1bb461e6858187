# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# Every KUnit suite, judged by its own lines in the kernel's log: for guests whose log
# nobody sees afterwards. In our own VM kunit.py judges (tests/kunit/run.sh).
for ko in "/lib/modules/$(uname -r)"/extra/mmkit_*_test.ko; do
	module=$(basename "$ko" .ko) suite=${module%_test}
	dmesg -c >/dev/null
	modprobe "$module"
	dmesg | sed 's/^\[[^]]*\] \(\[[^]]*\] \)\?//' >/tmp/ktap
	awk -f /extra/ktap.awk /tmp/ktap >/tmp/flat
	cat /tmp/flat
	grep -q "^ok - $suite: " /tmp/flat || {
		echo "not ok - $suite: it ran"
		sed 's/^/# /' /tmp/ktap | head -n 20
	}
	case $(tail -n 1 "/sys/kernel/debug/kunit/$suite/results") in
	"ok 1 $suite" | "ok 1 - $suite") echo "ok - $suite: and so says debugfs" ;;
	*) echo "not ok - $suite: and so says debugfs" ;;
	esac
	rmmod "$module"
done
