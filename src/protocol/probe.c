/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/probe.h"

#include <string.h>

#include "mchat/base/cursor.h"
#include "mchat/protocol/wire.h"

/* Of packets; those of wire.h are the engine's. */
#define TYPE_PROBE 4

size_t probe_encode(const struct probe *probe, uint8_t out[PROBE_SIZE])
{
	const struct wire_header header = {
		.type = (enum wire_type)TYPE_PROBE,
		.member = probe->member,
	};
	struct writer writer;

	memset(out, 0, PROBE_SIZE);
	writer_init(&writer, out, PROBE_SIZE);
	wire_header_encode(&writer, &header);
	writer_u8(&writer, probe->way);
	writer_u8(&writer, probe->hop_limit);
	writer_u16(&writer, probe->number);
	writer_u32(&writer, probe->interface);
	return writer.failed ? 0 : PROBE_SIZE;
}
