#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The drawing library, under ASan and UBSan: what it draws as text, and that its
# SVGs are well formed and hold as many shapes as there are figures.
. "$(dirname "$0")/../system/lib.sh"

shapes() { # FILE ELEMENT
	python3 -c '
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
print(sum(e.tag.endswith("}" + sys.argv[2]) for e in root.iter()))' "$1" "$2"
}

ok "it builds" gcc -std=gnu11 -D_GNU_SOURCE -g -O1 -Wall -Wextra -Werror \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-Itools/lib/draw -o "$WORK/draw" tests/host/draw_test.c \
	tools/lib/draw/*.c -lcmocka
status=0
CMOCKA_MESSAGE_OUTPUT=TAP "$WORK/draw" "$WORK" >"$WORK/tap" 2>"$WORK/err" || status=$?
while read -r line; do
	case $line in
	ok*) result 0 "${line#* - }" ;;
	'not ok'*) result 1 "${line#* - }" || true ;;
	esac
done <"$WORK/tap"
is "it ran to its end" "$status $(grep -cE '^(not )?ok' "$WORK/tap")" "0 11"
[ "$status" -eq 0 ] || diag "$(cat "$WORK/tap" "$WORK/err")"

# The background is a shape too, and every kind that occurs is in the legend.
is "cells: a shape for each run of a kind" "$(shapes "$WORK/cells.svg" rect)" $((1 + 6 + 2))
is "bands: one for each band" "$(shapes "$WORK/bands.svg" rect)" $((1 + 3 + 2))
is "a stack: the same of each" "$(shapes "$WORK/stack.svg" rect)" $((1 + 5 + 5))
is "curves: a line each" "$(shapes "$WORK/curves.svg" polyline)" 2
is "bars: one each" "$(shapes "$WORK/bars.svg" rect)" $((1 + 4))
is "tree: one for each node" "$(shapes "$WORK/tree.svg" rect)" $((1 + 5))
PLAN=$TESTS
echo "1..$TESTS"
finish
