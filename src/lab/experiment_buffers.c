/* SPDX-License-Identifier: ISC */
#include "mchat/lab/experiments.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "mchat/lab/lab_socket.h"
#include "mchat/lab/lab_transfer.h"

/* More than a buffer of a few KiB holds, and less than the default does. */
#define BURST 50

/* Sends a burst to the receiver; returns how many datagrams arrived. */
static int send_burst(struct lab *lab, int sender, int receiver)
{
	struct address to = lab_name(lab, receiver);

	lab_connect(lab, sender, &to, "each send goes there");
	for (int i = 0; i < BURST && !lab_has_failed(lab); i++) {
		if (send(sender, "datagram", 8, 0) < 0)
			lab_fail(lab, "send", errno);
	}
	return lab_count(lab, receiver);
}

void experiment_rcvbuf(struct lab *lab)
{
	int sender;
	int roomy;
	int tight;
	int usual;
	int granted;
	int kept;

	lab_step(lab,
		"A receiver as the system makes it.  While it does not "
		"read, %d datagrams come.",
		BURST);
	sender = lab_socket(lab, SOCK_DGRAM, "the sender");
	roomy = lab_receiver(lab);
	usual = lab_get(lab, roomy, SOCKOPT_SO_RCVBUF, "the default");
	lab_observe(lab, "default", usual);
	kept = send_burst(lab, sender, roomy);
	lab_observe(lab, "lost_with_default", BURST - kept);
	lab_expect(lab, kept == BURST, "the default buffer holds them all");

	lab_step(lab, "A receiver that asks for 1024 bytes.  The kernel "
		      "doubles that, for its own records, and has a minimum.");
	tight = lab_receiver(lab);
	lab_set(lab, tight, SOCKOPT_SO_RCVBUF, 1024, "ask for little");
	granted = lab_get(lab, tight, SOCKOPT_SO_RCVBUF, "what was granted");
	lab_observe(lab, "asked", 1024);
	lab_observe(lab, "granted", granted);
	lab_expect(lab, granted >= 2048 && granted < usual,
		"at least twice 1024 is granted, and less than the default");

	lab_step(lab,
		"The same %d datagrams again.  No send fails: UDP loses "
		"in silence.",
		BURST);
	kept = send_burst(lab, sender, tight);
	lab_observe(lab, "sent", BURST);
	lab_observe(lab, "received", kept);
	lab_observe(lab, "lost", BURST - kept);
	lab_expect(lab, kept > 0 && kept < BURST,
		"the small buffer keeps some and loses the others");
}

void experiment_lowat(struct lab *lab)
{
	struct lab_pair pair = lab_pair_open(lab);
	char text[LAB_TEXT_SIZE];
	bool is_early;
	bool is_late;

	lab_step(lab, "The receiver is to be woken for ten bytes or more.");
	lab_set(lab, pair.server, SOCKOPT_SO_RCVLOWAT, 10, "ten at least");

	lab_step(lab, "Five bytes come: there is something, and not enough.");
	lab_send(lab, pair.client, "01234", 0, "five");
	is_early = lab_is_readable(lab, pair.server, 100, "is it readable?");
	lab_observe(lab, "readable_with_5", is_early);

	lab_step(lab, "Five more come.");
	lab_send(lab, pair.client, "56789", 0, "ten");
	is_late = lab_is_readable(lab, pair.server, 1000, "and now?");
	lab_observe(lab, "readable_with_10", is_late);
	lab_expect(
		lab, !is_early && is_late, "select waits for the tenth byte");
	lab_receive(lab, pair.server, 20, MSG_DONTWAIT, "take them", text);
}
