/* SPDX-License-Identifier: ISC */
#include "mchat/lab/mac_picture.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "mchat/base/buffer.h"

/* Columns of what stands before the bits. */
#define LABEL_COLUMNS 19

/* Bits of an Ethernet address, and of a group at its end. */
#define MAC_BITS   48
#define GROUP_BITS 32

/* 1110, then those that are lost, then those that are copied. */
#define PREFIX_BITS 4
#define COPIED_BITS 23

/*
 * Appends the bits of `value` from number `from` (the highest is 47) to `to`,
 * each where the picture has it, in octets, with a bar before the 23.
 */
static void append_bits(struct buffer *out, uint64_t value, int from, int to)
{
	for (int bit = MAC_BITS - 1; bit >= to; bit--) {
		bool is_shown = bit <= from;
		bool octet_ends = bit % 8 == 0 && bit > to;

		if (bit == COPIED_BITS - 1)
			buffer_append_char(out, is_shown ? '|' : ' ');
		if (!is_shown)
			buffer_append_char(out, ' ');
		else
			buffer_append_char(out, value >> bit & 1 ? '1' : '0');
		if (octet_ends)
			buffer_append_char(out, ' ');
	}
	buffer_append_char(out, '\n');
}

static void append_part(
	struct buffer *out, const char *label, uint32_t group, int from, int to)
{
	buffer_append_format(out, "%-*s", LABEL_COLUMNS, label);
	append_bits(out, group, from, to);
}

void mac_picture_append(struct buffer *out, uint32_t group)
{
	uint64_t mac = UINT64_C(0x01005e000000) | (group & 0x7fffff);
	char label[LABEL_COLUMNS + 1];

	snprintf(label, sizeof(label),
		"%" PRIu32 ".%" PRIu32 ".%" PRIu32 ".%" PRIu32, group >> 24,
		group >> 16 & 0xff, group >> 8 & 0xff, group & 0xff);
	append_part(out, label, group, GROUP_BITS - 1, 0);
	append_part(out, "  a group", group, GROUP_BITS - 1,
		GROUP_BITS - PREFIX_BITS);
	append_part(out, "  5 bits lost", group, GROUP_BITS - PREFIX_BITS - 1,
		COPIED_BITS);
	append_part(out, "  23 bits copied", group, COPIED_BITS - 1, 0);
	snprintf(label, sizeof(label), "01:00:5e:%02x:%02x:%02x",
		(unsigned)(mac >> 16 & 0xff), (unsigned)(mac >> 8 & 0xff),
		(unsigned)(mac & 0xff));
	buffer_append_format(out, "%-*s", LABEL_COLUMNS, label);
	append_bits(out, mac, MAC_BITS - 1, 0);
}
