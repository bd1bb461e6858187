// SPDX-License-Identifier: GPL-2.0-only
/*
 * kstrtoX() as lib/kstrtox.c does it: one sign at most, 0x or 0
 * before, one newline after, -ERANGE and not a wrapped value. The cases run
 * against the kernel's own too, so a difference shows.
 */
#include <ctype.h>

#include <linux/errno.h>
#include <linux/kernel.h>

static unsigned int radix(const char **text, unsigned int base)
{
	if (base)
		return base;
	if ((*text)[0] != '0')
		return 10;
	if (((*text)[1] | 0x20) != 'x' || !isxdigit((unsigned char)(*text)[2]))
		return 8;
	*text += 2;
	return 16;
}

static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

static int parse(const char *text, unsigned int base, u64 *value)
{
	const char *begin;
	bool over = false;
	u64 sum = 0;

	base = radix(&text, base);
	begin = text;
	for (; digit(*text) < base; text++) {
		over |= __builtin_mul_overflow(sum, (u64)base, &sum);
		over |= __builtin_add_overflow(sum, (u64)digit(*text), &sum);
	}
	if (over)
		return -ERANGE;
	if (text == begin)
		return -EINVAL;
	if (*text == '\n')
		text++;
	if (*text)
		return -EINVAL;
	*value = sum;
	return 0;
}

int kstrtou64(const char *text, unsigned int base, u64 *value)
{
	return parse(text + (*text == '+'), base, value);
}

int kstrtou32(const char *text, unsigned int base, u32 *value)
{
	u64 wide;
	int err = kstrtou64(text, base, &wide);

	if (err)
		return err;
	if (wide > (u32)~0U)
		return -ERANGE;
	*value = wide;
	return 0;
}

int kstrtos32(const char *text, unsigned int base, s32 *value)
{
	bool minus = *text == '-';
	u64 wide;
	int err;

	err = minus ? parse(text + 1, base, &wide) : kstrtou64(text, base, &wide);
	if (err)
		return err;
	if (wide > 0x7fffffffULL + minus)
		return -ERANGE;
	*value = minus ? -(s64)wide : (s64)wide;
	return 0;
}
