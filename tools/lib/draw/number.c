// SPDX-License-Identifier: GPL-2.0-only
/* Numbers as they stand at axes, without the mathematics library. */
#include "parts.h"

const char *draw_decimal(double value, char *buf, size_t len)
{
	bool whole = value == (double)(long long)value;

	snprintf(buf, len, whole ? "%.0f" : "%.2f", value);
	return buf;
}

const char *draw_hex(double value, char *buf, size_t len)
{
	snprintf(buf, len, "%#llx", (unsigned long long)value);
	return buf;
}

const char *draw_bytes(double value, char *buf, size_t len)
{
	static const char *const units[] = {
		"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB",
	};
	unsigned int unit = 0;

	while (value >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		value /= 1024;
		unit++;
	}
	snprintf(buf, len, value == (double)(long long)value ? "%.0f %s" :
		 "%.1f %s", value, units[unit]);
	return buf;
}

const char *draw_percent(double value, char *buf, size_t len)
{
	snprintf(buf, len, "%.0f %%", value * 100);
	return buf;
}

/* The octave, and linear inside it: no drawing shows the difference. */
double draw_log2(double value)
{
	double octave = 0;

	while (value >= 2) {
		value /= 2;
		octave++;
	}
	return octave + (value > 1 ? value - 1 : 0);
}
