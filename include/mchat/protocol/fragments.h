/* SPDX-License-Identifier: ISC */
/*
 * Parts of packets that came in, until the whole of each is there: a bounded
 * table, for anybody can send parts.
 */
#ifndef MCHAT_PROTOCOL_FRAGMENTS_H
#define MCHAT_PROTOCOL_FRAGMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"
#include "mchat/protocol/engine_types.h"
#include "mchat/protocol/wire.h"

struct engine;
struct fragments;

void fragments_fini(struct fragments *fragments);

/* Bytes that it holds. */
size_t fragments_memory(const struct fragments *fragments);

/*
 * FRAGMENT came in.  The packet that it completes is judged as a repair that
 * came whole; it must be what its fragments said.
 */
enum engine_disposition fragments_receive(struct engine *e,
	const struct wire_header *header, const struct wire_fragment *fragment,
	struct instant now);

#endif
