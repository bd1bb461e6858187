# SPDX-License-Identifier: GPL-2.0-only
# KTAP as the kernel's log has it, to lines of TAP: one for each case or parameter,
# with the path to it. A line that ends what was told in detail is no test.
function depth(text) {
	match(text, /^ */)
	return int(RLENGTH / 4)
}

# Where a test begins, whatever was before it at its depth or below is over.
/^ *# Subtest: / {
	d = depth($0)
	sub(/^ *# Subtest: /, "")
	path[d] = $0
	for (i in path)
		if (i + 0 > d)
			delete path[i]
	next
}

/^ *(not )?ok [0-9]+/ {
	d = depth($0)
	word = /^ *not / ? "not ok" : "ok"
	sub(/^ *(not )?ok [0-9]+ *(- )?/, "")
	name = $0
	sub(/ # SKIP.*/, "", name)
	if ((d + 1) in path && path[d + 1] == name) {
		delete path[d + 1]
		next
	}
	full = ""
	for (i = 1; i <= d; i++)
		full = full path[i] ": "
	print word " - " full $0
}
