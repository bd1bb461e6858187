// SPDX-License-Identifier: GPL-2.0-only
/* debugfs files of the info area. */
#include <linux/seq_file.h>
#include "info.h"
#include "leak.h"
#include "registry.h"
#include "session.h"

static int show_limits(struct seq_file *m, void *unused)
{
	struct mmkit_info info;

	mmkit_info_fill(&info);
	seq_printf(m, "abi             %u\n", info.abi);
	seq_printf(m, "session_bytes   %llu\n", info.session_bytes);
	seq_printf(m, "session_handles %llu\n", info.session_handles);
	seq_printf(m, "total_bytes     %llu used %llu\n", info.total_bytes,
		   info.used_bytes);
	seq_printf(m, "total_handles   %llu used %llu\n", info.total_handles,
		   info.used_handles);
	seq_printf(m, "sessions        %llu\n", info.sessions);
	return 0;
}

struct mmkit_show mmkit_info_shows[] = {
	{ .name = "limits", .show = show_limits },
	{ .name = "sessions", .show = mmkit_sessions_show },
	{ .name = "leaks", .show = mmkit_leaks_show },
	{ .name = "registry", .show = mmkit_registry_show },
	{ }
};
