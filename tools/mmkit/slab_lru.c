// SPDX-License-Identifier: GPL-2.0-only
/* mmkit slab lru, add, stat and pressure: objects that the kernel takes back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel_file.h"
#include "slab.h"

#define CGROUPS	"/sys/fs/cgroup"

static void show_lru(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("handle %llu: list_lru and shrinker for objects of cache %llu",
		 (unsigned long long)j_get_u64(obj, "handle"),
		 (unsigned long long)j_get_u64(obj, "cache"));
	session_show(obj);
}

int slab_lru_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct json_object *obj;
	uint32_t cache, handle;
	int fd, err, status;

	(void)data;
	(void)argc;
	status = handle_open(cli, "slab", argv[0], &cache, &fd);
	if (status)
		return status;
	err = mmkit_slab_lru(fd, cache, &handle);
	if (err)
		return slab_failed(cli, fd, err, 0, "creating an LRU");
	obj = j_obj();
	j_num(obj, "handle", handle);
	j_num(obj, "cache", cache);
	j_add(obj, "session", session_json(fd));
	return result(cli, obj, show_lru);
}

static void show_add(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("added %llu of %llu",
		 (unsigned long long)j_get_u64(obj, "added"),
		 (unsigned long long)j_get_u64(obj, "asked"));
	session_show(obj);
}

int slab_add_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct slab_add_opts *opts = data;
	struct mmkit_slab_lru_add req = {
		.count = opts->count, .gfp = opts->gfp,
	};
	struct json_object *obj;
	int fd, err, status;

	(void)argc;
	status = handle_open(cli, "slab", argv[0], &req.handle, &fd);
	if (status)
		return status;
	err = mmkit_slab_lru_add(fd, &req);
	if (err)
		return slab_failed(cli, fd, err, 0, "adding");
	obj = j_obj();
	j_num(obj, "handle", req.handle);
	j_num(obj, "asked", req.count);
	j_num(obj, "added", req.added);
	j_add(obj, "session", session_json(fd));
	return result(cli, obj, show_add);
}

static struct json_object *stat_json(const struct mmkit_slab_lru_stat *stat)
{
	struct json_object *obj = j_obj();

	j_num(obj, "handle", stat->handle);
	j_u64(obj, "added", stat->added);
	j_u64(obj, "live", stat->live);
	j_u64(obj, "taken", stat->taken);
	j_u64(obj, "counts", stat->counts);
	j_u64(obj, "scans", stat->scans);
	j_u64(obj, "scanned", stat->scanned);
	return obj;
}

static void show_stat(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("added %llu: %llu are there, %llu were taken back by the kernel",
		 (unsigned long long)j_get_u64(obj, "added"),
		 (unsigned long long)j_get_u64(obj, "live"),
		 (unsigned long long)j_get_u64(obj, "taken"));
	out_line("it counted %llu times and scanned %llu times, %llu objects",
		 (unsigned long long)j_get_u64(obj, "counts"),
		 (unsigned long long)j_get_u64(obj, "scans"),
		 (unsigned long long)j_get_u64(obj, "scanned"));
}

int slab_stat_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct mmkit_slab_lru_stat stat;
	uint32_t handle;
	int fd, err, status;

	(void)data;
	(void)argc;
	status = handle_open(cli, "slab", argv[0], &handle, &fd);
	if (status)
		return status;
	err = mmkit_slab_lru_stat(fd, handle, &stat);
	if (err)
		return slab_failed(cli, fd, err, 0, "asking");
	return result(cli, stat_json(&stat), show_stat);
}

/* A cgroup of its own, below the one at the top. */
struct group {
	char path[64];
	uint64_t limit;
};

static int group_write(const struct group *group, const char *file,
		       unsigned long long value)
{
	char path[96], text[24];

	snprintf(path, sizeof(path), "%s/%s", group->path, file);
	snprintf(text, sizeof(text), "%llu", value);
	return file_put(path, text);
}

/* The number behind @word, or the first one of the file. */
static uint64_t group_read(const struct group *group, const char *file,
			   const char *word)
{
	unsigned long long value = 0, number;
	char path[96], line[128];
	FILE *stream;
	size_t len = strlen(word);

	snprintf(path, sizeof(path), "%s/%s", group->path, file);
	stream = fopen(path, "re");
	while (stream && fgets(line, sizeof(line), stream))
		if (!strncmp(line, word, len) &&
		    sscanf(line + len, "%llu", &number) == 1) {
			value = number;
			break;
		}
	if (stream)
		fclose(stream);
	return value;
}

static int group_make(struct group *group)
{
	int err;

	snprintf(group->path, sizeof(group->path), CGROUPS "/mmkit-%d",
		 (int)getpid());
	if (mkdir(group->path, 0755))
		return -errno;
	err = group_write(group, "memory.max", group->limit);
	if (err)
		rmdir(group->path);
	return err;
}

#define PORTION	256

static int add_in_group(int fd, const struct group *group, uint32_t lru,
			uint32_t count)
{
	struct mmkit_slab_lru_add req = { .handle = lru };
	int err = group_write(group, "cgroup.procs", getpid());
	uint32_t done;

	for (done = 0; done < count && !err; done += req.added) {
		req.count = count - done < PORTION ? count - done : PORTION;
		err = mmkit_slab_lru_add(fd, &req);
	}
	return err;
}

/* Objects are charged to who allocates them: a child does, in the cgroup. */
static int add_as_child(int fd, const struct group *group, uint32_t lru,
			uint32_t count)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return -errno;
	if (!pid)
		_exit(-add_in_group(fd, group, lru, count) & 0xff);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	/* A signal: that of the OOM killer, say. */
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

static void show_pressure(struct cli *cli, struct json_object *obj)
{
	char limit[32];

	format_size(limit, sizeof(limit), j_get_u64(obj, "limit"));
	out_line("cgroup of %s, objects of %llu bytes", limit,
		 (unsigned long long)j_get_u64(obj, "bytes"));
	show_stat(cli, j_get(obj, "stat"));
	out_line("the cgroup reached its limit %llu times, was charged %llu bytes in the end, and the OOM killer came %llu times",
		 (unsigned long long)j_get_u64(obj, "hits"),
		 (unsigned long long)j_get_u64(obj, "charged"),
		 (unsigned long long)j_get_u64(obj, "ooms"));
	if (j_get(obj, "errno"))
		out_line("adding ended with %s",
			 json_object_get_string(j_get(obj, "errno")));
}

static struct json_object *pressure_json(const struct slab_pressure_opts *opts,
					 const struct group *group,
					 const struct mmkit_slab_lru_stat *stat,
					 int err)
{
	struct json_object *obj = j_obj();

	j_u64(obj, "bytes", opts->bytes);
	j_u64(obj, "limit", opts->limit);
	j_add(obj, "stat", stat_json(stat));
	j_u64(obj, "hits", group_read(group, "memory.events", "max "));
	j_u64(obj, "ooms", group_read(group, "memory.events", "oom_kill "));
	j_u64(obj, "charged", group_read(group, "memory.current", ""));
	j_str(obj, "errno", err ? errno_name(err) : NULL);
	return obj;
}

static int pressed(struct cli *cli, int fd,
		   const struct slab_pressure_opts *opts, uint32_t lru)
{
	uint32_t count = opts->count ? opts->count :
				       2 * opts->limit / opts->bytes;
	struct group group = { .limit = opts->limit };
	struct mmkit_slab_lru_stat stat;
	struct json_object *obj;
	int err = group_make(&group), status;

	if (err)
		return fail(cli, err == -EACCES ? EXIT_FAILED : EXIT_ABSENT, err,
			    "root, and cgroup2 at " CGROUPS " with its memory controller on",
			    "no cgroup of its own: %s", strerror(-err));
	err = add_as_child(fd, &group, lru, count);
	mmkit_slab_lru_stat(fd, lru, &stat);
	obj = pressure_json(opts, &group, &stat, err);
	rmdir(group.path);
	status = result(cli, obj, show_pressure);
	return status || (!err && stat.taken) ? status : EXIT_FAILED;
}

int slab_pressure_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct slab_pressure_opts *opts = data;
	const struct slab_shape shape = {
		.bytes = opts->bytes, .flags = MMKIT_SLAB_RECLAIM_ACCOUNT,
	};
	uint32_t cache, lru;
	int fd, err, status;

	(void)argc;
	(void)argv;
	if (opts->bytes < MMKIT_SLAB_LRU_BYTES_MIN || opts->limit < 1 << 20)
		return usage(cli, "--size is at least %d, --limit 1M",
			     MMKIT_SLAB_LRU_BYTES_MIN);
	fd = area_open_fresh(cli, "slab", O_RDWR);
	if (fd < 0)
		return -fd;
	status = slab_make(cli, fd, "pressure", &shape, &cache);
	if (!status) {
		err = mmkit_slab_lru(fd, cache, &lru);
		status = err ? slab_failed(cli, fd, err, 0, "creating an LRU") :
			       pressed(cli, fd, opts, lru);
	}
	mmkit_close(fd);
	return status;
}
