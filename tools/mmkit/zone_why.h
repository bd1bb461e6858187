/* SPDX-License-Identifier: GPL-2.0-only */
/* Why a zone has no block of an order. */
#ifndef MMKIT_CLI_ZONE_WHY_H
#define MMKIT_CLI_ZONE_WHY_H

#include "out.h"

enum why {
	WHY_AVAILABLE,
	WHY_WATERMARK,	/* what is there is kept for others */
	WHY_FRAGMENTED,	/* enough, but in pieces */
	WHY_SCARCE,	/* not enough */
	WHY_EMPTY,	/* a zone without memory */
};

extern const char *const why_names[];

/* @zone: as zones_sample() or mmkit top has it. */
enum why zone_why(struct json_object *zone, unsigned int order);
uint64_t zone_blocks(struct json_object *zone, unsigned int order);
int zone_largest(struct json_object *zone);
struct json_object *zone_why_json(struct json_object *zone, unsigned int order);

#endif
