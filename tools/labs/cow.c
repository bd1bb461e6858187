// SPDX-License-Identifier: GPL-2.0-only
/* fork copies page tables, not pages; the first write copies the page. */
#include "lab.h"

#define NR	8

/* The child: says where its pages are, writes the first, says it again. */
static void heir(struct lab_run *run, struct child *parent, void *data)
{
	char *mem = data;
	struct faults before;

	child_say(run, parent, pfn_at(run, mem));
	child_say(run, parent, pfn_at(run, mem + PAGES(1)));
	child_hear(run, parent);

	before = faults_now();
	touch_write(mem, PAGES(1));
	child_say(run, parent, faults_since(before).minor);
	child_say(run, parent, pfn_at(run, mem));
	child_say(run, parent, mem[1]);
	child_hear(run, parent);
}

static int64_t references(struct lab_run *run, uint64_t pfn)
{
	struct mmkit_page page;

	/* Pages wait in batches for their list, each with one reference more. */
	drain_batches();
	pfn_describe(run, pfn, &page);
	return page.refcount;
}

static void forked(struct lab_run *run, struct child *child, uint64_t pfn,
		   int64_t refs)
{
	tell(run, "A child was forked. It looks at its own page tables.");
	claim(run, "the child's address shows the parent's page frame",
	      child_hear(run, child), EQ, pfn, "pfn");
	child_hear(run, child);	/* of its second page, for the end */
	claim(run, "which two page tables map now", pfn_mapcount(run, pfn), EQ,
	      2, "page tables");
	claim(run, "and each of them holds a reference",
	      references(run, pfn) - refs, EQ, 1, "references more");
}

static void written(struct lab_run *run, struct child *child, char *mem,
		    uint64_t pfn, uint64_t second)
{
	tell(run, "The child writes one byte.");
	child_say(run, child, 0);
	claim(run, "writing a shared page is one fault", child_hear(run, child),
	      EQ, 1, "faults");
	claim(run, "after which the child has a page frame of its own",
	      child_hear(run, child), NE, pfn, "pfn");
	claim(run, "with a copy of what was in the page",
	      child_hear(run, child), EQ, mem[1], "in its second byte");
	claim(run, "the parent's page stays where it was", pfn_at(run, mem), EQ,
	      pfn, "pfn");
	claim(run, "mapped by the parent alone", pfn_mapcount(run, pfn), EQ, 1,
	      "page tables");
	claim(run, "a page that nobody wrote is still shared",
	      pfn_mapcount(run, second), EQ, 2, "page tables");
}

static void alone_again(struct lab_run *run, char *mem, uint64_t second)
{
	struct faults before;

	tell(run, "The child has ended. The parent writes a page that they shared.");
	before = faults_now();
	touch_write(mem + PAGES(1), PAGES(1));
	claim(run, "it is still write protected: a fault",
	      faults_since(before).minor, EQ, 1, "faults");
	claim(run, "but its last user gets it without a copy",
	      pfn_at(run, mem + PAGES(1)), EQ, second, "pfn");
}

static void run_lab(struct lab_run *run)
{
	char *mem = take_private(run, PAGES(NR));
	uint64_t pfn, second;
	struct child child;
	int64_t refs;

	touch_write(mem, PAGES(NR));
	mem[1] = 42;
	pfn = pfn_at(run, mem);
	second = pfn_at(run, mem + PAGES(1));
	refs = references(run, pfn);
	tell(run, "%d pages are written. The first is page frame %#llx, with %lld reference.",
	     NR, (unsigned long long)pfn, (long long)refs);

	child = child_start(run, heir, mem);
	forked(run, &child, pfn, refs);
	written(run, &child, mem, pfn, second);
	child_say(run, &child, 0);
	child_end(run, &child);
	alone_again(run, mem, second);
}

const struct lab cow_lab = {
	.name = "cow",
	.title = "fork copies page tables; the first write copies the page",
	.needs = LAB_ROOT | LAB_PAGES,
	.code = { "kernel/fork.c: dup_mmap()", "mm/memory.c: copy_present_pte()",
		  "mm/memory.c: do_wp_page()", "mm/memory.c: wp_page_copy()" },
	.docs = { "Documentation/admin-guide/mm/concepts.rst" },
	.run = run_lab,
};
