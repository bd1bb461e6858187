// SPDX-License-Identifier: GPL-2.0-only
/* exported: lzo1x_decompress_safe */
#include <linux/types.h>
#include <linux/lzo.h>
int probe(unsigned char *to, size_t *length, void *work);
int probe(unsigned char *to, size_t *length, void *work)
{
	return lzo1x_1_compress(to, *length, to, length, work);
}
