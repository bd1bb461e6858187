# SPDX-License-Identifier: GPL-2.0-only
# Bash completion of mmkit. Commands, verbs, options, their values and paths come from
# the program's own tables (mmkit --complete), so they cannot go out of date.

_mmkit()
{
	local first

	mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" --complete \
		"${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
	first=${COMPREPLY[0]-}
	if [[ -z $first && ${COMP_WORDS[COMP_CWORD]} == *[~\$\"\'\\]* ]]; then
		# Only bash knows what is quoted, and whose home it is.
		compopt -o default 2>/dev/null
	elif [[ $first == */ || -f $first ]]; then
		# Of paths blanks are quoted, and after a folder the line goes on. A word
		# that happens to be a folder's name has no slash.
		compopt -o filenames 2>/dev/null
	fi
}

complete -F _mmkit mmkit
