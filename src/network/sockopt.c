/* SPDX-License-Identifier: ISC */
#include "mchat/network/sockopt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mchat/network/call.h"
#include "mchat/network/sockopt_layout.h"

/* Linux knows SO_SNDLOWAT and refuses to set it (socket(7)). */
#ifdef __linux__
#define SET_ELSEWHERE READ_ONLY
#else
#define SET_ELSEWHERE READ_SET
#endif
#if !defined(TCP_KEEPIDLE) && defined(TCP_KEEPALIVE)
#define TCP_KEEPIDLE TCP_KEEPALIVE /* the same option, as macOS names it */
#endif

#define READ_ONLY true, false
#define SET_ONLY  false, true
#define READ_SET  true, true

#define ROW(option_level, option, type, sockets, access, text)                 \
	[SOCKOPT_##option] = {#option, #option_level, option_level, option,    \
		SOCKOPT_##type, SOCKOPT_ON_##sockets, access, text},

static const struct sockopt table[SOCKOPT_COUNT] = {
#include "mchat/network/sockopt.def"
};

const struct sockopt *sockopt_info(enum sockopt_id id)
{
	return &table[id];
}

bool sockopt_find(const char *name, enum sockopt_id *out)
{
	for (int i = 0; i < SOCKOPT_COUNT; i++) {
		if (strcmp(table[i].name, name) == 0) {
			*out = (enum sockopt_id)i;
			return true;
		}
	}
	return false;
}

int sockopt_get(int fd, enum sockopt_id id, struct sockopt_value *out)
{
	const struct sockopt *option = &table[id];
	struct sockopt_raw raw = {0};

	/* SO_NETNS_COOKIE takes room of no other size. */
	raw.size = option->type == SOCKOPT_WIDE ? sizeof(uint64_t)
						: sizeof(raw.bytes);

	if (getsockopt(fd, option->level, option->number, raw.bytes,
		    &raw.size) < 0)
		return -1;
	if (!sockopt_value_decode(&raw, option->level, option->type, out)) {
		errno = EINVAL;
		return -1;
	}
	return 0;
}

/* The value now, for a narrator; NULL when it cannot be read. */
static const char *current(
	int fd, enum sockopt_id id, char out[SOCKOPT_TEXT_SIZE])
{
	struct sockopt_value value;

	if (!table[id].can_get || sockopt_get(fd, id, &value) < 0)
		return NULL;
	return sockopt_value_format(&value, out);
}

/* Those of RFC 3678 that any protocol has are at the level of the group. */
static bool is_for_ipv4(const struct sockopt_value *value)
{
	return value->type == SOCKOPT_GROUP &&
	       value->membership.group.family == ADDRESS_IPV4;
}

int sockopt_set(struct call_log *log, int fd, enum sockopt_id id,
	const struct sockopt_value *value, const char *why)
{
	const struct sockopt *option = &table[id];
	int level = is_for_ipv4(value) ? IPPROTO_IP : option->level;
	struct call_record record = {.why = why};
	struct sockopt_raw raw;
	char before[SOCKOPT_TEXT_SIZE];
	char after[SOCKOPT_TEXT_SIZE];
	char asked[SOCKOPT_TEXT_SIZE];
	char text[CALL_TEXT_SIZE];

	if (log->observe)
		record.before = current(fd, id, before);
	sockopt_value_encode(value, level, &raw);
	sockopt_layout_narrow(level, option->number, &raw);
	record.result =
		setsockopt(fd, level, option->number, raw.bytes, raw.size);
	if (record.result == 0 && !log->observe)
		return 0;
	record.error = record.result < 0 ? errno : 0;
	if (log->observe)
		record.after = current(fd, id, after);
	snprintf(text, sizeof(text), "setsockopt(%d, %s, %s, %s)", fd,
		level == option->level ? option->level_name : "IPPROTO_IP",
		option->name, sockopt_value_format(value, asked));
	record.text = text;
	call_report(log, &record);
	return record.result;
}

int sockopt_set_number(struct call_log *log, int fd, enum sockopt_id id,
	int number, const char *why)
{
	struct sockopt_value value = {
		.type = table[id].type,
		.number = number,
	};

	return sockopt_set(log, fd, id, &value, why);
}
