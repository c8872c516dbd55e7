/* SPDX-License-Identifier: ISC */
/* Makes our STATE: which reports it holds, and for what reason it is sent. */
#ifndef MCHAT_PROTOCOL_STATE_SEND_H
#define MCHAT_PROTOCOL_STATE_SEND_H

#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct engine;
struct engine_reason;

/* Writes our STATE and gives its size, and why it is sent; 0 when it does not
 * fit. */
size_t state_send_make(struct engine *e, uint8_t *out,
	struct engine_reason *why, struct instant now);

#endif
