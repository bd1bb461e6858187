/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints mmkit:*, for perf, trace-cmd and bpftrace.
 *
 * On a path whose cost counts, one is called from a function of its own
 * (noinline), and only when trace_..._enabled(), as it is described in
 * Documentation/trace/tracepoints.rst. While nobody listens, one instruction that
 * does nothing is left of it. In the middle of such a path it would cost more:
 * the compiler reads its arguments before the branch, and keeps registers for the
 * call behind it.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM mmkit

#if !defined(_MMKIT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _MMKIT_TRACE_H

#include <linux/tracepoint.h>
#include <mmkit/area.h>
#include <mmkit/session.h>

DECLARE_EVENT_CLASS(mmkit_session,
	TP_PROTO(const struct mmkit_session *session),
	TP_ARGS(session),
	TP_STRUCT__entry(
		__field(u64, session)
		__field(u64, bytes)
		__field(u64, handles)
		__array(char, area, MMKIT_NAME_LEN)
	),
	TP_fast_assign(
		__entry->session = session->id;
		__entry->bytes = atomic64_read(&session->usage.bytes);
		__entry->handles = atomic64_read(&session->usage.handles);
		strscpy(__entry->area, session->area->entry.name,
			MMKIT_NAME_LEN);
	),
	TP_printk("session=%llu area=%s handles=%llu bytes=%llu",
		  __entry->session, __entry->area, __entry->handles,
		  __entry->bytes)
);

DEFINE_EVENT(mmkit_session, mmkit_session_open,
	TP_PROTO(const struct mmkit_session *session), TP_ARGS(session));

/* What it holds is what it leaked. */
DEFINE_EVENT(mmkit_session, mmkit_session_close,
	TP_PROTO(const struct mmkit_session *session), TP_ARGS(session));

DECLARE_EVENT_CLASS(mmkit_object,
	TP_PROTO(const struct mmkit_session *session, u32 handle,
		 const struct mmkit_object *object, u64 bytes),
	TP_ARGS(session, handle, object, bytes),
	TP_STRUCT__entry(
		__field(u64, session)
		__field(u64, bytes)
		__field(u32, handle)
		__array(char, kind, MMKIT_NAME_LEN)
	),
	TP_fast_assign(
		__entry->session = session->id;
		__entry->bytes = bytes;
		__entry->handle = handle;
		strscpy(__entry->kind, object->ops->kind, MMKIT_NAME_LEN);
	),
	TP_printk("session=%llu handle=%u kind=%s bytes=%llu",
		  __entry->session, __entry->handle, __entry->kind,
		  __entry->bytes)
);

/* A handle was published. */
DEFINE_EVENT(mmkit_object, mmkit_alloc,
	TP_PROTO(const struct mmkit_session *session, u32 handle,
		 const struct mmkit_object *object, u64 bytes),
	TP_ARGS(session, handle, object, bytes));

/* Part of what a handle holds was freed, or the rest and the handle. */
DEFINE_EVENT(mmkit_object, mmkit_free,
	TP_PROTO(const struct mmkit_session *session, u32 handle,
		 const struct mmkit_object *object, u64 bytes),
	TP_ARGS(session, handle, object, bytes));

/* As VM_FAULT_RESULT_TRACE, in a form that sparse can follow. */
#define mmkit_fault_name(name) \
	{ (__force unsigned long)VM_FAULT_##name, #name }
#define mmkit_fault_names \
	mmkit_fault_name(OOM), mmkit_fault_name(SIGBUS), \
	mmkit_fault_name(MAJOR), mmkit_fault_name(NOPAGE), \
	mmkit_fault_name(LOCKED), mmkit_fault_name(RETRY), \
	mmkit_fault_name(FALLBACK), mmkit_fault_name(DONE_COW), \
	mmkit_fault_name(HWPOISON)

/* A mapping of the map device faulted. */
TRACE_EVENT(mmkit_fault,
	TP_PROTO(u64 session, const char *strategy, unsigned long pgoff,
		 bool write, vm_fault_t result),
	TP_ARGS(session, strategy, pgoff, write, result),
	TP_STRUCT__entry(
		__field(u64, session)
		__field(unsigned long, pgoff)
		__field(unsigned int, result)
		__field(bool, write)
		__array(char, strategy, MMKIT_NAME_LEN)
	),
	TP_fast_assign(
		__entry->session = session;
		__entry->pgoff = pgoff;
		__entry->result = (__force unsigned int)result;
		__entry->write = write;
		strscpy(__entry->strategy, strategy, MMKIT_NAME_LEN);
	),
	TP_printk("session=%llu strategy=%s pgoff=%lu %s result=%s",
		  __entry->session, __entry->strategy, __entry->pgoff,
		  __entry->write ? "write" : "read",
		  __print_flags(__entry->result, "|", mmkit_fault_names))
);

/* The pager wanted a page to go; @err says why it stayed. */
TRACE_EVENT(mmkit_evict,
	TP_PROTO(u64 session, unsigned long pgoff, u32 frame, bool dirty,
		 int err),
	TP_ARGS(session, pgoff, frame, dirty, err),
	TP_STRUCT__entry(
		__field(u64, session)
		__field(unsigned long, pgoff)
		__field(u32, frame)
		__field(int, err)
		__field(bool, dirty)
	),
	TP_fast_assign(
		__entry->session = session;
		__entry->pgoff = pgoff;
		__entry->frame = frame;
		__entry->err = err;
		__entry->dirty = dirty;
	),
	TP_printk("session=%llu pgoff=%lu frame=%u %s err=%d",
		  __entry->session, __entry->pgoff, __entry->frame,
		  __entry->dirty ? "dirty" : "clean", __entry->err)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH mmkit
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
