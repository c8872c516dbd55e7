/* SPDX-License-Identifier: ISC */
#include "mchat/chat/notify.h"

#include <stddef.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/protocol/event.h"
#include "mchat/terminal/notification.h"
#include "mchat/view/mention.h"
#include "mchat/view/text.h"

bool notify_how_find(const char *name, enum notify_how *out)
{
	static const char *const names[] = {
		[NOTIFY_BELL] = "bell",
		[NOTIFY_OSC] = "osc",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i] && strcmp(name, names[i]) == 0) {
			*out = (enum notify_how)i;
			return true;
		}
	}
	return false;
}

/* Who says what, as in a pipe, without the newline. */
static void append_notification(const struct event *event, struct buffer *out)
{
	struct buffer line = BUFFER_EMPTY;

	text_append(&(struct text_style){.time = TEXT_NO_TIME}, event, &line);
	if (!line.failed)
		notification_append(
			out, buffer_bytes(&line), buffer_size(&line) - 1);
	buffer_fini(&line);
}

void notify_of(struct notify *notify, const struct event *event,
	const char *nick, struct instant now, struct buffer *out)
{
	if (notify->how == NOTIFY_OFF || !*nick ||
		instant_before(now, notify->next) ||
		!mention_is_in(event, nick, strlen(nick)))
		return;
	notify->next = instant_after(now, duration_ms(NOTIFY_PAUSE_MS));
	if (notify->how == NOTIFY_OSC)
		append_notification(event, out);
	else
		buffer_append_char(out, '\a');
}
