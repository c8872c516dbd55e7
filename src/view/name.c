/* SPDX-License-Identifier: ISC */
#include "mchat/view/name.h"

#include <inttypes.h>

#include "mchat/base/buffer.h"
#include "mchat/view/safe.h"

void name_append(struct buffer *out, uint64_t id, const char *nick, size_t size)
{
	if (size > 0)
		safe_append_name(out, nick, size);
	else
		buffer_append_format(out, "%016" PRIx64, id);
}
