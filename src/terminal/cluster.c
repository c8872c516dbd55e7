/* SPDX-License-Identifier: ISC */
/*
 * The rules of UAX #29, section 3.1.1, except GB9b (Prepend), whose clusters no
 * terminal draws as one glyph.  Most rules look at two neighbours only; GB11
 * and GB12 look further back, so a search for a boundary starts from one that
 * is certain.
 */

#include "mchat/terminal/cluster.h"

#include <stdint.h>

#include "mchat/base/buffer.h"
#include "mchat/base/utf8.h"
#include "mchat/base/width.h"

#define REPLACEMENT "\xef\xbf\xbd"

enum class {
	CLASS_OTHER,
	CLASS_HIDDEN,    /* a control, or invalid */
	CLASS_EXTEND,    /* Extend and SpacingMark */
	CLASS_JOINER,    /* ZWJ */
	CLASS_PICTURE,   /* Extended_Pictographic */
	CLASS_INDICATOR, /* Regional_Indicator */
	CLASS_LEADING,   /* Hangul L */
	CLASS_VOWEL,     /* Hangul V and LV */
	CLASS_TRAILING,  /* Hangul T and LVT */
};

/* In ascending order.  For the pictographs, whole blocks: the class matters
 * only next to a ZWJ, where nothing else of these blocks occurs. */
static const struct {
	uint32_t first;
	uint32_t last;
	enum class class;
} classes[] = {
	{0x00a9, 0x00a9, CLASS_PICTURE},
	{0x00ae, 0x00ae, CLASS_PICTURE},
	{0x1100, 0x115f, CLASS_LEADING},
	{0x1160, 0x11a7, CLASS_VOWEL},
	{0x11a8, 0x11ff, CLASS_TRAILING},
	{0x200d, 0x200d, CLASS_JOINER},
	{0x203c, 0x203c, CLASS_PICTURE},
	{0x2049, 0x2049, CLASS_PICTURE},
	{0x2122, 0x2122, CLASS_PICTURE},
	{0x2139, 0x2139, CLASS_PICTURE},
	{0x2190, 0x23ff, CLASS_PICTURE},
	{0x24c2, 0x24c2, CLASS_PICTURE},
	{0x25a0, 0x27bf, CLASS_PICTURE},
	{0x2900, 0x297f, CLASS_PICTURE},
	{0x2b00, 0x2bff, CLASS_PICTURE},
	{0xa960, 0xa97c, CLASS_LEADING},
	{0xd7b0, 0xd7c6, CLASS_VOWEL},
	{0xd7cb, 0xd7fb, CLASS_TRAILING},
	{0x1f000, 0x1f1e5, CLASS_PICTURE},
	{0x1f1e6, 0x1f1ff, CLASS_INDICATOR},
	{0x1f200, 0x1f3fa, CLASS_PICTURE},
	{0x1f3fb, 0x1f3ff, CLASS_EXTEND}, /* skin tones */
	{0x1f400, 0x1faff, CLASS_PICTURE},
};

static bool is_variation_selector(uint32_t code_point)
{
	return code_point == 0xfe0e || code_point == 0xfe0f;
}

static enum class class_of(uint32_t code_point) {
	if (code_point >= 0x20 && code_point < 0x7f) return CLASS_OTHER;
	/* Precomposed syllables come in groups of 28, one for each pair of L
	 * and V: the first has no T. */
	if (code_point >= 0xac00 && code_point <= 0xd7a3) return (
		code_point - 0xac00) %
				28 ==
			0
		? CLASS_VOWEL
		: CLASS_TRAILING;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]);
		i++) if (code_point >= classes[i].first &&
			 code_point <= classes[i].last) return classes[i]
		.class;
	switch (width_kind(code_point)){
		case WIDTH_HIDDEN : return CLASS_HIDDEN;
		case WIDTH_ZERO : case WIDTH_SPACING : return CLASS_EXTEND;
		case WIDTH_NARROW : case WIDTH_WIDE : break;
	}
return CLASS_OTHER;
}

/* Whether it is a precomposed syllable (LV or LVT), which begins with a leading
 * consonant, and not a lone V or T of the same class. */
static bool is_syllable(uint32_t code_point)
{
	return code_point >= 0xac00 && code_point <= 0xd7a3;
}

/* Whether two neighbours belong to one cluster, where is_unsure is false. */
static bool joins(uint32_t before, uint32_t after)
{
	enum class a = class_of(before);
	enum class b = class_of(after);

	if (a == CLASS_HIDDEN || b == CLASS_HIDDEN)
		return false; /* GB4, GB5 */
	if (b == CLASS_EXTEND || b == CLASS_JOINER)
		return true;    /* GB9, GB9a */
	if (a == CLASS_LEADING) /* GB6 */
		return b == CLASS_LEADING || b == CLASS_VOWEL ||
		       is_syllable(after);
	if (a == CLASS_VOWEL) /* GB7 */
		return (b == CLASS_VOWEL || b == CLASS_TRAILING) &&
		       !is_syllable(after);
	if (a == CLASS_TRAILING) /* GB8 */
		return b == CLASS_TRAILING && !is_syllable(after);
	return false;
}

/* Whether that depends on more than these two code points. */
static bool is_unsure(uint32_t before, uint32_t after)
{
	enum class b = class_of(after);

	return (b == CLASS_PICTURE && class_of(before) == CLASS_JOINER) ||
	       (b == CLASS_INDICATOR && class_of(before) == CLASS_INDICATOR);
}

/* A walk through one cluster. */
struct walk {
	uint32_t first;
	uint32_t last;
	size_t size;
	size_t count;        /* code points */
	unsigned sum;        /* of their columns */
	bool is_picture;     /* GB11: so far a pictograph with marks */
	bool has_variation;  /* a variation selector */
	bool has_joiner;     /* a ZWJ */
	unsigned indicators; /* GB12 */
};

/* Adds a code point of `size` bytes; false when it starts the next cluster. */
static bool walk_on(struct walk *walk, uint32_t code_point, size_t size)
{
	enum class class = class_of(code_point);

	if (walk->count == 0) {
		walk->first = code_point;
		walk->is_picture = class == CLASS_PICTURE;
	} else if (is_unsure(walk->last, code_point)) {
		if (class == CLASS_PICTURE ? !walk->is_picture
					   : walk->indicators % 2 == 0)
			return false;
	} else if (!joins(walk->last, code_point)) {
		return false;
	}
	/* GB11 allows Extend in between, but not SpacingMark. */
	if (walk->count > 0 && width_kind(code_point) == WIDTH_SPACING)
		walk->is_picture = false;
	walk->has_variation |= is_variation_selector(code_point);
	walk->has_joiner |= class == CLASS_JOINER;
	walk->indicators += class == CLASS_INDICATOR;
	walk->last = code_point;
	walk->size += size;
	walk->sum += width_of(code_point);
	walk->count++;
	return true;
}

static struct walk walk_cluster(const char *text, size_t size)
{
	struct walk walk = {0};

	while (walk.size < size) {
		uint32_t code_point;
		size_t length = utf8_decode(
			text + walk.size, size - walk.size, &code_point);

		if (!walk_on(&walk, code_point, length))
			break;
	}
	return walk;
}

/* Whether a terminal would draw it onto the character before it. */
static bool is_mark(uint32_t code_point)
{
	enum class class = class_of(code_point);

	return class == CLASS_EXTEND || class == CLASS_JOINER ||
	       width_of(code_point) == 0;
}

struct cluster cluster_at(const char *text, size_t size)
{
	struct walk walk = walk_cluster(text, size);
	struct cluster cluster = {
		.size = walk.size,
		.width = walk.sum,
		.is_contested = walk.sum != width_of(walk.first) ||
				walk.has_variation || walk.has_joiner ||
				walk.indicators > 0,
	};

	/* An emoji and a flag take two columns. */
	if ((walk.has_variation || walk.indicators > 0) && cluster.width < 2)
		cluster.width = 2;
	if (class_of(walk.first) == CLASS_HIDDEN) {
		bool is_control = walk.first < 0x20 || walk.first == 0x7f;

		cluster.look = is_control ? CLUSTER_CARET : CLUSTER_REPLACED;
		cluster.width = is_control ? 2 : 1;
	} else if (walk.size > CLUSTER_SIZE_MAX ||
		   cluster.width > CLUSTER_WIDTH_MAX) {
		cluster.look = CLUSTER_REPLACED;
		cluster.width = 1;
	} else if (is_mark(walk.first)) {
		cluster.look = CLUSTER_LONE;
		cluster.is_contested = true;
		cluster.width++;
	}
	if (cluster.look == CLUSTER_CARET || cluster.look == CLUSTER_REPLACED)
		cluster.is_contested = false;
	return cluster;
}

unsigned cluster_columns(const char *text, size_t size, unsigned limit)
{
	unsigned columns = 0;

	for (size_t at = 0; at < size && columns <= limit;) {
		struct cluster cluster = cluster_at(text + at, size - at);

		columns += cluster.width;
		at += cluster.size;
	}
	return columns;
}

/* The last boundary at or before `at` that its two neighbours alone prove. */
static size_t safe_start(const char *text, size_t size, size_t at)
{
	uint32_t after = UTF8_INVALID;

	while (at > 0) {
		size_t before = utf8_previous(text, at);
		uint32_t code_point;

		utf8_decode(text + before, size - before, &code_point);
		if (at < size) {
			utf8_decode(text + at, size - at, &after);
			if (!is_unsure(code_point, after) &&
				!joins(code_point, after))
				return at;
		}
		at = before;
	}
	return 0;
}

size_t cluster_before(const char *text, size_t size, size_t at)
{
	size_t start = safe_start(text, size, utf8_previous(text, at));

	for (;;) {
		size_t next =
			start + walk_cluster(text + start, size - start).size;

		if (next >= at)
			return start;
		start = next;
	}
}

size_t cluster_boundary(const char *text, size_t size, size_t at)
{
	size_t start;

	/* Both ends are boundaries: typing at the end costs no search. */
	if (at == 0 || at == size)
		return at;
	start = safe_start(text, size, utf8_previous(text, at));
	while (start < at)
		start += walk_cluster(text + start, size - start).size;
	return start;
}

static void move_to(struct buffer *out, unsigned column)
{
	buffer_append_format(out, "\033[%uG", column + 1);
}

static void draw_look(
	struct buffer *out, const struct cluster *cluster, const char *text)
{
	switch (cluster->look) {
	case CLUSTER_CARET:
		buffer_append_char(out, '^');
		buffer_append_char(out, (char)(*text ^ 0x40));
		break;
	case CLUSTER_REPLACED:
		buffer_append_string(out, REPLACEMENT);
		break;
	case CLUSTER_LONE:
		buffer_append_char(out, ' ');
		buffer_append(out, text, cluster->size);
		break;
	case CLUSTER_PLAIN:
		buffer_append(out, text, cluster->size);
		break;
	}
}

void cluster_draw(struct buffer *out, const struct cluster *cluster,
	const char *text, unsigned column)
{
	if (!cluster->is_contested) {
		draw_look(out, cluster, text);
		return;
	}
	/* A terminal that draws it narrower must leave these columns blank. */
	for (unsigned i = 0; i < cluster->width; i++)
		buffer_append_char(out, ' ');
	move_to(out, column);
	draw_look(out, cluster, text);
	move_to(out, column + cluster->width);
}
