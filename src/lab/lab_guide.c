/* SPDX-License-Identifier: ISC */
#include "mchat/lab/lab_guide.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/view/wrap.h"
#include "mchat/lab/quiz.h"

/* What is typed is a letter; the rest of a longer line is passed over. */
#define LINE_SIZE 80

static void print(const char *mark, int indent, const char *text)
{
	struct buffer out = BUFFER_EMPTY;

	wrap_append_marked(&out, mark, indent, text);
	fwrite(buffer_bytes(&out), 1, buffer_size(&out), stdout);
	fflush(stdout);
	buffer_fini(&out);
}

/* ---- stdin ---- */

/* Whether there was a line; its first bytes are in `line`. */
static bool read_line(struct lab_guide *guide, char line[LINE_SIZE])
{
	unsigned left = alarm(0);
	char more[LINE_SIZE];

	if (!guide->has_ended && !fgets(line, LINE_SIZE, stdin))
		guide->has_ended = true;
	if (!guide->has_ended && !strchr(line, '\n')) {
		while (fgets(more, sizeof(more), stdin) && !strchr(more, '\n'))
			;
	}
	alarm(left);
	return !guide->has_ended;
}

void lab_guide_step(struct lab_guide *guide)
{
	char line[LINE_SIZE];

	if (guide->is_stepwise && guide->has_step && !guide->has_ended) {
		/* What is piped in needs no word that it is waited for. */
		if (isatty(STDIN_FILENO))
			fputs("    -- Enter goes on --", stderr);
		(void)read_line(guide, line);
	}
	guide->has_step = true;
}

/* ---- questions ---- */

static void print_choice(const struct quiz_question *question, int index)
{
	char mark[] = "    a) ";

	mark[4] = (char)('a' + index);
	print(mark, sizeof(mark) - 1, question->choices[index]);
}

/* The index of the choice, or -1 when stdin has ended. */
static int read_answer(struct lab_guide *guide)
{
	char line[LINE_SIZE];

	while (read_line(guide, line)) {
		int letter = tolower((unsigned char)line[strspn(line, " \t")]);

		if (letter >= 'a' && letter < 'a' + QUIZ_CHOICES)
			return letter - 'a';
		print("    ", 4, "Please answer a, b or c.");
	}
	return -1;
}

void lab_guide_begin(struct lab_guide *guide, const char *experiment)
{
	const struct quiz_question *question = quiz_find(experiment);

	guide->question = NULL;
	if (!guide->is_quiz || !question)
		return;
	print("question:", 10, question->text);
	for (int i = 0; i < QUIZ_CHOICES; i++)
		print_choice(question, i);
	print("answer:", 8, "a, b or c?");
	guide->question = question;
	guide->answer = read_answer(guide);
	putchar('\n');
}

static void print_verdict(
	const char *verdict, const struct quiz_question *question, int index)
{
	char text[256];

	snprintf(text, sizeof(text), "%s: %c) %s", verdict, 'a' + index,
		question->choices[index]);
	print("    quiz:", 10, text);
}

void lab_guide_observed(
	struct lab_guide *guide, const char *key, const char *value)
{
	const struct quiz_question *question = guide->question;

	if (!question || strcmp(question->key, key) != 0)
		return;
	guide->question = NULL;
	if (question->value && strcmp(question->value, value) != 0) {
		print("    quiz:", 10,
			"not counted, as this is not what is usually seen");
		return;
	}
	guide->told++;
	if (guide->answer == question->right)
		guide->right++;
	print_verdict(guide->answer == question->right ? "right"
		      : guide->answer < 0              ? "not answered, it is"
						       : "wrong, it is",
		question, question->right);
}

void lab_guide_conclude(const struct lab_guide *guide)
{
	if (guide->is_quiz)
		printf("\nscore: %u of %u right\n", guide->right, guide->told);
}
