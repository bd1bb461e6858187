# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0-only
# Holding the mmkit command to what it should say: sourced by the parts that
# test it. T is where the last command's output is kept. Documents for the host
# to hold against the schema go out as lines "json COMMAND<tab>DOCUMENT".
# shellcheck source=tap.sh
. /extra/tap.sh

# run STATUS WORD...: mmkit WORD... ends with that status.
run() {
	local want=$1 rc=0
	shift
	mmkit "$@" >"$T".out 2>"$T".err </dev/null || rc=$?
	[ $rc -eq "$want" ]
	result $? "exit $want: mmkit $* (got $rc)"
}

# has REGEX: its stdout has such a line.
has() {
	grep -qE -- "$1" "$T".out
	result $? "stdout has: $1"
}

# says REGEX: its stderr does.
says() {
	grep -qE -- "$1" "$T".err
	result $? "stderr has: $1"
}

# as_nobody WORD...: of no group, without capabilities.
as_nobody() {
	/usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# json STATUS WORD...: and its document is for the host.
json() {
	run "$@"
	shift
	printf 'json %s\t%s\n' "$*" "$(tr -d '\n' <"$T".out)"
}

# verified WORD...: it says what it read and found the kernel agree.
verified() {
	json 0 --json --verify "$@"
	tr -d '\n ' <"$T".out | grep -q '"verified":{"ok":true'
	result $? "verified: $*"
}

debug_kernel() {
	[ -e /sys/kernel/debug/failslab ]
}

# number KEY: of the last document, its first.
number() {
	tr -d '\n ' <"$T".out | grep -oE "\"$1\":[0-9]+" | head -n 1 | sed 's/.*://'
}

# holds EXPRESSION: of the shell's arithmetic.
holds() {
	[ $(($1)) -ne 0 ]
	result $? "holds: $2 ($1)"
}

# A kernel whose measures mean little.
debugs_itself() {
	mmkit --json bench run core/nothing | grep -q '"debug": true'
}

# cost FILE ID: what a document of mmkit bench says of a row, in thousandths.
cost() {
	tr -d ' \n' <"$1" | tr '{' '\n' | sed -n "s|^\"id\":\"$2\",.*\"cost\":\([0-9]*\),.*|\1|p" |
		head -n 1
}

# says_control REGEX: the control file in $D has such a line.
says_control() {
	cat "$D"/control >"$T".out 2>"$T".err
	grep -qE -- "$1" "$T".out
	result $? "control says: $1"
}

# new_handle: the one that the control file's last answer names.
new_handle() {
	sed -nE 's/^handle ([0-9]+)(:.*)?$/\1/p' "$T".out
}

# typed: each of stdin's lines "COMMAND|REGEX" is typed into it, and is answered so.
typed() {
	local command says

	while IFS='|' read -r command says; do
		: >"$T".out
		echo "$command" 2>"$T".err >"$D"/control && cat "$D"/control >"$T".out &&
			grep -qE -- "$says" "$T".out
		result $? "control takes \"$command\" and says: $says"
	done
}

# refuses COMMAND...: it takes none of them.
refuses() {
	local bad

	for bad; do
		[ -w "$D"/control ] && ! echo "$bad" 2>/dev/null >"$D"/control
		result $? "control refuses: $bad"
	done
}
