# SPDX-License-Identifier: GPL-2.0-only
# Bash completion of mmkit. Commands, verbs, options, their values and paths come from
# the program's own tables (mmkit --complete), so they cannot go out of date.

_mmkit()
{
	mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" --complete \
		"${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
	# Of paths blanks are quoted, and after a folder the line goes on.
	[[ ! -e ${COMPREPLY[0]} ]] || compopt -o filenames 2>/dev/null
}

complete -F _mmkit mmkit
