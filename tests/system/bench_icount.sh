#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# TIMEOUT: 900
# ALONE
# What mmkit bench measures in instructions: as by hand, twice the same, the
# targets, and nothing of ours worse than tests/bench-baseline.json by 3 %. After a
# change that is meant to be: tests/bench-baseline.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

external tests/system/hand "the modules written by hand build"

ICOUNT=1 in_guest bench_icount.sh >"$WORK/tap"
grep -v '^baseline ' "$WORK/tap" || true

# Nor can an idle module use a CPU without a thread: none of them calls what would
# have the kernel run it later.
modules=${MMKIT_BUILD:-$TOP/build}/$KERNEL/modules/src
ok "the modules are where they are looked at" test -s "$modules/mmkit_core.ko"
is "no module sets a timer or queues work" \
	"$(nm -Au "$modules"/mmkit_*.ko | grep -E \
		' ((add|mod)_timer|hrtimer_start|queue_.*work|schedule_.*work|.*tasklet)' || true)" ''

sed -n 's/^baseline //p' "$WORK/tap" >"$WORK/now.json"
compare() { # A B
	"${MMKIT_BUILD:-build}/tools/mmkit" bench compare "$1" "$2" --ours >"$WORK/compared" 2>&1
}

rc=0
compare tests/bench-baseline.json "$WORK/now.json" || rc=$?
result "$rc" "nothing of ours is more than 3 % worse than tests/bench-baseline.json" ||
	diag "$(grep -E ' worse$|^Not the same|^mmkit' "$WORK/compared")
if that is meant to be: tests/bench-baseline"

slower() { # COMPILER FACTOR-OF-THE-KERNEL'S FACTOR-OF-OURS <A >B
	perl -MJSON::PP -e '
		my $doc = decode_json(join "", <STDIN>);
		for my $run (@{ $doc->{runs} }) {
			$run->{key}{compiler} = $ARGV[0] if $ARGV[0];
			for my $row (@{ $run->{rows} }) {
				$_ = int($_ * ($row->{ours} ? $ARGV[2] : $ARGV[1]))
					for grep { defined } @$row{qw(cost low high)};
			}
		}
		print encode_json($doc);' "$@"
}

# shellcheck disable=SC2317  # "ok" calls it
is_worse() { # A B RATIO: it fails, and of a page by ioctl says by how much
	local rc=0

	compare "$1" "$2" || rc=$?
	[ "$rc" -eq 1 ] && grep -qE "^ioctl/page/64 .* $3 worse$" "$WORK/compared"
}

# The same key: what takes 4 % longer is worse when it is ours, and only then.
slower '' 1.5 1.04 <"$WORK/now.json" >"$WORK/worse.json"
ok "ours takes 4 % longer: that is worse, and by how much is said" \
	is_worse "$WORK/now.json" "$WORK/worse.json" '1\.0(39|40)'
slower '' 1.5 1.02 <"$WORK/now.json" >"$WORK/worse.json"
ok "ours takes 2 % longer, the kernel's half as much again: that is none of ours" \
	compare "$WORK/now.json" "$WORK/worse.json"

# Elsewhere ratios are compared: a kernel on which everything takes twice as long
# is none on which ours got worse, one on which only ours does is.
slower 0.0 2 2 <"$WORK/now.json" >"$WORK/slow.json"
rc=0
compare "$WORK/now.json" "$WORK/slow.json" || rc=$?
grep -q "divided by that of" "$WORK/compared" || rc=1
grep -q "^ioctl/page/64 .* 1\.00[0-9]* same$" "$WORK/compared" || rc=1
result "$rc" "another key, everything takes twice as long: the ratios are the same" ||
	diag "$(cat "$WORK/compared")"
# Some of ours costs a fortieth of the kernel's own, where a thousandth is too much.
slower 0.0 1 1.02 <"$WORK/now.json" >"$WORK/worse.json"
ok "another key, ours takes 2 % longer: none of it is worse" \
	compare "$WORK/now.json" "$WORK/worse.json"
slower 0.0 1 1.1 <"$WORK/now.json" >"$WORK/worse.json"
ok "another key, ours takes a tenth longer: that is worse" \
	is_worse "$WORK/now.json" "$WORK/worse.json" '1\.[01][0-9]*'
end
