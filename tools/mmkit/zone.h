/* SPDX-License-Identifier: GPL-2.0-only */
/* Zones: read, as JSON, as text, and against the kernel's files. */
#ifndef MMKIT_CLI_ZONE_H
#define MMKIT_CLI_ZONE_H

#include "out.h"

/* What of the kernel's files a verb wants its zones compared with. */
enum {
	ZONE_BUDDYINFO = 1 << 0,
	ZONE_ZONEINFO = 1 << 1,
	ZONE_EXTFRAG = 1 << 2,
};

struct json_object *zones_json(const struct mmkit_zone *zones, int nr);
struct json_object *zones_sample(struct cli *cli, int fd, unsigned int against,
				 int *status);
void zones_show(struct cli *cli, struct json_object *zones);
void zones_show_per_order(struct cli *cli, struct json_object *zones,
			  const char *key, enum format format);
void zones_show_frag(struct cli *cli, struct json_object *zones);

#endif
