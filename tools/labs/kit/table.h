/* SPDX-License-Identifier: GPL-2.0-only */
/* One line a lab, in teaching order: LAB(some_name) is some-name.c. */

/* An address space, and how it gets its pages */
LAB(regions)
LAB(static_dynamic)
LAB(virtual_memory)
LAB(paging)
LAB(demand_paging)
LAB(resident_set)
LAB(protection)
LAB(cow)
LAB(fork_exec)
LAB(process_switch)
LAB(shared_memory)
LAB(file_mapping)
LAB(readahead_cache)
LAB(locality)
LAB(alignment)
LAB(thp)

/* Page frames, and who hands them out */
LAB(page_frames)
LAB(memblock_handover)
LAB(zones)
LAB(free_lists)
LAB(buddy)
LAB(fragmentation)
LAB(compaction)
LAB(numa)

/* The kernel's own memory */
LAB(slab_cache)
LAB(mempool)
LAB(vmalloc_vs_kmalloc)
LAB(driver_buffers)
LAB(kernel_memory)
LAB(kallsyms)
LAB(mmio)
LAB(leak)

/* When memory runs short */
LAB(page_in_out)
LAB(swap)
LAB(zswap)
LAB(page_replacement)
LAB(mlock)
LAB(memory_pressure)
LAB(oom)
