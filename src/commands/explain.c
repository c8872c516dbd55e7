/* SPDX-License-Identifier: ISC */
#include "mchat/commands/explain.h"

#include <stdio.h>
#include <string.h>

#include "mchat/base/buffer.h"
#include "mchat/commands/textbook.h"
#include "mchat/network/call.h"
#include "mchat/network/interface.h"
#include "mchat/view/color.h"
#include "mchat/view/safe.h"
#include "mchat/view/wrap.h"

#define PREFIX "explain: "

/* Columns for the call and its result, and for the values before and after, so
 * that the reasons align.  A membership on eth0 fits, and an address in place
 * of another. */
#define CALL_COLUMNS  72
#define VALUE_COLUMNS 28

/* Behind the reason of a call that textbooks have as well. */
#define MARK " [textbook]"

/* On a narrower terminal the reason gets a row of its own; the longest reason
 * has 56 columns. */
#define ROW_COLUMNS                                                            \
	(9 + CALL_COLUMNS + 2 + VALUE_COLUMNS + 2 + 56 + (sizeof(MARK) - 1))

/* Colours of view/color.h that tell the kinds apart. */
#define SOCKET_COLOR     32  /* blue */
#define OPTION_COLOR     28  /* green */
#define MEMBERSHIP_COLOR 166 /* orange */
#define FAILURE_COLOR    162 /* red */

static void begin_color(struct buffer *line, const struct call_record *record)
{
	if (record->error)
		color_begin(line, FAILURE_COLOR, true);
	else if (strstr(record->text, "_MEMBERSHIP"))
		color_begin(line, MEMBERSHIP_COLOR, true);
	else if (strstr(record->text, "sockopt("))
		color_begin(line, OPTION_COLOR, false);
	else
		color_begin(line, SOCKET_COLOR, false);
}

/* Moves `text` into a column of the line; it is made safe, since the name of an
 * interface may hold anything. */
static void move_column(struct buffer *line, struct buffer *text, int columns)
{
	int rest = columns - (int)buffer_size(text);

	safe_append_text(line, buffer_bytes(text), buffer_size(text));
	buffer_append_format(line, "%*s  ", rest > 0 ? rest : 0, "");
	buffer_clear(text);
}

/* "was 0, is 1", or nothing. */
static void append_values(struct buffer *text, const struct call_record *record)
{
	if (record->before && record->after)
		buffer_append_format(
			text, "was %s, is %s", record->before, record->after);
}

static void append_why(struct buffer *text, const struct call_record *record)
{
	buffer_append_string(text, record->why);
	if (textbook_has_call(record->text))
		buffer_append_string(text, MARK);
}

static void append_row(struct buffer *line, const struct call_record *record)
{
	struct buffer text = BUFFER_EMPTY;

	append_values(&text, record);
	move_column(line, &text, VALUE_COLUMNS);
	append_why(line, record);
	buffer_append_char(line, '\n');
	buffer_fini(&text);
}

/* The values and the reason, in rows of their own below the call. */
static void append_rows(struct buffer *line, const struct call_record *record)
{
	struct buffer text = BUFFER_EMPTY;

	append_values(&text, record);
	if (buffer_size(&text) > 0)
		buffer_append_string(&text, ": ");
	append_why(&text, record);
	buffer_append_char(&text, '\0');
	buffer_append_char(line, '\n');
	wrap_append_marked(line, "", sizeof(PREFIX) - 1, buffer_bytes(&text));
	buffer_fini(&text);
}

/* ---- struct ip_mreq ---- */

/* The first IPv4 address of the interface of this name; 0.0.0.0 when it has
 * none, which leaves the choice to the kernel. */
static const char *address_of(const char *name, char out[ADDRESS_TEXT_SIZE])
{
	struct address address = {.family = ADDRESS_IPV4};
	const struct interface *interface;
	struct interface_list list;

	if (interface_list(ADDRESS_IPV4, &list) == 0) {
		interface = interface_find_name(&list, name);
		if (interface && interface->address.family == ADDRESS_IPV4)
			address = interface->address;
		interface_list_fini(&list);
	}
	return address_format_host(&address, out);
}

/* The same for "ff12::4d43 on eth0". */
static void append_structure_ipv6(
	struct buffer *line, const struct call_record *record)
{
	const char *value = strstr(record->text, "IPV6_JOIN_GROUP, ");
	char group[ADDRESS_TEXT_SIZE];
	char name[INTERFACE_NAME_SIZE] = "";

	value = value ? strchr(value, ' ') : NULL;
	if (!value ||
		sscanf(value, " %63[0-9a-f:.] on %15[^)]", group, name) < 2)
		return;
	buffer_append_format(line,
		PREFIX "    struct ipv6_mreq mreq = {.ipv6mr_multiaddr = %s, "
		       ".ipv6mr_interface = if_nametoindex(\"%s\")};\n",
		group, name);
}

/*
 * For a group that is joined, "239.1.2.3 on eth0" at the end of the call, the
 * structure that a textbook fills for it, and for leaving again.
 */
static void append_structure(
	struct buffer *line, const struct call_record *record)
{
	const char *value = strstr(record->text, "_ADD_MEMBERSHIP, ");
	char host[ADDRESS_TEXT_SIZE];
	char group[ADDRESS_TEXT_SIZE];
	char name[INTERFACE_NAME_SIZE] = "";

	value = value ? strchr(value, ' ') : NULL;
	if (!value || sscanf(value, " %15[0-9.] on %15[^)]", group, name) < 1)
		return;
	buffer_append_format(line,
		PREFIX "    struct ip_mreq mreq = {.imr_multiaddr = %s, "
		       ".imr_interface = %s};\n",
		group, address_of(name, host));
}

void explain_print(void *context, const struct call_record *record)
{
	const struct explain *explain = context;
	bool is_wide = explain->columns > 0 && explain->columns < ROW_COLUMNS;
	struct buffer text = BUFFER_EMPTY;
	struct buffer line = BUFFER_EMPTY;

	buffer_append_string(&line, PREFIX);
	if (explain->has_color)
		begin_color(&line, record);
	if (record->error)
		buffer_append_format(&text, "%s = -1 %s", record->text,
			strerror(record->error));
	else
		buffer_append_format(
			&text, "%s = %d", record->text, record->result);
	if (is_wide)
		safe_append_text(
			&line, buffer_bytes(&text), buffer_size(&text));
	else
		move_column(&line, &text, CALL_COLUMNS);
	if (explain->has_color)
		color_end(&line);
	if (is_wide)
		append_rows(&line, record);
	else
		append_row(&line, record);
	append_structure(&line, record);
	append_structure_ipv6(&line, record);
	fwrite(buffer_bytes(&line), 1, buffer_size(&line), stderr);
	buffer_fini(&line);
	buffer_fini(&text);
}

void explain_print_key(const char *name, unsigned bits, bool gives_address)
{
	struct buffer line = BUFFER_EMPTY;

	buffer_append_string(&line, PREFIX "key ");
	if (strcmp(name, "ask") == 0)
		buffer_append_string(&line, "as typed");
	else
		safe_append_text(&line, name, strlen(name));
	buffer_append_format(&line, ": %u bits; the group's address %s\n", bits,
		gives_address ? "comes from it" : "was given");
	fwrite(buffer_bytes(&line), 1, buffer_size(&line), stderr);
	buffer_fini(&line);
}
