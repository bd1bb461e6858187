/* SPDX-License-Identifier: GPL-2.0-only */
/* One line a lab, in teaching order: LAB(some_name) is some-name.c. */

/* An address space, and how it gets its pages */
LAB(demand_paging)
LAB(cow)

/* Page frames and who hands them out */
LAB(page_frames)
