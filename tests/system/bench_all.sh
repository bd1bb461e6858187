#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# LONG: stock-6.1
# TIMEOUT: 2400
# ALONE
# mmkit bench all with ICOUNT=1, nothing left out: it takes so few instructions that it
# ends in less than ten minutes (on a machine that others use, the limit above is for
# that), it shows how far it is, and every benchmark that there is either has figures or
# is one of those that cannot be run on that machine. An allocator of somebody else's is
# among them.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

external examples "the examples build against the modules"

ICOUNT=1 PROGS=script TIMEOUT=2000 in_guest bench_all.sh >"$WORK/tap"
grep -vE '^(list|all) ' "$WORK/tap" || true
sed -n 's/^list //p' "$WORK/tap" >"$WORK/list.json"
sed -n 's/^all //p' "$WORK/tap" >"$WORK/all.json"

# What a machine with one CPU and 1 GiB, and a kernel without udmabuf, has not.
cat >"$WORK/cannot" <<'EOF'
map/touch/dma
map/touch/io
map/touch/iohuge
map/touch/kmalloc
map/touch/peer-udmabuf
map/touch/sigbus
map/unmap/dma
map/unmap/io
map/unmap/iohuge
map/unmap/kmalloc
map/unmap/peer-udmabuf
map/unmap/sigbus
registry/alloc/kmem_cache/65536
registry/alloc/percpu/65536
slab/free-elsewhere/1024
slab/free-elsewhere/16
slab/free-elsewhere/256
EOF

# ids DOCUMENT LIST [skipped|measured]: of all in the list, or of those.
ids() {
	perl -MJSON::PP -e '
		local $/;
		my ($list, $which) = @ARGV;
		my %is = (
			all      => sub { 1 },
			skipped  => sub { defined $_->{skipped} },
			measured => sub { !defined $_->{skipped} && $_->{cost} > 0 &&
				$_->{operations} && @{ $_->{rounds} } >= 7 },
		);
		my $doc = decode_json(<STDIN>)->{result};
		print map { "$_->{id}\n" } sort { $a->{id} cmp $b->{id} }
			grep { $is{$which}->() } @{ $doc->{$list} };' "$2" "${3:-all}" <"$1"
}
ids "$WORK/list.json" benchmarks >"$WORK/ids"
ok "there are benchmarks" test "$(wc -l <"$WORK/ids")" -ge 220
ids "$WORK/all.json" rows >"$WORK/rows"
ok "every one is in the result" diff "$WORK/ids" "$WORK/rows"
ids "$WORK/all.json" rows skipped >"$WORK/skipped"
ok "what was not run cannot be run here" diff "$WORK/cannot" "$WORK/skipped"
ids "$WORK/all.json" rows measured >"$WORK/measured"
# Of core/nothing nothing is left.
LC_ALL=C comm -23 "$WORK/ids" "$WORK/cannot" | grep -vx core/nothing >"$WORK/others"
ok "all others have a cost and seven rounds" diff "$WORK/others" "$WORK/measured"
for suite in core pages heap slab mempool percpu registry ioctl map describe aspace \
	memblock; do
	ok "suite $suite was measured" grep -q "^$suite/" "$WORK/measured"
done
ok "so was the allocator of the examples" grep -q \
	'^registry/alloc/example-kmalloc/4096$' "$WORK/measured"
end
