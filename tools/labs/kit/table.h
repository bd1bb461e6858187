/* SPDX-License-Identifier: GPL-2.0-only */
/* One line a lab, in teaching order: LAB(some_name) is some-name.c. */

/* An address space, and how it gets its pages */
LAB(demand_paging)
LAB(cow)

/* Page frames and who hands them out */
LAB(page_frames)

/* Memory from the program's side */
LAB(resident_set)
LAB(fork_exec)
LAB(process_switch)
LAB(locality)
LAB(thp)
LAB(alignment)
LAB(readahead_cache)
LAB(zswap)

/* The whole machine */
LAB(memblock_handover)
LAB(kernel_memory)
LAB(vmalloc_vs_kmalloc)
LAB(mempool)
LAB(memory_pressure)
LAB(numa)
LAB(oom)
LAB(leak)

/* What is not memory, and whose it is */
LAB(kallsyms)
LAB(mmio)
