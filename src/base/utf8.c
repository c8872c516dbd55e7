/* SPDX-License-Identifier: ISC */
/* UTF-8 by Table 3-7 of the Unicode standard, "Well-Formed Byte Sequences". */
#include "mchat/base/utf8.h"

/* A row of Table 3-7: what may follow a lead byte. */
struct sequence {
	unsigned length;    /* in all; 0 when the byte begins no character */
	unsigned char low;  /* the range of the second byte; */
	unsigned char high; /* later bytes are always 80..BF */
};

static struct sequence sequence_of(unsigned char lead)
{
	struct sequence sequence = {0, 0x80, 0xbf};

	if (lead < 0x80)
		sequence.length = 1;
	else if (lead >= 0xc2 && lead <= 0xdf)
		sequence.length = 2;
	else if (lead >= 0xe0 && lead <= 0xef)
		sequence.length = 3;
	else if (lead >= 0xf0 && lead <= 0xf4)
		sequence.length = 4;
	/* Excludes overlong forms, surrogates, and beyond U+10FFFF. */
	if (lead == 0xe0)
		sequence.low = 0xa0;
	else if (lead == 0xed)
		sequence.high = 0x9f;
	else if (lead == 0xf0)
		sequence.low = 0x90;
	else if (lead == 0xf4)
		sequence.high = 0x8f;
	return sequence;
}

size_t utf8_decode(const char *text, size_t size, uint32_t *out)
{
	/* The payload bits of a lead byte, by length of its sequence. */
	static const unsigned char payload[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	unsigned char lead = (unsigned char)text[0];
	struct sequence sequence = sequence_of(lead);
	uint32_t code_point = lead & payload[sequence.length];
	size_t i;

	*out = UTF8_INVALID;
	if (sequence.length == 0)
		return 1;
	for (i = 1; i < sequence.length; i++) {
		unsigned char byte;

		if (i == size)
			return i;
		byte = (unsigned char)text[i];
		if (byte < sequence.low || byte > sequence.high)
			return i;
		code_point = code_point << 6 | (byte & 0x3f);
		sequence.low = 0x80;
		sequence.high = 0xbf;
	}
	*out = code_point;
	return sequence.length;
}

size_t utf8_previous(const char *text, size_t at)
{
	/* A lead byte continues nothing, so the last one within reach decides
	 * whether the byte before `at` belongs to it or is a stray. */
	for (size_t back = 1; back <= 4 && back <= at; back++) {
		uint32_t code_point;

		if (((unsigned char)text[at - back] & 0xc0) == 0x80)
			continue;
		if (utf8_decode(text + at - back, back, &code_point) == back)
			return at - back;
		break;
	}
	return at - 1;
}

bool utf8_is_valid(const char *text, size_t size)
{
	size_t i = 0;

	while (i < size) {
		uint32_t code_point;

		if ((unsigned char)text[i] < 0x80) {
			i++;
			continue;
		}
		i += utf8_decode(text + i, size - i, &code_point);
		if (code_point == UTF8_INVALID)
			return false;
	}
	return true;
}

size_t utf8_prefix(const char *text, size_t size, size_t limit)
{
	size_t back;

	if (size <= limit)
		return size;
	/* A lead byte is part of no other character, so the last one before
	 * the limit decides, and it is at most three bytes back. */
	for (back = 1; back <= 3 && back <= limit; back++) {
		size_t at = limit - back;
		uint32_t code_point;
		size_t length;

		if (((unsigned char)text[at] & 0xc0) == 0x80)
			continue;
		length = utf8_decode(text + at, size - at, &code_point);
		if (code_point != UTF8_INVALID && length > back)
			return at;
		break;
	}
	return limit;
}

bool utf8_is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n';
}

bool utf8_is_plain_word(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)text[i];
		unsigned char small = byte | 0x20;

		if (!((small >= 'a' && small <= 'z') ||
			    (byte >= '0' && byte <= '9') || byte == '_' ||
			    byte == '-'))
			return false;
	}
	return size > 0;
}
