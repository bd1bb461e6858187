// SPDX-License-Identifier: GPL-2.0-only
/* mmkit's own devices. */
#include <fcntl.h>

#include "run.h"

/* A session that ends with the lab, if not before. */
int lab_open(struct lab_run *run, const char *area)
{
	int fd = mmkit_open(area, O_RDWR);

	if (fd < 0)
		stop(run, "/dev/mmkit/%s cannot be opened (%s)", area,
		     errno_name(fd));
	return fd;
}
