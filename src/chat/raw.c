/* SPDX-License-Identifier: ISC */
#include "mchat/chat/raw.h"

#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/base/lines.h"
#include "mchat/network/send_batch.h"
#include "mchat/trace/trace.h"

static size_t without_line_end(const char *bytes, size_t size)
{
	if (size > 0 && bytes[size - 1] == '\0')
		size--;
	if (size > 0 && bytes[size - 1] == '\n')
		size--;
	return size;
}

void raw_event(const struct datagram *datagram, const char *interface,
	struct wall_time time, struct event *out)
{
	*out = (struct event){
		.kind = EVENT_PLAIN,
		.time = time,
		.plain =
			{
				.from = datagram->from,
				.interface = interface,
				.hop_limit = datagram->hop_limit,
				.text = datagram->bytes,
				.size = without_line_end(
					datagram->bytes, datagram->size),
			},
	};
}

void raw_add(struct send_batch *batch, const struct line *line,
	const struct trace *trace, struct instant now)
{
	size_t size = line->size + strlen(RAW_LINE_END);

	if (trace)
		trace_sent(trace, NULL, line->text, size, size, now);
	send_batch_add(batch, line->text, line->size, RAW_LINE_END);
}

void raw_append_advice(struct buffer *out, const struct address *from,
	const struct address *group)
{
	char host[ADDRESS_TEXT_SIZE];
	char where[ADDRESS_TEXT_SIZE];

	buffer_append_format(out,
		"%s sends plain datagrams, as a textbook's program does: you "
		"read it, but it cannot read what this chat sends, and may "
		"print it as garbage; to talk with it, run mchat --raw %s",
		address_format_host(from, host), address_format(group, where));
}
