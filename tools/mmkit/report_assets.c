// SPDX-License-Identifier: GPL-2.0-only
/* What of the report's page is the same each time: tools/page, put in here. */
#include <stdio.h>

#include "report.h"

#define ASSET(name, file)						\
	__asm__(".section .rodata\n.global " #name "\n" #name ":\n"	\
		".incbin \"" file "\"\n.byte 0\n.previous\n")

ASSET(report_css, "report.css");
ASSET(report_js, "report.js");
