/* SPDX-License-Identifier: GPL-2.0-only */
/* Options of a control verb: each one a field of the ioctl's struct. */
#ifndef _MMKIT_PARAM_H
#define _MMKIT_PARAM_H

#include <linux/types.h>

enum mmkit_param_type {
	MMKIT_PARAM_U32,
	MMKIT_PARAM_S32,
	MMKIT_PARAM_SIZE,	/* u64, with an optional K, M or G */
	MMKIT_PARAM_GFP,	/* u32, names joined by commas */
	MMKIT_PARAM_WORD,	/* u32, one of the words; or its number */
	MMKIT_PARAM_WORDS,	/* u32, bits of the words, joined by commas */
	MMKIT_PARAM_NAME,	/* char[MMKIT_NAME_LEN] */
};

/**
 * struct mmkit_param - one option of a control verb; the last one has no help
 * @option: its letter, 0 for the operand without a letter
 * @type: how to read it
 * @offset: of the field in the ioctl's struct
 * @words: of %MMKIT_PARAM_WORD and %MMKIT_PARAM_WORDS, NULL-terminated; value
 *	is the position, or the bit of that number
 * @help: a word for the value and what it is
 */
struct mmkit_param {
	char option;
	enum mmkit_param_type type;
	u16 offset;
	const char *const *words;
	const char *help;
};

#endif
