/* SPDX-License-Identifier: ISC */
#include "liar.h"

#include <string.h>

#include "parcel.h"
#include "mchat/base/cursor.h"
#include "mchat/protocol/wire.h"

/* Packets that it has and says to lack. */
#define LESS 200

static void report_less(struct wire_report *report)
{
	uint64_t less = report->next > LESS ? LESS : report->next - 1;

	if (report->next == 0 || less == 0)
		return;
	report->next -= less;
	report->received -= (uint32_t)less;
	report->gap_count = 1;
	report->gaps[0] = (struct wire_gap){report->next, less};
}

static void report_all(struct wire_report *report)
{
	for (unsigned i = 0; i < report->gap_count; i++)
		report->received += (uint32_t)report->gaps[i].count;
	report->next = report->known + 1;
	report->gap_count = 0;
}

void liar_change(enum act_kind lie, struct parcel *parcel)
{
	uint8_t bytes[WIRE_PACKET_MAX];
	struct reader reader;
	struct writer writer;
	struct wire_header header;
	struct wire_state state;
	struct wire_report report;
	uint8_t *count;

	reader_init(&reader, parcel->bytes, parcel->size);
	if (wire_header_decode(&reader, &header) != WIRE_OK ||
		header.type != WIRE_STATE ||
		wire_state_decode(&reader, &state) != WIRE_OK)
		return;
	writer_init(&writer, bytes, sizeof(bytes));
	wire_header_encode(&writer, &header);
	count = wire_state_encode(&writer, &state);
	reader_init(&reader, state.reports, state.reports_size);
	while (wire_report_next(&reader, &report)) {
		if (lie == ACT_LIE_LESS)
			report_less(&report);
		else
			report_all(&report);
		if (!wire_report_encode(&writer, count, &report))
			return;
	}
	parcel->size = writer_size(&writer);
	memcpy(parcel->bytes, bytes, parcel->size);
}
