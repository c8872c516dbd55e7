/* SPDX-License-Identifier: ISC */
#include "mchat/chat/display.h"

#include <stdio.h>

#include "mchat/base/buffer.h"
#include "mchat/chat/output.h"
#include "mchat/protocol/event.h"

static bool is_message(const struct event *event)
{
	return event->kind == EVENT_MESSAGE || event->kind == EVENT_ACTION ||
	       event->kind == EVENT_PLAIN;
}

void display_event(struct display *display, const struct event *event)
{
	struct buffer line = BUFFER_EMPTY;

	display->shown += is_message(event);
	if (view_stream(&display->view, event) == VIEW_STDOUT) {
		if (!display->is_off)
			view_event(
				&display->view, event, &display->output->queue);
		return;
	}
	if (display->verbosity == NOTICE_QUIET && event->kind != EVENT_STATS)
		return;
	view_event(&display->view, event, &line);
	fwrite(buffer_bytes(&line), 1, buffer_size(&line), stderr);
	buffer_fini(&line);
}

bool display_has_all(const struct display *display)
{
	return display->limit > 0 && display->shown >= display->limit;
}
