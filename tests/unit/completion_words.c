/* SPDX-License-Identifier: ISC */
#include "mchat/chat/completion_words.h"

#include <string.h>

#include "ether.h"
#include "tap.h"
#include "mchat/chat/commands.h"
#include "mchat/protocol/engine.h"

enum { ANN, BOB, CEM, DEE };

static bool has(const struct completion_words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (words->list[i].size == strlen(word) &&
			memcmp(words->list[i].text, word, strlen(word)) == 0)
			return true;
	return false;
}

static void test_commands(void)
{
	struct completion_words words;
	size_t count = 0;

	completion_words_commands(&words);
	while (commands_name(count)) {
		tap_ok(has(&words, commands_name(count)), "/%s is there",
			commands_name(count));
		count++;
	}
	tap_is_int((intmax_t)words.count, (intmax_t)count, "no more are");
	completion_words_fini(&words);
}

static void test_alone(void)
{
	struct completion_words words;
	struct ether ether;

	ether_init(&ether);
	ether_meet(&ether, 1);
	completion_words_nicks(&words, ether.engines[ANN]);
	tap_is_int((intmax_t)words.count, 0, "who is alone has no words");
	completion_words_fini(&words);
	ether_fini(&ether);
}

/* Two go by one nick, and one by ours. */
static void test_namesakes(void)
{
	static const char *const nicks[] = {"ann", "k\033im", "k\033im", "lee"};
	struct completion_words words;
	struct ether ether;

	ether_init(&ether);
	for (size_t i = ANN; i <= DEE; i++) {
		struct engine_config config = ether_config(i);

		config.nick = nicks[i];
		ether_join(&ether, &config, i);
	}
	ether_run(&ether, duration_ms(600));
	completion_words_nicks(&words, ether.engines[ANN]);
	tap_is_int((intmax_t)words.count, 3, "a word for each of the others");
	tap_ok(has(&words, "k\033im#0002") && has(&words, "k\033im#0003"),
		"namesakes carry a part of their id, behind the nick as it is");
	tap_ok(has(&words, "lee"), "who is alone with a nick has that alone");
	completion_words_fini(&words);
	engine_set_nick(ether.engines[ANN], "lee");
	completion_words_nicks(&words, ether.engines[ANN]);
	tap_ok(has(&words, "lee#0004"), "our own nick needs it, too");
	completion_words_fini(&words);
	ether_fini(&ether);
}

int main(void)
{
	test_commands();
	test_alone();
	test_namesakes();
	return tap_done();
}
