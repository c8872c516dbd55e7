/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mchat/io/clock.h"
#include "mchat/lab/lab_socket.h"
#include "mchat/lab/lab_transfer.h"
#include "mchat/network/error.h"

/* ---- oob ---- */

static void block_urgent(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	sigprocmask(how, &set, NULL);
}

/* Takes a SIGURG; false when none comes within a second.  macOS and OpenBSD
 * have no sigtimedwait(2). */
static bool take_urgent(void)
{
	struct instant start = clock_now();
	sigset_t set;
	int number = 0;

	do {
		clock_sleep(duration_ms(1));
		sigpending(&set);
	} while (!sigismember(&set, SIGURG) && lab_ms_since(start) < 1000);
	if (!sigismember(&set, SIGURG))
		return false;
	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	return sigwait(&set, &number) == 0 && number == SIGURG;
}

/* "ab", then an urgent "!", then "cd". */
static void send_urgently(struct lab *lab, int fd)
{
	lab_set(lab, fd, SOCKOPT_TCP_NODELAY, 1, "nothing is held back");
	lab_send(lab, fd, "ab", 0, "ordinary");
	lab_send(lab, fd, "!", MSG_OOB, "urgent");
	lab_send(lab, fd, "cd", 0, "ordinary");
}

static bool receive_apart(struct lab *lab, const struct lab_pair *pair)
{
	char first[LAB_TEXT_SIZE];
	char urgent[LAB_TEXT_SIZE];
	char rest[LAB_TEXT_SIZE];
	bool has_signal;

	lab_step(lab, "SIGURG tells the owner that something urgent came.");
	has_signal = !lab_has_failed(lab) && take_urgent();
	lab_observe(lab, "sigurg", has_signal);
	lab_expect(lab, has_signal, "SIGURG");
	/* Nothing urgent came, so reading it would be waiting for ever. */
	if (!has_signal)
		return false;

	lab_step(lab, "The urgent byte came in the stream, marked by the URG "
		      "flag and pointer of its segment; the receiver takes it "
		      "out.  A read stops where it was; only MSG_OOB gets it.");
	lab_receive(lab, pair->server, 20, 0, "up to the mark", first);
	lab_receive(lab, pair->server, 1, MSG_OOB, "the urgent byte", urgent);
	lab_receive(lab, pair->server, 20, 0, "past the mark", rest);
	lab_observe_text(lab, "before", first);
	lab_observe_text(lab, "urgent", urgent);
	lab_observe_text(lab, "after", rest);
	lab_expect(lab,
		strcmp(first, "ab") == 0 && strcmp(urgent, "!") == 0 &&
			strcmp(rest, "cd") == 0,
		"the byte comes by itself, and the stream without it");
	return true;
}

static void receive_inline(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	char first[LAB_TEXT_SIZE];
	char rest[LAB_TEXT_SIZE];
	long beside;

	lab_set(lab, pair.server, SOCKOPT_SO_OOBINLINE, 1, "in the stream");
	send_urgently(lab, pair.client);
	lab_receive(lab, pair.server, 20, 0, "up to the mark", first);
	lab_observe(lab, "at_mark",
		lab_has_failed(lab) ? 0 : sockatmark(pair.server));
	beside = lab_receive(
		lab, pair.server, 1, MSG_OOB, "nothing is beside it", rest);
	lab_observe_text(lab, "inline_oob",
		beside < 0 ? error_name((int)-beside) : "a byte");
	lab_receive(lab, pair.server, 20, 0, "in its place", rest);
	lab_observe_text(lab, "inline", rest);
	lab_expect(lab,
		strcmp(first, "ab") == 0 && strcmp(rest, "!cd") == 0 &&
			beside == -EINVAL,
		"the byte stands in its place in the stream");
}

void experiment_oob(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);

	block_urgent(SIG_BLOCK);
	lab_step(lab, "The server's end belongs to this process (F_SETOWN), "
		      "and the client sends an urgent byte.");
	if (!lab_has_failed(lab) && fcntl(pair.server, F_SETOWN, getpid()) < 0)
		lab_fail(lab, "fcntl F_SETOWN", errno);
	send_urgently(lab, pair.client);
	if (receive_apart(lab, &pair)) {
		lab_step(lab, "The same with SO_OOBINLINE.");
		receive_inline(lab);
	}
	block_urgent(SIG_UNBLOCK);
}

/* ---- peek ---- */

/* What was sent has come by then, however busy the host is. */
#define ARRIVAL_MS 5000

/* The size of the next datagram, which stays. */
static long datagram_size(struct lab *lab, int fd)
{
	char byte;
	char text[CALL_TEXT_SIZE];
	long result;

	if (lab_has_failed(lab))
		return 0;
	result = recv(fd, &byte, 1, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
	snprintf(
		text, sizeof(text), "recv(%d, ..., 1, MSG_PEEK|MSG_TRUNC)", fd);
	return lab_tell(lab, text, result, "its whole size");
}

/* How many bytes wait to be read. */
static long queued_bytes(struct lab *lab, int fd)
{
	int count = 0;
	char text[CALL_TEXT_SIZE];

	if (lab_has_failed(lab))
		return 0;
	if (ioctl(fd, FIONREAD, &count) < 0)
		count = -1;
	snprintf(text, sizeof(text), "ioctl(%d, FIONREAD, [%d])", fd, count);
	lab_tell(lab, text, count < 0 ? -1 : 0, "all that is there");
	return count;
}

/* Two datagrams: each look shows one of them, and cuts it to the buffer. */
static void peek_at_datagrams(struct lab *lab)
{
	int receiver = lab_receiver(lab);
	int sender = lab_socket(lab, SOCK_DGRAM, "the sender");
	struct address to = lab_name(lab, receiver);
	char text[LAB_TEXT_SIZE];
	char cut[LAB_TEXT_SIZE];
	long shown;
	long size;

	lab_step(lab, "It tells no more than the buffer holds and, of "
		      "datagrams, than the first one; with MSG_TRUNC it tells "
		      "how long that is.");
	lab_send_to(lab, sender, &to, "12345", 0, "a datagram");
	lab_send_to(lab, sender, &to, "678", 0, "another");
	lab_is_readable(lab, receiver, ARRIVAL_MS, "both wait");
	shown = lab_receive(lab, receiver, 20, MSG_PEEK | MSG_DONTWAIT,
		"the first alone", text);
	lab_receive(lab, receiver, 2, MSG_PEEK | MSG_DONTWAIT,
		"what the buffer holds", cut);
	size = datagram_size(lab, receiver);
	lab_observe_text(lab, "first_datagram", text);
	lab_observe_text(lab, "small_buffer", cut);
	lab_observe(lab, "its_size", size);
	lab_expect(lab, shown == 5 && strcmp(cut, "12") == 0 && size == 5,
		"one datagram, or the part of it that the buffer holds");
}

/* Of a stream, too, it tells what fits the buffer, not what is queued. */
static void peek_into_stream(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	char text[LAB_TEXT_SIZE];
	long part;
	long queued;

	lab_step(lab, "Ten bytes of a stream are there; a look with a buffer "
		      "of four shows four.  How many are there, ioctl FIONREAD "
		      "tells.");
	lab_send(lab, pair.client, "0123456789", 0, "ten");
	lab_is_readable(lab, pair.server, ARRIVAL_MS, "they are there");
	part = lab_receive(lab, pair.server, 4, MSG_PEEK | MSG_DONTWAIT,
		"as many as fit", text);
	queued = queued_bytes(lab, pair.server);
	lab_observe(lab, "buffer_of_4", part);
	lab_observe(lab, "queued", queued);
	lab_expect(lab, part == 4 && queued == 10,
		"the buffer bounds a look, not FIONREAD");
}

void experiment_peek(struct lab *lab)
{
	const int peek = MSG_PEEK | MSG_DONTWAIT;
	struct lab_pair pair = lab_pair_open(lab);
	char text[LAB_TEXT_SIZE];
	long first;
	long second;
	long taken;
	long after;

	lab_step(lab, "Five bytes wait to be read.");
	lab_send(lab, pair.client, "hello", 0, "five bytes");
	lab_is_readable(lab, pair.server, 1000, "they are there");

	lab_step(lab, "Looking does not take them, however often.");
	first = lab_receive(lab, pair.server, 20, peek, "look", text);
	second = lab_receive(lab, pair.server, 20, peek, "look again", text);

	lab_step(lab, "Reading does; then there is nothing to look at.");
	taken = lab_receive(lab, pair.server, 20, MSG_DONTWAIT, "take", text);
	after = lab_receive(lab, pair.server, 20, peek, "look", text);
	lab_observe(lab, "peeked", first);
	lab_observe(lab, "peeked_again", second);
	lab_observe(lab, "taken", taken);
	lab_observe_text(
		lab, "after", after < 0 ? error_name((int)-after) : "bytes");
	lab_expect(lab,
		first == 5 && second == 5 && taken == 5 && after == -EAGAIN,
		"five bytes each time until they are taken, then EAGAIN");
	peek_at_datagrams(lab);
	peek_into_stream(lab);
}

/* ---- waitall ---- */

/* Seconds; the calls end by themselves well before. */
#define WAIT_LIMIT_S 5

/* Less than was asked for comes when the stream ends, or time does. */
static void end_waiting(struct lab *lab)
{
	struct sockopt_value limit = {
		.type = SOCKOPT_TIMEVAL,
		.time = {200 * NS_PER_MS},
	};
	struct lab_pair pair = lab_pair_open(lab);
	char text[LAB_TEXT_SIZE];
	long late;
	long last;

	lab_step(lab, "It waits no longer than SO_RCVTIMEO, and gives what "
		      "there is by then.");
	lab_set_value(lab, pair.server, SOCKOPT_SO_RCVTIMEO, &limit, "a bound");
	lab_send(lab, pair.client, "01234", 0, "a half");
	late = lab_receive_for(lab, pair.server, MSG_WAITALL, WAIT_LIMIT_S,
		"the other half never comes", text);
	lab_observe(lab, "at_timeout", late);

	lab_step(lab, "Nor past the end of the stream.");
	lab_send(lab, pair.client, "567", 0, "three");
	lab_shut(lab, pair.client, SHUT_WR, "and the end");
	last = lab_receive_for(lab, pair.server, MSG_WAITALL, WAIT_LIMIT_S,
		"all that will ever come", text);
	lab_observe(lab, "at_end", last);
	lab_expect(lab, late == 5 && last == 3,
		"what there is, when the time or the stream is over");
}

/* A datagram is whole by itself. */
static void wait_for_datagram(struct lab *lab)
{
	int receiver = lab_receiver(lab);
	int sender = lab_socket(lab, SOCK_DGRAM, "the sender");
	struct address to = lab_name(lab, receiver);
	char text[LAB_TEXT_SIZE];
	long got;

	lab_step(lab, "Of datagrams a call takes one, and the flag says "
		      "nothing.");
	lab_send_to(lab, sender, &to, "01234", 0, "five");
	lab_send_to(lab, sender, &to, "56789", 0, "five more");
	got = lab_receive_for(
		lab, receiver, MSG_WAITALL, WAIT_LIMIT_S, "one datagram", text);
	lab_observe(lab, "of_datagrams", got);
	lab_expect(lab, got == 5, "one datagram, however much was asked for");
}

void experiment_waitall(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	char text[LAB_TEXT_SIZE];
	struct instant start;
	int64_t took_ms;
	long some;
	long all;

	lab_step(lab, "Half of a record of ten bytes is there; a read of ten "
		      "gets what there is.");
	lab_send(lab, pair.client, "01234", 0, "the first half");
	some = lab_receive(lab, pair.server, 10, 0, "up to ten", text);
	lab_observe(lab, "without", some);

	lab_step(lab, "Another record.  Its second half is corked: the kernel "
		      "lets it go after 200 ms.");
	lab_send(lab, pair.client, "abcde", 0, "the first half");
	lab_set(lab, pair.client, SOCKOPT_TCP_CORK, 1, "hold back");
	lab_send(lab, pair.client, "fghij", 0, "the second half");
	start = clock_now();
	all = lab_receive(
		lab, pair.server, 10, MSG_WAITALL, "ten, no less", text);
	took_ms = lab_ms_since(start);
	lab_observe(lab, "with", all);
	lab_observe(lab, "waited_ms", took_ms);
	lab_expect(lab, some == 5 && all == 10 && took_ms >= 100,
		"five without the flag; with it, ten after a wait");
	end_waiting(lab);
	wait_for_datagram(lab);
}

/* ---- dontwait ---- */

#define RECEIVE_LIMIT_MS INT64_C(200)

/* Without the option recv would block for ever; no host is so busy that the
 * option would need this. */
#define BLOCKED_LIMIT_S 5

void experiment_dontwait(struct lab *lab)
{
	struct sockopt_value limit = {
		.type = SOCKOPT_TIMEVAL,
		.time = {RECEIVE_LIMIT_MS * NS_PER_MS},
	};
	int receiver;
	char text[LAB_TEXT_SIZE];
	struct instant start;
	int64_t at_once_us;
	int64_t waited_ms;
	long at_once;
	long waited;

	lab_step(lab, "Nothing has come.  A recv blocks; SO_RCVTIMEO bounds "
		      "that.");
	receiver = lab_receiver(lab);
	lab_set_value(lab, receiver, SOCKOPT_SO_RCVTIMEO, &limit, "a bound");
	start = clock_now();
	waited = lab_receive_for(
		lab, receiver, 0, BLOCKED_LIMIT_S, "nothing", text);
	waited_ms = lab_ms_since(start);
	lab_observe_text(lab, "blocking",
		waited < 0 ? error_name((int)-waited) : "bytes");
	lab_observe(lab, "blocking_ms", waited_ms);

	lab_step(lab, "On the same socket, recv with MSG_DONTWAIT says so at "
		      "once.");
	start = clock_now();
	at_once = lab_receive(lab, receiver, 20, MSG_DONTWAIT, "nothing", text);
	at_once_us = lab_us_since(start);
	lab_observe_text(lab, "at_once",
		at_once < 0 ? error_name((int)-at_once) : "bytes");
	lab_observe(lab, "at_once_us", at_once_us);
	lab_expect(lab,
		at_once == -EAGAIN && waited == -EAGAIN &&
			waited_ms >= RECEIVE_LIMIT_MS &&
			at_once_us < RECEIVE_LIMIT_MS * 1000,
		"EAGAIN at once with the flag, and after the bound without");
}
