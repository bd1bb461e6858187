// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands by table: one copy in, run under the session's lock, one copy out,
 * and only then is anything published. A copy never happens under a lock, so a
 * page fault of the caller's buffer, however long it takes, stops nobody else.
 */
#include <linux/mm.h>
#include <linux/nospec.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <mmkit/gfp.h>
#include "dispatch.h"
#include "handle.h"
#include "usage.h"

static int session_info(struct mmkit_call *call, void *arg)
{
	struct mmkit_session *session = call->session;
	struct mmkit_session_info *info = arg;
	struct mmkit_limits max;

	mmkit_limits_get(&max);
	info->id = session->id;
	info->handles = atomic64_read(&session->usage.handles);
	info->bytes = atomic64_read(&session->usage.bytes);
	info->max_handles = max.session_handles;
	info->max_bytes = max.session_bytes;
	return 0;
}

/* Commands that every area's device answers. */
static const struct mmkit_ioctl common[] = {
	MMKIT_IOCTL(MMKIT_SESSION_INFO, session_info,
		    struct mmkit_session_info, size),
};

static const struct mmkit_ioctl *find(const struct mmkit_ioctl *rows,
				      unsigned int nr_rows, unsigned int cmd)
{
	unsigned int i;

	if (!nr_rows)
		return NULL;
	i = _IOC_NR(cmd) - _IOC_NR(rows[0].cmd);
	if (i >= nr_rows)
		return NULL;
	i = array_index_nospec(i, nr_rows);
	/* The size in the number may be an older or newer struct's. */
	if ((rows[i].cmd ^ cmd) & ~(_IOC_SIZEMASK << _IOC_SIZESHIFT))
		return NULL;
	return &rows[i];
}

/**
 * mmkit_ioctl_find() - Look a command up.
 * @area: whose device it was sent to
 * @cmd: as user space sent it
 *
 * Context: Any.
 * Return: its row, or NULL.
 */
const struct mmkit_ioctl *mmkit_ioctl_find(const struct mmkit_area *area,
					   unsigned int cmd)
{
	return find(area->ioctls, area->nr_ioctls, cmd) ?:
	       find(common, ARRAY_SIZE(common), cmd);
}

/**
 * mmkit_call_array() - Make room for an answer of variable length.
 * @call: the command
 * @user: where user space wants it
 * @room: elements, bounded by the caller; 0 is allowed
 * @element: bytes of each
 *
 * The command sets call->bytes to what is to be copied.
 *
 * Context: Process.
 * Return: zeroed memory that the core frees, or NULL.
 */
void *mmkit_call_array(struct mmkit_call *call, u64 user, u32 room,
		       size_t element)
{
	call->array = u64_to_user_ptr(user);
	call->data = kvcalloc(room ?: 1, element, MMKIT_GFP_BOOKKEEPING);
	return call->data;
}
EXPORT_SYMBOL_GPL(mmkit_call_array);

/**
 * mmkit_call_run() - Run a command.
 * @call: on a session
 * @row: of the command
 * @arg: its struct, complete
 *
 * Context: Process.
 * Return: what the command says, -EINTR killed while waiting for the session.
 */
int mmkit_call_run(struct mmkit_call *call, const struct mmkit_ioctl *row,
		   void *arg)
{
	int err;

	if (mutex_lock_killable(&call->session->lock))
		return -EINTR;
	err = row->run(call, arg);
	if (!call->unlocked)
		mutex_unlock(&call->session->lock);
	return err;
}

/**
 * mmkit_call_end() - Publish what a command made, or undo it.
 * @call: that was run
 * @err: 0 when the caller has its answer
 *
 * Context: Process.
 * Return: @err.
 */
int mmkit_call_end(struct mmkit_call *call, int err)
{
	if (call->object) {
		if (err)
			mmkit_object_abort(call);
		else
			mmkit_object_publish(call);
	}
	kvfree(call->data);
	call->data = NULL;
	return err;
}

/*
 * Structs are a few words long: copied here one by one, for half of what
 * copy_from_user() costs, whose checks are for sizes that come from outside.
 */
static bool is_words(const struct mmkit_ioctl *row, u32 size)
{
	return size == row->size && size % sizeof(u64) == 0;
}

static int get_words(u64 *to, const u64 __user *from, size_t size)
{
	size_t i;

	if (!user_read_access_begin(from, size))
		return -EFAULT;
	for (i = 0; i < size / sizeof(*to); i++)
		unsafe_get_user(to[i], &from[i], fault);
	user_read_access_end();
	return 0;

fault:
	user_read_access_end();
	return -EFAULT;
}

static int put_words(const u64 *from, u64 __user *to, size_t size)
{
	size_t i;

	if (!user_write_access_begin(to, size))
		return -EFAULT;
	for (i = 0; i < size / sizeof(*from); i++)
		unsafe_put_user(from[i], &to[i], fault);
	user_write_access_end();
	return 0;

fault:
	user_write_access_end();
	return -EFAULT;
}

static int copy_in(const struct mmkit_ioctl *row, u64 *arg,
		   const void __user *user, u32 *size)
{
	int err;

	if (get_user(*size, (const u32 __user *)user))
		return -EFAULT;
	if (*size < row->min_size)
		return -EINVAL;
	if (*size > PAGE_SIZE)
		return -E2BIG;
	if (is_words(row, *size))
		err = get_words(arg, user, *size);
	else
		err = copy_struct_from_user(arg, row->size, user, *size);
	if (err)
		return err;
	/* It was read twice: what was checked is what counts. */
	*(u32 *)arg = *size;
	return 0;
}

static int copy_out(const struct mmkit_call *call,
		    const struct mmkit_ioctl *row, const u64 *arg,
		    void __user *user, u32 size)
{
	if (call->bytes && copy_to_user(call->array, call->data, call->bytes))
		return -EFAULT;
	if (!(_IOC_DIR(row->cmd) & _IOC_READ))
		return 0;
	if (is_words(row, size))
		return put_words(arg, user, size);
	if (copy_to_user(user, arg, min_t(u32, size, row->size)))
		return -EFAULT;
	return 0;
}

long mmkit_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct mmkit_call call = { .session = file->private_data };
	u64 buffer[MMKIT_ARG_MAX / sizeof(u64)];
	void __user *user = (void __user *)arg;
	const struct mmkit_ioctl *row;
	u32 size;
	int err;

	row = mmkit_ioctl_find(call.session->area, cmd);
	if (!row)
		return -ENOTTY;
	err = copy_in(row, buffer, user, &size);
	if (err)
		return err;
	err = mmkit_call_run(&call, row, buffer);
	if (!err)
		err = copy_out(&call, row, buffer, user, size);
	return mmkit_call_end(&call, err);
}
EXPORT_SYMBOL_GPL(mmkit_ioctl);
