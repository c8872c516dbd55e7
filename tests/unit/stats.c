/* SPDX-License-Identifier: ISC */
#include "mchat/chat/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "ether.h"
#include "tap.h"
#include "mchat/chat/display.h"
#include "mchat/chat/input.h"
#include "mchat/chat/receive_path.h"
#include "mchat/chat/send_path.h"
#include "mchat/chat/session.h"
#include "mchat/io/output_queue.h"
#include "mchat/io/transcript.h"
#include "mchat/seal/seal.h"

/* What the numbers come from. */
struct fixture {
	struct display display;
	struct session session;
	struct input input;
	struct receive_path receive_path;
	struct send_path send_path;
};

static void fixture_init(struct fixture *f, enum view_format format)
{
	static const char *const messages[] = {"not sent yet"};
	struct input_config input = {
		.messages = messages, .message_count = 1, .limit = 64};

	*f = (struct fixture){0};
	display_init(&f->display, -1);
	f->display.view.format = format;
	f->display.transcript.fd = -1;
	f->display.verbosity = VERBOSITY_QUIET;
	input_init(&f->input, &input);
	if (!send_path_init(&f->send_path, true))
		abort();
	f->display.shown = 5;
	f->send_path.sent = 7;
}

static void fixture_fini(struct fixture *f)
{
	send_path_fini(&f->send_path);
	input_fini(&f->input);
	display_fini(&f->display);
}

static void show(struct fixture *f)
{
	stats_show(&f->display, f->session.driver, &f->input, &f->send_path,
		&f->receive_path);
}

static void said_is(struct fixture *f, const char *expected, const char *what)
{
	struct capture capture;

	capture_begin(&capture);
	show(f);
	tap_is_string(capture_end(&capture), expected, what);
}

static void test_raw(void)
{
	struct fixture f;

	fixture_init(&f, VIEW_TEXT);
	said_is(&f, "mchat: sent 7, not sent 1, received 5, lost 0\n",
		"raw: few numbers, which --quiet does not hide");
	f.receive_path.lost = 3;
	f.send_path.unsent = 2;
	f.receive_path.faults.rates = (struct fault_rates){1, 1, 1};
	f.receive_path.faults.dropped = 10;
	f.receive_path.faults.duplicated = 11;
	f.receive_path.faults.reordered = 12;
	said_is(&f,
		"mchat: sent 7, not sent 3, received 5, lost 3, "
		"dropped on purpose 10, duplicated on purpose 11, "
		"reordered on purpose 12\n",
		"losses, unsent lines and injected faults are counted apart");
	fixture_fini(&f);
}

static void test_json(void)
{
	static const char start[] = "{\"event\":\"stats\"";
	struct fixture f;
	const char *line;

	fixture_init(&f, VIEW_JSON);
	f.receive_path.faults.rates.drop = 1;
	said_is(&f, "", "json: nothing is on stderr");
	buffer_append_char(&f.display.output.queue, '\0');
	line = buffer_bytes(&f.display.output.queue);
	tap_ok(strncmp(line, start, strlen(start)) == 0,
		"json: an event is on stdout");
	tap_ok(strstr(line,
		       ",\"sent\":7,\"not_sent\":1,\"received\":5,\"lost\":0,"
		       "\"dropped_on_purpose\":0") != NULL,
		"json: names have underscores: %s", line);
	fixture_fini(&f);
}

/* The engine's numbers, of a session whose engine is on the wire. */
static void test_engine(void)
{
	enum { ANN, BOB };
	struct capture capture;
	struct ether ether;
	struct fixture f;
	const char *said;

	ether_init(&ether);
	ether_meet(&ether, 2);
	/* Bob lacks ann's message until it is repaired. */
	ether_say(&ether, ANN, "one");
	ether_cut(&ether, ANN, BOB, true);
	ether_run(&ether, duration_ms(0));
	ether_cut(&ether, ANN, BOB, false);
	ether_say(&ether, BOB, "two");
	ether_run(&ether, duration_ms(500));

	fixture_init(&f, VIEW_TEXT);
	f.session.driver = &f.session.own_driver;
	f.session.driver->engine = ether.engines[ANN];
	f.session.driver->sealer = &f.session.sealer;
	f.session.driver->said = 1;
	f.receive_path.lost = 4;
	capture_begin(&capture);
	show(&f);
	said = capture_end(&capture);
	tap_ok(strstr(said, "mchat: sent 1, received 5, packets sent 1,"
			    " packets received 1, repaired by me 1,"
			    " repaired for me 0, lost 0, ") == said,
		"with an engine there are more numbers: %s", said);
	tap_ok(strstr(said, ", members 1, dropped by the kernel 4\n") != NULL,
		"what the kernel dropped is counted apart from losses");
	fixture_fini(&f);
	ether_fini(&ether);
}

/* In a private group the seal's numbers are behind those of the engine. */
static void test_private(void)
{
	static const uint8_t secret[SEAL_KEY_SIZE] = {1};
	struct seal_history history = {0};
	struct seal_opened opened;
	struct capture capture;
	struct ether ether;
	struct fixture f;
	const char *said;

	ether_init(&ether);
	ether_meet(&ether, 1);
	fixture_init(&f, VIEW_TEXT);
	f.session.driver = &f.session.own_driver;
	f.session.driver->engine = ether.engines[0];
	f.session.driver->sealer = &f.session.sealer;
	f.session.sealer.seal = seal_new(
		secret, 7, secret, &history, (struct wall_time){0}, ether.now);
	for (int i = 0; i < 3; i++)
		(void)seal_open(f.session.sealer.seal, "hello", 5,
			(struct wall_time){0}, ether.now, &opened);
	capture_begin(&capture);
	show(&f);
	said = capture_end(&capture);
	tap_ok(strstr(said, ", members 0, sealed opened 0, other key 0, "
			    "unsealed 3, forged 0, replayed 0\n") != NULL,
		"a private group counts who is outside: %s", said);
	sealer_close(&f.session.sealer);
	fixture_fini(&f);
	ether_fini(&ether);
}

int main(void)
{
	test_raw();
	test_json();
	test_engine();
	test_private();
	return tap_done();
}
