/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MMKIT_CLI_ZONE_VERIFY_H
#define MMKIT_CLI_ZONE_VERIFY_H

#include "zone.h"

int zones_verified(struct cli *cli, int fd, unsigned int against,
		   struct mmkit_zone **zones);

#endif
