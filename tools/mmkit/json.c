// SPDX-License-Identifier: GPL-2.0-only
/* Shorter names for what every verb does to build its object. */
#include <errno.h>
#include <unistd.h>

#include "out.h"

struct json_object *j_obj(void)
{
	return json_object_new_object();
}

struct json_object *j_arr(void)
{
	return json_object_new_array();
}

void j_add(struct json_object *obj, const char *key, struct json_object *value)
{
	json_object_object_add(obj, key, value);
}

void j_str(struct json_object *obj, const char *key, const char *value)
{
	j_add(obj, key, value ? json_object_new_string(value) : NULL);
}

void j_num(struct json_object *obj, const char *key, int64_t value)
{
	j_add(obj, key, json_object_new_int64(value));
}

void j_u64(struct json_object *obj, const char *key, uint64_t value)
{
	j_add(obj, key, json_object_new_uint64(value));
}

void j_bool(struct json_object *obj, const char *key, bool value)
{
	j_add(obj, key, json_object_new_boolean(value));
}

void j_null(struct json_object *obj, const char *key)
{
	j_add(obj, key, NULL);
}

void j_gfp(struct json_object *obj, const char *key, uint32_t gfp)
{
	char text[160];

	mmkit_gfp_format(gfp ? gfp : MMKIT_GFP_KERNEL, text, sizeof(text));
	j_str(obj, key, text);
}

struct json_object *j_get(struct json_object *obj, const char *key)
{
	return json_object_object_get(obj, key);
}

uint64_t j_get_u64(struct json_object *obj, const char *key)
{
	return json_object_get_uint64(j_get(obj, key));
}

/* The document in a file, or NULL with *status. */
struct json_object *j_load(struct cli *cli, const char *path,
			   const struct j_kind *kind, int *status)
{
	struct json_object *doc = json_object_from_file(path);

	if (doc && kind->is(doc))
		return doc;
	if (!doc && access(path, R_OK))
		*status = unreadable(cli, path, errno, kind->remedy);
	else
		*status = fail(cli, EXIT_FAILED, 0, kind->remedy,
			       "%s is no %s", path, kind->what);
	json_object_put(doc);
	return NULL;
}
