/* SPDX-License-Identifier: ISC */
#include "mchat/trace/packet_view.h"

#include "mchat/base/cursor.h"
#include "mchat/seal/header.h"

void packet_view_init(struct packet_view *view, const void *packet, size_t size)
{
	struct seal_header sealed;
	enum wire_result result;
	struct reader reader;

	*view = (struct packet_view){0};
	reader_init(&reader, packet, size);
	result = wire_header_decode(&reader, &view->header);
	view->is_ours = result != WIRE_NOT_OURS;
	view->has_header = result == WIRE_OK;
	if (!view->has_header) {
		view->is_sealed = seal_header_read(packet, size, &sealed) ==
				  SEAL_HEADER_OK;
		return;
	}
	result = wire_body_decode(&reader, view->header.type, &view->body);
	view->has_body = result == WIRE_OK;
}

bool packet_view_is_data(const struct packet_view *view)
{
	return view->has_body && view->header.type == WIRE_DATA;
}

bool packet_view_is_state(const struct packet_view *view)
{
	return view->has_body && view->header.type == WIRE_STATE;
}

bool packet_view_is_fragment(const struct packet_view *view)
{
	return view->has_body && view->header.type == WIRE_FRAGMENT;
}

bool packet_view_is_code(const struct packet_view *view)
{
	return view->has_body && view->header.type == WIRE_CODE;
}

uint64_t packet_view_lacks(const struct wire_state *state, unsigned number,
	const struct wire_report *report)
{
	const struct wire_lacks *lacks = wire_state_lacks(state, number);
	uint64_t count = 0;

	for (unsigned i = 0; i < report->gap_count; i++)
		count += report->gaps[i].count;
	for (unsigned i = 0; lacks && i < lacks->count; i++)
		count += wire_lack_at(lacks, i).packets;
	return count;
}

bool packet_view_asks(const struct packet_view *view)
{
	const struct wire_state *state = &view->body.state;
	struct wire_report report;
	struct reader reader;

	if (!packet_view_is_state(view))
		return false;
	reader_init(&reader, state->reports, state->reports_size);
	for (unsigned i = 0; wire_report_next(&reader, &report); i++) {
		if (packet_view_lacks(state, i, &report) > 0)
			return true;
	}
	return false;
}
