#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# KERNELS: stock-6.1
# LONG: stock-* debug-*
# TIMEOUT: 900
# mmkit report: its page in a real browser, its documents by the schema, and what
# changed between two.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/boot.sh"

external tests/system/complain "the module that complains builds"
EXPECT_LOG='page allocation failure: order:' in_guest report.sh >"$WORK/tap"
grep -vE '^(json|html) ' "$WORK/tap" || true
by_schema 8

for page in before after; do
	sed -n "s/^html $page\t//p" "$WORK/tap" | base64 -d >"$WORK/$page.html"
	ok "the page $page came out whole" grep -q '^</html>$' "$WORK/$page.html"
	# Each drawing by itself is XML that can be read.
	python3 - "$WORK/$page.html" "$WORK/$page" <<'END'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
for i, svg in enumerate(re.findall(r"<svg xmlns.*?</svg>", text, re.S)):
    open(f"{sys.argv[2]}-{i:03}.svg", "w", encoding="utf-8").write(svg)
END
	ok "the drawings of $page are well-formed" xmllint --noout --nonet "$WORK/$page"-*.svg
done

. tests/browser/get.sh
if ! browser_get 2>"$WORK/npm"; then
	skip "the page in a browser" "$browser_why"
else
	status=0
	node tests/browser/report.mjs "$chromium" "$modules/node_modules" \
		"$WORK/after.html" ${SHOT:+"$SHOT"} >"$WORK/browser" 2>"$WORK/browser.err" || status=$?
	cat "$WORK/browser"
	TESTS=$((TESTS + $(grep -cE '^(not )?ok ' "$WORK/browser" || true)))
	bad=$(grep -c '^not ok ' "$WORK/browser" || true)
	FAILED=$((FAILED + bad))
	[ "$bad" -eq 0 ] || status=0
	result "$status" "the browser's part ran to its end" || diag "$(tail -n 20 "$WORK/browser.err")"
	ok "and looked at much" test "$(grep -c '^ok ' "$WORK/browser")" -ge 24
fi
[ -z "${PAGE:-}" ] || cp "$WORK/after.html" "$PAGE"
end
