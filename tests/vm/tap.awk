# SPDX-License-Identifier: GPL-2.0-only
# awk -v to=FILE -v mark=WORD: what a suite's programs and scripts print, line by line
# into FILE (the kernel's log, so that no line of its own cuts one in two, or a pipe):
# tests get numbers and each line the mark. Documents are longer than the log's lines.
BEGIN {
	say("TAP version 13")
}

function say(line) {
	print mark substr(line, 1, 900) > to
	fflush(to)
}

/^(json|html|baseline) / || /^1\.\./ || /^TAP version/ { next }

/^(not )?ok( |$)/ {
	n++
	word = /^not/ ? "not ok" : "ok"
	bad += /^not/
	sub(/^(not )?ok *[0-9]* *(- *)?/, "")
	say(word " " n " - " $0)
	next
}

{ say($0) }

END {
	if (plan)
		say("1.." n + 0)
	exit bad > 0 || !n
}
