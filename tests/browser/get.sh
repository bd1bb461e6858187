# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# A browser, and what drives it: sourced. browser_get sets chromium and modules, or
# says in browser_why what is missing.
modules=${MMKIT_CACHE:-$HOME/.cache/mmkit}/npm/$(sha256sum tests/browser/package.json | head -c 16)
browser_why=

get_modules() {
	[ ! -e "$modules/ready" ] || return 0
	rm -rf "$modules"
	mkdir -p "$modules"
	cp tests/browser/package.json "$modules"
	npm install --prefix "$modules" --no-audit --no-fund --silent >&2 &&
		touch "$modules/ready"
}

browser_get() {
	chromium=$(command -v chromium-headless-shell || command -v chromium || true)
	if [ -z "$chromium" ]; then
		browser_why="chromium-headless-shell is not installed; run: tests/setup browser"
	elif ! command -v npm >/dev/null; then
		browser_why="npm is not installed; run: tests/setup browser"
	elif ! get_modules; then
		browser_why="npm could not get playwright-core and axe-core"
	else
		return 0
	fi
	return 1
}
