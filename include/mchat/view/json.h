/* SPDX-License-Identifier: ISC */
/*
 * A streaming writer of one JSON object (RFC 8259) into a buffer.  Its output
 * is one line of valid UTF-8 whatever the input, and safe on a terminal: what
 * view/safe.h calls unsafe is written as \u escapes.
 */
#ifndef MCHAT_VIEW_JSON_H
#define MCHAT_VIEW_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mchat/base/time.h"

struct buffer;

struct json {
	struct buffer *out; /* borrowed */
	bool has_member;    /* the next one needs a comma before it */
};

/* Begins an object. */
void json_begin(struct json *json, struct buffer *out);

/* Ends it, with a newline. */
void json_end(struct json *json);

/* Append a member.  Keys are ours: ASCII that needs no escape. */
void json_string(struct json *json, const char *key, const char *value);
void json_number(struct json *json, const char *key, int64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

/* A string of 16 hexadecimal digits. */
void json_id(struct json *json, const char *key, uint64_t value);

/* "2026-11-22T10:44:10.123Z" (RFC 3339, UTC, milliseconds). */
void json_time(struct json *json, const char *key, struct wall_time value);

/* A nick or another name, not terminated.  Ill-formed UTF-8 becomes U+FFFD. */
void json_name(
	struct json *json, const char *key, const char *bytes, size_t size);

/*
 * The text of an event, at most once in an object.  Ill-formed UTF-8 becomes
 * U+FFFD, and then a second member "base64" (RFC 4648, 4) holds every byte.
 */
void json_text(
	struct json *json, const char *key, const char *bytes, size_t size);

#endif
