// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plugin of QEMU's: which functions of the guest's kernel do the instructions
 * of a benchmark go to? tests/vm/profile loads it.
 *
 * It counts between the time stamps of mmkit bench, the only program of the
 * guest's that takes any: tools/mmkit/bench_user.c takes one before and one after the empty loop,
 * and one before and one after the loop itself.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What is used of qemu/qemu-plugin.h (docs/devel/tcg-plugins.rst of QEMU's
 * sources), which Debian packages only from a later QEMU on.
 */
typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info;
enum { CB_NO_REGS };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
		void (*cb)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
		void (*cb)(unsigned int cpu, void *data), int flags, void *data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
		void (*cb)(qemu_plugin_id_t id, void *data), void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb,
						 size_t i);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

int qemu_plugin_version = 1;

/* An instruction of the guest. In a table by address, open, never full. */
struct count {
	uint64_t vaddr;
	uint64_t inside;	/* the loop */
};

#define SLOTS	(1u << 22)

static struct count *counts;
static const char *path;
static unsigned int stamps;	/* so far: the third of four begins the loop */

static struct count *count_at(uint64_t vaddr)
{
	uint64_t slot = vaddr * 0x9e3779b97f4a7c15ull >> 42;

	while (counts[slot].vaddr && counts[slot].vaddr != vaddr)
		slot = (slot + 1) % SLOTS;
	counts[slot].vaddr = vaddr;
	return &counts[slot];
}

static void executed(unsigned int cpu, void *data)
{
	struct count *count = data;

	(void)cpu;
	if (stamps % 4 == 3)
		count->inside++;
}

static void stamped(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	stamps++;
}

static bool is(const struct qemu_plugin_insn *insn, const char *bytes,
	       size_t nr)
{
	return qemu_plugin_insn_size(insn) == nr &&
	       !memcmp(qemu_plugin_insn_data(insn), bytes, nr);
}

/* Libraries and the vDSO lie above, and take stamps of their own. */
#define PROGRAM_END	0x700000000000ull

/* A fence and rdtsc, which ends the block. */
static bool has_stamp(const struct qemu_plugin_tb *tb, size_t nr)
{
	return nr > 1 && is(qemu_plugin_tb_get_insn(tb, nr - 1), "\x0f\x31", 2) &&
	       is(qemu_plugin_tb_get_insn(tb, nr - 2), "\x0f\xae\xe8", 3) &&
	       qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0)) <
	       PROGRAM_END;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t nr = qemu_plugin_tb_n_insns(tb), i;
	struct qemu_plugin_insn *insn = NULL;

	(void)id;
	for (i = 0; i < nr; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		qemu_plugin_register_vcpu_insn_exec_cb(insn, executed,
				CB_NO_REGS,
				count_at(qemu_plugin_insn_vaddr(insn)));
	}
	if (has_stamp(tb, nr))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, stamped,
						       CB_NO_REGS, NULL);
}

static void ended(qemu_plugin_id_t id, void *data)
{
	FILE *file = fopen(path, "w");
	size_t i;

	(void)id;
	(void)data;
	if (!file)
		return;
	for (i = 0; i < SLOTS; i++)
		if (counts[i].inside)
			fprintf(file, "%016llx %llu\n",
				(unsigned long long)counts[i].vaddr,
				(unsigned long long)counts[i].inside);
	fclose(file);
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv)
{
	(void)info;
	counts = calloc(SLOTS, sizeof(*counts));
	if (!counts || argc != 1 || strncmp(argv[0], "out=", 4))
		return -1;
	path = argv[0] + 4;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, ended, NULL);
	return 0;
}
