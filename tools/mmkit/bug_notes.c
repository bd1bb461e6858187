// SPDX-License-Identifier: GPL-2.0-only
/* What the lines of the kernel's reports mean. The first that matches counts. */
#include <ctype.h>
#include <regex.h>
#include <stddef.h>
#include <string.h>

#include "bug.h"

#define TRACE_LOOK \
	"scripts/faddr2line FILE.ko FUNCTION+0x.. gives the line, where there is debug information; else objdump -d FILE.ko"

const struct bug_note bug_notes[] = {
	/* KASAN */
	{ "BUG: KASAN: (slab-)?use-after-free", "KASAN",
	  "memory was used that had been freed. The function named here did the access, not the freeing",
	  "below: \"Freed by task\" says who freed it too early" },
	{ "BUG: KASAN: (double-free|invalid-free)", "KASAN",
	  "the address that is freed is no object in use: freed before, or never the start of one",
	  "below: \"Freed by task\" is the first time, the trace above it the second" },
	{ "BUG: KASAN: slab-out-of-bounds", "KASAN",
	  "an access beside an object of the slab allocator, in its padding or its neighbour",
	  "below: how many bytes beyond which object, and who allocated it" },
	{ "BUG: KASAN: vmalloc-out-of-bounds", "KASAN",
	  "an access behind what vmalloc() was asked for, in the rest of its last page",
	  "the size that was given to vmalloc()" },
	{ "BUG: KASAN: stack-out-of-bounds", "KASAN",
	  "an access beside a variable on the stack, in the red zone that the compiler put there",
	  "below: the frame's variables and where each lies" },
	{ "BUG: KASAN: ", "KASAN",
	  "an access that the shadow memory forbids; the word after it is the kind",
	  "Documentation/dev-tools/kasan.rst" },
	{ "^(Read|Write) of size [0-9]+ at addr", NULL,
	  "what was done: how many bytes, where, and by which thread (its name and number)",
	  NULL },
	{ "^Free of addr", NULL,
	  "the address that kfree() was given, and by which thread", NULL },
	{ "^Allocated by task", NULL,
	  "where the object came from, as a call trace of then", NULL },
	{ "^Freed by task", NULL,
	  "where the object was freed, as a call trace of then. Often the bug is here: too early",
	  NULL },
	{ "^Last potentially related work creation", NULL,
	  "who handed the object to call_rcu() or a workqueue: a free from there has no trace of its caller",
	  NULL },
	{ "^The buggy address belongs to the object at", NULL,
	  "which object of the slab allocator it was", NULL },
	{ "which belongs to the cache", NULL,
	  "its cache: kmalloc-N says that kmalloc() rounded the size up to N",
	  NULL },
	{ "^The buggy address is located", NULL,
	  "how far from the object. \"0 bytes to the right\" or \"to the right of\" is the first byte too many; \"inside\" with use after free is usual",
	  NULL },
	{ "^The buggy address belongs to the (physical page|stack of task|variable|virtual mapping)", NULL,
	  "what kind of memory it is", NULL },
	{ "^(This frame has|and is located at offset)", NULL,
	  "the place in its surroundings: in a frame, each variable with its offset",
	  NULL },
	{ "^ \\[[0-9]+, [0-9]+\\) '", NULL,
	  "a variable of the frame: its first byte, the byte behind it, its name",
	  NULL },
	{ "^Memory state around the buggy address", NULL,
	  "shadow memory, a byte for each 8: 00 all usable, 01 to 07 so many of them, fa to fe and f1 to f8 none (fb freed, fc padding of a slab, f8 past vmalloc(), f1 to f3 stack)",
	  "mm/kasan/kasan.h has the list" },
	{ "^>[0-9a-f]+:", NULL,
	  "the line of the shadow that the access hit; ^ below it marks the byte",
	  NULL },
	/* kmemleak */
	{ "kmemleak: [0-9]+ new suspected", "kmemleak",
	  "a scan found blocks that nothing in memory points to",
	  "/sys/kernel/debug/kmemleak lists them" },
	{ "^unreferenced object", "kmemleak",
	  "a block without a pointer to it, and its size. Suspected: a pointer that is kept in another form, or only in a register, is not seen",
	  "the backtrace says who allocated it; the missing kfree() is on a path out of there" },
	{ "^ +comm \"", NULL,
	  "the thread that allocated it, and when, in jiffies", NULL },
	{ "^ +hex dump", NULL,
	  "how it begins: names or magic numbers tell what it is", NULL },
	{ "^ +backtrace", NULL, "the allocation's call trace", NULL },
	/* a pointer that is none */
	{ "general protection fault, probably for non-canonical address", "processor",
	  "an address that no page table can have was followed. With KASAN it is that of the shadow byte: the line after this one has the address itself",
	  "a pattern in the address says what it was: 6b freed or never set, dead a list poison, 0 to fff a member of NULL" },
	{ "KASAN: (maybe|probably) wild-memory-access", NULL,
	  "the address that was meant. 6b6b6b.. is SLUB's poison: nobody wrote that pointer since the object was free",
	  "who should have set the member" },
	{ "KASAN: null-ptr-deref", NULL,
	  "the address that was meant: a member of NULL", NULL },
	{ "[A-Z0-9]{3}: .*6b6b6b6b", NULL,
	  "the poison in a register: the pointer as it was read", NULL },
	/* pages */
	{ "BUG: Bad page state in process", "page allocator",
	  "a page that is freed or allocated is not as such a page is; the allocator keeps it out of its lists",
	  "\"page dumped because\", below" },
	{ "page dumped because: nonzero mapcount", NULL,
	  "a page table still maps the page: whoever mapped it took no reference, or dropped one too many",
	  "get_page() in the fault handler, and what the module does when it frees" },
	{ "page dumped because: VM_BUG_ON_(PAGE|FOLIO)\\((page|folio)_ref_count", "DEBUG_VM",
	  "a reference of a page is dropped that has none: it was freed already",
	  "who else frees this page" },
	{ "page dumped because", NULL, "why the allocator complains", NULL },
	{ "^page: ?[^ ]* ref(count|:)", NULL,
	  "the page: its references, how often it is mapped (-1 in memory is 0 here), whose it is, its number",
	  "mmkit pages describe --pfn, for its state now" },
	{ "^page_owner tracks|page_owner info", NULL,
	  "page_owner=on on the command line adds who allocated it", NULL },
	{ "^page last (allocated via|free )", NULL,
	  "by whom the page was last allocated, or freed: order, gfp flags, process, and the call trace of then",
	  NULL },
	/* a place to sleep */
	{ "BUG: sleeping function called from invalid context", "DEBUG_ATOMIC_SLEEP",
	  "something that may sleep is called where nothing may; the file and line are of the check, in the function that may sleep",
	  "in the call trace, the first function that is yours" },
	{ "^in_atomic\\(\\)", NULL,
	  "why: in_atomic 1 a spinlock or preempt_disable(), irqs_disabled 1 interrupts are off; and the thread",
	  NULL },
	{ "^preempt_count: [0-9a-f]+, expected", NULL,
	  "how many reasons there are, and how many there may be", NULL },
	{ "^RCU nest depth: [1-9]", NULL, "an RCU reader is the reason", NULL },
	{ "^RCU nest depth: 0", NULL, "no RCU reader is the reason", NULL },
	{ "^Preemption disabled at", NULL,
	  "who did so first: here the lock was taken", NULL },
	/* lockdep */
	{ "WARNING: possible circular locking dependency detected", "lockdep",
	  "locks are taken in an order of which another order was seen: two threads could wait for each other for ever. Nobody does now",
	  "Documentation/locking/lockdep-design.rst" },
	{ "is trying to acquire lock", NULL,
	  "the lock that is taken now, its class and where", NULL },
	{ "but task is already holding lock", NULL,
	  "the lock that this thread has", NULL },
	{ "which lock already depends on the new lock", NULL,
	  "the opposite order was seen before", NULL },
	{ "the existing dependency chain", NULL,
	  "how it came to that: #1 is the order seen before, #0 the one of now. Two places, of which one has to change",
	  NULL },
	{ "Possible unsafe locking scenario", NULL,
	  "the deadlock as two processors would run into it", NULL },
	{ "\\*\\*\\* DEADLOCK \\*\\*\\*", NULL, "it could; it has not", NULL },
	{ "(lock|locks) held by ", NULL,
	  "what the thread has locked, the first first", NULL },
	{ "^no locks held", NULL, "the thread holds no lock at all", NULL },
	/* RCU */
	{ "WARNING: suspicious RCU usage", "PROVE_RCU",
	  "what RCU protects is used without what it asks for", NULL },
	{ "suspicious rcu_dereference_check\\(\\) usage", NULL,
	  "the place: an rcu_dereference() with neither rcu_read_lock() nor the writer's lock",
	  "if a lock protects it there: rcu_dereference_protected(p, lockdep_is_held(&lock))" },
	{ "^rcu_scheduler_active", NULL,
	  "is RCU at work yet, and does lockdep still watch (debug_locks 1)", NULL },
	{ "Voluntary context switch within RCU", "RCU",
	  "a reader gave up its processor: all who wait for readers now wait for whatever it waits for",
	  "in the call trace, what slept between rcu_read_lock() and rcu_read_unlock()" },
	/* counts and lists */
	{ "refcount_t: saturated; leaking memory", "refcount_t",
	  "the count is at its end and stays there: the object will never be freed. Some path takes references and never puts them",
	  "each get of this object, and its put on the path of errors" },
	{ "refcount_t: (underflow|addition on 0|decrement hit 0)", "refcount_t",
	  "a put too many, or a get of what has none left", NULL },
	{ "list_del corruption.*(LIST_POISON|poison)", "DEBUG_LIST",
	  "the entry is poisoned as list_del() leaves it: it was taken out before",
	  "who else takes it out; list_del_init() where both may" },
	{ "list_(add|del) corruption", "DEBUG_LIST",
	  "an entry and its neighbours do not point to each other", NULL },
	/* SLUB */
	{ "(BUG .*|^\\[.*)[Rr]edzone overwritten", "SLUB",
	  "bytes beside an object are not as SLUB left them. It is seen when the object is freed, long after the write",
	  "\"Redzone\" and \"Object\" below: which byte, and what was written" },
	{ "BUG .*Object corrupt", NULL,
	  "and that object, which newer kernels say in a second line", NULL },
	{ "^0x[^ ]+ *-0x[^ ]+ *@offset=", NULL,
	  "the first byte that is wrong, what it is and what it should be (cc behind an object in use, bb behind a free one)",
	  NULL },
	{ "^Allocated in ", NULL,
	  "who allocated the object, how long ago, where; its call trace follows",
	  NULL },
	{ "^Freed in ", NULL,
	  "who freed the object that was here before", NULL },
	{ "^Slab 0x", NULL,
	  "the slab: how many objects, how many in use, its first free one", NULL },
	{ "^Object 0x", NULL,
	  "the object, and where it lies in its slab", NULL },
	{ "^Redzone +", NULL, "bytes in front of the object, or behind it", NULL },
	{ "^Object +[0-9a-f(]", NULL, "the object's own bytes", NULL },
	{ "^FIX .*Restoring", NULL,
	  "SLUB puts the bytes right, so that it can go on", NULL },
	{ "^FIX .*not freed", NULL,
	  "and keeps the object, which nobody gets again", NULL },
	{ "BUG .*Objects remaining", "SLUB",
	  "the cache was to be destroyed and has objects: leaked, or kept back after an error",
	  NULL },
	{ "Slab cache still has objects", NULL,
	  "so the cache stays, and its name is in use", NULL },
	/* what every report has */
	{ "^kernel BUG at ", NULL,
	  "a check that ends the thread: the source's file and line", NULL },
	{ "^(invalid opcode|Oops): ", NULL,
	  "the thread is ended here; locks that it held stay taken for ever",
	  NULL },
	{ "^WARNING: (CPU: [0-9]+ PID: [0-9]+|[^ ]+:[0-9]+) at ", NULL,
	  "a WARN(): processor, thread, file and line of the check, function",
	  NULL },
	{ "^CPU: [0-9]+ ", NULL,
	  "where it ran: processor, thread, whether the kernel is tainted (B a bug before, W a warning, O modules of others), its release",
	  "Documentation/admin-guide/tainted-kernels.rst" },
	{ "^RIP: ", NULL, "the instruction that did it", TRACE_LOOK },
	{ "^ *<TASK>|^Call Trace:", NULL,
	  "how it came here, the last call first. A line with ? may be left over from earlier",
	  NULL },
	{ "mmkit_bug_[a-z_]+(\\+|\\.)", NULL,
	  "the function with the bug, [its module] behind it", TRACE_LOOK },
	{ "^-+\\[ end trace", NULL, "the report ends here", NULL },
	{ NULL },
};

bool bug_matches(const char *pattern, const char *line)
{
	bool found;
	regex_t re;

	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB))
		return false;
	found = !regexec(&re, line, 0, NULL, 0);
	regfree(&re);
	return found;
}

/* Returns what is known of a line, or NULL. */
const struct bug_note *bug_note_find(const char *line)
{
	static regex_t compiled[sizeof(bug_notes) / sizeof(bug_notes[0])];
	static bool ready;
	size_t i;

	for (i = 0; !ready && bug_notes[i].pattern; i++)
		regcomp(&compiled[i], bug_notes[i].pattern,
			REG_EXTENDED | REG_NOSUB);
	ready = true;
	for (i = 0; bug_notes[i].pattern; i++)
		if (!regexec(&compiled[i], line, 0, NULL, 0))
			return &bug_notes[i];
	return NULL;
}

/* "[   12.345678]", and "[  T123]" of kernels that tell the thread too. */
static size_t stamp(const char *at)
{
	size_t len = 1;

	if (*at != '[')
		return 0;
	len += strspn(at + len, " ");
	if (at[len] == 'T' || at[len] == 'C')
		len++;
	if (!isdigit((unsigned char)at[len]))
		return 0;
	len += strspn(at + len, "0123456789.");
	return at[len] == ']' ? len + 1 : 0;
}

/* A line as dmesg and the console print it, without "<4>" and time stamp. */
const char *bug_line_text(const char *line)
{
	const char *at = line;
	size_t len;

	if (*at == '<' && isdigit((unsigned char)at[1]) && strchr(at, '>'))
		at = strchr(at, '>') + 1;
	len = stamp(at);
	if (!len)
		return at;
	at += len;
	at += stamp(at);
	return *at == ' ' ? at + 1 : at;
}
