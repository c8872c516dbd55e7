/* SPDX-License-Identifier: ISC */
#include "mchat/protocol/congestion.h"

#include "mchat/base/real.h"
#include "mchat/protocol/pacing.h"

/* Packets that a share is measured over: what is sent in JUDGED_MS, but between
 * JUDGED_LEAST and JUDGED_MOST, unless that would take JUDGED_MOST_MS; and
 * JUDGED_FIRST at the start, while the rate doubles.  It is measured over at
 * least JUDGED_LEAST_MS: two reports that waited in our socket are read at the
 * same time, and what lies between them would seem to have taken none. */
#define JUDGED_MS       25
#define JUDGED_LEAST    100.0
#define JUDGED_MOST     1000.0
#define JUDGED_MOST_MS  500
#define JUDGED_FIRST    10.0
#define JUDGED_LEAST_MS 1

/* A member that did not report for so long was away, which says nothing of the
 * network: it is judged anew. */
#define ABSENT_MS 500

/* The rate changes once per round trip, or once in this time if that is longer,
 * however many members report; more often at the start. */
#define ADAPT_MS       10
#define ADAPT_FIRST_MS 5

/* A share below this part of the usual one means that the rate is too high; the
 * second at the start, when a share is measured over fewer packets. */
#define TOO_HIGH       0.85
#define TOO_HIGH_FIRST 0.7

/* The rate doubles at the start.  Later it grows by a part of itself, which is
 * small after a decrease and doubles as long as there is none. */
#define STEP_FIRST 1.0
#define STEP_LEAST 0.02
#define STEP_MOST  0.1

/* It grows only when at least this part of it has reached somebody. */
#define SHOWS 0.7

/* How the rate shrinks when too much is lost: at least, and at most at once;
 * what came through in a while is less than could have when there was little
 * to send. */
#define SHRINK 0.85
#define FALL   0.25

/* When only a queue has built up, it is to drain: below what comes through.
 * A queue alone, which may be another's, does not bring the rate below a share
 * of what came through at best; of that so much is forgotten each time. */
#define DRAIN   0.85
#define OF_BEST 0.4
#define FORGET  0.0005

/* A turn-around longer than one and a half times the least, plus this, is
 * late: something queues. */
#define LATE_MS     8
#define LEAST_CREEP 4000

/* How much a new share counts in the recent one. */
#define RECENT_FIRST 0.5
#define RECENT       0.35

/* The usual share is at first the mean of so many.  Later it takes a step
 * towards each new one, whatever its size: so no stroke of luck moves it far.
 * The step down is the smaller, so that loss that lasts is not learnt as
 * normal; the two are even where the usual share exceeds eight of nine. */
#define USUAL_LOOKS 10
#define USUAL_UP    0.008
#define USUAL_DOWN  0.001

void congestion_init(struct congestion *congestion)
{
	*congestion = (struct congestion){
		.rate = CONGESTION_RATE_FIRST,
		.step = STEP_FIRST,
		.is_starting = true,
	};
}

static void set_rate(struct congestion *congestion, double rate)
{
	congestion->rate = real_min(
		CONGESTION_RATE_MAX, real_max(CONGESTION_RATE_MIN, rate));
}

static void shrink(
	struct congestion *congestion, double rate, struct instant now)
{
	congestion->is_starting = false;
	congestion->step = STEP_LEAST;
	congestion->shrunk = now;
	set_rate(congestion, real_min(congestion->rate,
				     real_max(rate, FALL * congestion->rate)));
}

static void grow(struct congestion *congestion, struct instant now)
{
	set_rate(congestion, congestion->rate * (1 + congestion->step));
	congestion->grown = now;
	if (!congestion->is_starting)
		congestion->step = real_min(STEP_MOST, 2 * congestion->step);
}

/* Takes a new share in; whether it is so far below the usual one that the rate
 * is too high. */
static bool judge(
	struct congestion_share *share, double passed, bool is_starting)
{
	double recent = is_starting ? RECENT_FIRST : RECENT;
	double too_high = is_starting ? TOO_HIGH_FIRST : TOO_HIGH;

	if (share->looks++ == 0) {
		share->recent = passed;
		share->usual = 0;
	}
	share->recent += (passed - share->recent) * recent;
	if (is_starting || share->looks <= USUAL_LOOKS)
		share->usual += (passed - share->usual) / share->looks;
	else
		share->usual += passed > share->usual ? USUAL_UP : -USUAL_DOWN;
	if (share->recent >= too_high * share->usual)
		return false;
	/* The lower rate is judged by itself; what came before the first time
	 * was too high as well. */
	share->recent = share->usual;
	if (is_starting)
		share->looks = 0;
	return true;
}

/*
 * Whether packets begin to queue somewhere: then the rate is high enough.  The
 * least turn-around creeps up, so that a change of the network is learnt.
 */
static bool is_late(struct congestion *congestion, struct duration ack_rtt)
{
	int64_t least =
		congestion->least.ns + congestion->least.ns / LEAST_CREEP;

	if (least == 0 || ack_rtt.ns < least)
		least = ack_rtt.ns;
	congestion->least.ns = least;
	return ack_rtt.ns > least + least / 2 + duration_ms(LATE_MS).ns;
}

static bool has_passed(
	struct instant since, struct duration wait, struct instant now)
{
	return !instant_before(now, instant_after(since, wait));
}

/* How the present rate does at one member. */
struct judgement {
	bool is_too_high;
	double reached; /* bytes a second that came through */
	double usual;   /* share that comes through */
};

static void adapt(struct congestion *congestion, struct pacing *pacing,
	const struct judgement *judgement, struct duration ack_rtt,
	struct instant now)
{
	struct duration wait = duration_ms(
		congestion->is_starting ? ADAPT_FIRST_MS : ADAPT_MS);
	bool is_queueing = is_late(congestion, ack_rtt);

	if (ack_rtt.ns > wait.ns)
		wait = ack_rtt;
	congestion->best -= congestion->best * FORGET;
	/* A burst at first shows what a buffer takes, not what a link does. */
	if (!congestion->is_starting)
		congestion->best =
			real_max(congestion->best, judgement->reached);
	if (!has_passed(congestion->shrunk, wait, now))
		return;
	if (judgement->is_too_high)
		/* What is lost as usual is lost at every rate. */
		shrink(congestion,
			real_min(DRAIN * judgement->reached / judgement->usual,
				SHRINK * congestion->rate),
			now);
	else if (is_queueing)
		shrink(congestion,
			real_max(DRAIN * judgement->reached / judgement->usual,
				OF_BEST * congestion->best),
			now);
	/* A rate that nobody needs, or that shows nowhere, was not tried. */
	else if (pacing->was_held &&
		 judgement->reached >=
			 SHOWS * judgement->usual * congestion->rate &&
		 has_passed(congestion->grown, wait, now)) {
		grow(congestion, now);
		pacing->was_held = false;
	}
}

/* How many packets a share is judged by at the present rate. */
static double judged_packets(
	const struct congestion *congestion, double mean_size)
{
	double a_ms = congestion->rate / 1000 / real_max(mean_size, 1);
	double least = real_min(JUDGED_LEAST, a_ms * JUDGED_MOST_MS);

	if (congestion->is_starting)
		return JUDGED_FIRST;
	return real_min(JUDGED_MOST, real_max(least, a_ms * JUDGED_MS));
}

void congestion_share_begin(struct congestion_share *share, struct instant now)
{
	*share = (struct congestion_share){
		.is_begun = true,
		.looked = now,
		.reported = now,
	};
}

/* Time before our first packet does not count. */
static struct instant since_begun(
	const struct pacing *pacing, struct instant time)
{
	return instant_before(time, pacing->begun) ? pacing->begun : time;
}

void congestion_report(struct congestion *congestion, struct pacing *pacing,
	struct congestion_share *share, const struct congestion_sample *sample,
	struct instant now)
{
	uint32_t more_sent = sample->sent - share->sent;
	uint32_t more_received = sample->received - share->received;
	struct instant looked = since_begun(pacing, share->looked);
	struct instant reported = since_begun(pacing, share->reported);
	double passed = (double)instant_until(looked, now).ns + 1;

	if (has_passed(reported, duration_ms(ABSENT_MS), now))
		share->is_begun = false;
	share->reported = now;
	if (share->is_begun &&
		(more_sent < judged_packets(congestion, pacing->mean_size) ||
			!has_passed(looked, duration_ms(JUDGED_LEAST_MS), now)))
		return;
	/* Duplicates do not count as received. */
	if (more_received > more_sent)
		more_received = more_sent;
	if (share->is_begun) {
		double bytes = more_received * pacing->mean_size;
		struct judgement judgement = {
			.is_too_high =
				judge(share, (double)more_received / more_sent,
					congestion->is_starting),
			.reached = bytes * (double)NS_PER_S / passed,
		};

		judgement.usual = share->usual;
		adapt(congestion, pacing, &judgement, sample->ack_rtt, now);
	}
	share->is_begun = true;
	share->sent = sample->sent;
	share->received = sample->received;
	share->looked = now;
}
