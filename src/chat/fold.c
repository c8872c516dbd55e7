/* SPDX-License-Identifier: ISC */
#include "mchat/chat/fold.h"

#include "mchat/base/buffer.h"
#include "mchat/base/utf8.h"
#include "mchat/protocol/event.h"
#include "mchat/view/event_payload.h"
#include "mchat/view/view.h"

/* So far back a cut looks for the end of a word. */
#define WORD_MAX 64

#define ELLIPSIS "\xe2\x80\xa6" /* U+2026 */

void fold_init(struct fold *fold)
{
	*fold = (struct fold){
		.whole = {.size_max = FOLD_KEPT_SIZE, .end = '\n'},
	};
}

void fold_fini(struct fold *fold)
{
	kept_lines_fini(&fold->whole);
}

/* How much of a long text is shown: no half characters, and if possible no half
 * words. */
static size_t shown_size(const struct event_payload *words)
{
	size_t size = utf8_prefix(words->bytes, words->size, FOLD_SHOWN);

	for (size_t back = 0; back < WORD_MAX; back++)
		if (words->bytes[size - back - 1] == ' ')
			return size - back - 1;
	return size;
}

static struct event cut(const struct event *event, size_t size)
{
	struct event beginning = *event;

	if (event->kind == EVENT_PLAIN)
		beginning.plain.size = size;
	else
		beginning.message.size = size;
	return beginning;
}

static void keep_whole(
	struct fold *fold, struct view *view, const struct event *event)
{
	struct buffer line = BUFFER_EMPTY;

	view_event(view, event, &line);
	if (!line.failed)
		kept_lines_add(
			&fold->whole, buffer_bytes(&line), buffer_size(&line));
	buffer_fini(&line);
}

/* Shows the beginning, and keeps the whole. */
static void show_beginning(struct fold *fold, struct view *view,
	const struct event *event, const struct event_payload *words,
	struct buffer *out)
{
	size_t size = shown_size(words);
	struct event beginning = cut(event, size);
	struct buffer line = BUFFER_EMPTY;

	/* The date goes before the beginning, and so not into what is kept. */
	view_event(view, &beginning, &line);
	if (buffer_size(&line) > 0)
		buffer_append(out, buffer_bytes(&line), buffer_size(&line) - 1);
	buffer_append_format(out, " " ELLIPSIS " %zu KiB more, /show\n",
		(words->size - size + 512) / 1024);
	buffer_fini(&line);
	keep_whole(fold, view, event);
}

void fold_event(struct fold *fold, struct view *view, const struct event *event,
	struct buffer *out)
{
	struct event_payload words = {NULL, 0};

	if (fold->is_on && event_payload_exists(event))
		words = event_payload_of(event);
	if (words.size > FOLD_MIN)
		show_beginning(fold, view, event, &words, out);
	else
		view_event(view, event, out);
}

size_t fold_show(const struct fold *fold, size_t count, struct buffer *out)
{
	return kept_lines_append(&fold->whole, count, out);
}
