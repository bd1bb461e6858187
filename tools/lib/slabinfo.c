// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's files about slab caches and the vmalloc area. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <mmkit.h>

#include "internal.h"

/* Calls @take with each line of a file until it fails. */
static int each_line(const char *path, int (*take)(void *data, const char *line),
		     void *data)
{
	char *text = lib_read_file(path), *line, *save;
	int err = 0;

	if (!text)
		return -errno;
	for (line = strtok_r(text, "\n", &save); line && !err;
	     line = strtok_r(NULL, "\n", &save))
		err = take(data, line);
	free(text);
	return err;
}

struct list {
	void *items;
	unsigned int nr;
};

static void *list_add(struct list *list, size_t size)
{
	void *more = reallocarray(list->items, list->nr + 1, size);

	if (!more)
		return NULL;
	list->items = more;
	return memset((char *)more + size * list->nr++, 0, size);
}

static int list_end(struct list *list, int err, void **items)
{
	*items = list->items;
	if (err) {
		free(list->items);
		*items = NULL;
	}
	return err ? err : (int)list->nr;
}

static int take_cache(void *data, const char *line)
{
	struct mmkit_proc_cache cache = { 0 }, *slot;

	if (sscanf(line, "%63s %lu %lu %lu %lu %lu", cache.name, &cache.active,
		   &cache.objects, &cache.object_bytes, &cache.per_slab,
		   &cache.pages_per_slab) != 6)
		return 0;
	slot = list_add(data, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	*slot = cache;
	return 0;
}

/**
 * mmkit_proc_slabinfo() - read /proc/slabinfo
 * @caches: out, in the file's order; free() it
 *
 * Return: how many, -ENOENT no such file, -EACCES for others than root, -ENOMEM.
 */
int mmkit_proc_slabinfo(struct mmkit_proc_cache **caches)
{
	struct list list = { 0 };
	int err = each_line("/proc/slabinfo", take_cache, &list);

	return list_end(&list, err, (void **)caches);
}

static void take_words(struct mmkit_proc_vmap *vmap, char *text)
{
	char *save, *word = strtok_r(text, " \n", &save);

	vmap->kind[0] = '\0';
	for (; word; word = strtok_r(NULL, " \n", &save)) {
		if (!strncmp(word, "pages=", 6))
			vmap->pages = strtoul(word + 6, NULL, 10);
		else if (!strcmp(word, "vpages"))
			vmap->vpages = true;
		else if (!strcmp(word, "vmalloc") || !strcmp(word, "vmap") ||
			 !strcmp(word, "user"))
			snprintf(vmap->kind, sizeof(vmap->kind), "%s", word);
	}
}

/* 0xADDRESS-0xADDRESS  BYTES CALLER [MODULE] pages=N vmalloc N0=N */
static int take_vmap(void *data, const char *line)
{
	struct mmkit_proc_vmap vmap = { 0 }, *slot;
	char rest[256];

	if (sscanf(line, "%*s %lu %*s [%47[^]]] %255[^\n]", &vmap.bytes,
		   vmap.module, rest) != 3)
		return 0;
	take_words(&vmap, rest);
	slot = list_add(data, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	*slot = vmap;
	return 0;
}

/**
 * mmkit_proc_vmallocinfo() - read what modules have in /proc/vmallocinfo
 * @vmaps: out; free() it
 *
 * Return: how many, -ENOENT no such file, -EACCES for others than root, -ENOMEM.
 */
int mmkit_proc_vmallocinfo(struct mmkit_proc_vmap **vmaps)
{
	struct list list = { 0 };
	int err = each_line("/proc/vmallocinfo", take_vmap, &list);

	return list_end(&list, err, (void **)vmaps);
}

/**
 * mmkit_sys_slab() - read a number from /sys/kernel/slab/CACHE/
 * @cache: name of the cache
 * @file: such as "object_size"
 * @value: out
 *
 * Return: 0, or -errno of open(2), -EINVAL no number.
 */
int mmkit_sys_slab(const char *cache, const char *file, uint64_t *value)
{
	unsigned long long number;
	char path[160];
	FILE *stream;
	int got;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/%s", cache, file);
	stream = fopen(path, "re");
	if (!stream)
		return -errno;
	got = fscanf(stream, "%llu", &number);
	fclose(stream);
	if (got != 1)
		return -EINVAL;
	*value = number;
	return 0;
}

/**
 * mmkit_sys_slab_text() - read a line from /sys/kernel/slab/CACHE/
 * @cache: name of the cache
 * @file: such as "ctor"
 * @text: out: without the newline, empty when there is nothing in it
 * @len: of @text
 *
 * Return: 0, or -errno of open(2).
 */
int mmkit_sys_slab_text(const char *cache, const char *file, char *text,
			size_t len)
{
	char path[160];
	FILE *stream;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/%s", cache, file);
	stream = fopen(path, "re");
	if (!stream)
		return -errno;
	if (!fgets(text, len, stream))
		text[0] = '\0';
	fclose(stream);
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

/**
 * mmkit_sys_slab_same() - are two names of one cache?
 * @cache: name in /sys/kernel/slab
 * @other: name there
 *
 * Return: 1 both lead to the same cache, 0 they do not, or -errno of stat(2).
 */
int mmkit_sys_slab_same(const char *cache, const char *other)
{
	struct stat a, b;
	char path[160];

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s", cache);
	if (stat(path, &a))
		return -errno;
	snprintf(path, sizeof(path), "/sys/kernel/slab/%s", other);
	if (stat(path, &b))
		return -errno;
	return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}
