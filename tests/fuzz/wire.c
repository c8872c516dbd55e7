/* SPDX-License-Identifier: ISC */
/*
 * libFuzzer target: whatever decodes must come back the same when it is encoded
 * again; all else must fail without a read outside the packet.
 */
#include <stdint.h>
#include <stdlib.h>

#include "packets.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	bool same;

	packet_round_trip(bytes, size, &same);
	if (!same)
		abort();
	return 0;
}
