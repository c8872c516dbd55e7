/* SPDX-License-Identifier: ISC */
#include "mchat/chat/weather.h"

#include <string.h>

#include "mchat/chat/session.h"
#include "mchat/chat/trouble.h"
#include "mchat/network/call.h"
#include "mchat/network/watch.h"

void weather_open(struct weather *weather)
{
	struct session *session = weather->session;
	const struct place_config *config = &session->config.place;

	settle_init(&weather->settle);
	/* Routes only decide where no interface was named. */
	weather->fd = watch_open(session->log, config->interface_count == 0);
	if (weather->fd >= 0)
		return;
	notice_warning(weather->verbosity,
		"%s: %s; an interface that comes later may go unnoticed",
		session->log->failed, strerror(session->log->error));
	call_forget(session->log);
}

void weather_close(struct weather *weather)
{
	if (weather->fd >= 0)
		call_close(weather->session->log, weather->fd,
			"the news of interfaces");
}

int weather_fd(const struct weather *weather)
{
	return weather->fd;
}

static void take(struct weather *weather)
{
	struct session *session = weather->session;
	struct watch_news news;

	watch_take(weather->fd, &news);
	for (size_t i = 0; session->is_open && i < news.gone_count; i++)
		place_lose(&session->place, news.gone[i], session->log);
	if (news.has_missed)
		weather->has_missed = true;
}

/* Makes sure of what a device that went unnoticed may have taken along. */
static void make_sure(struct weather *weather)
{
	struct session *session = weather->session;

	if (session->is_open && weather->has_missed)
		place_renew(&session->place, session->log);
	weather->has_missed = false;
}

void weather_note(struct weather *weather, struct instant now)
{
	take(weather);
	settle_note(&weather->settle, now);
}

static bool is_wrong(const struct weather *weather)
{
	const struct session *session = weather->session;

	return session->is_open &&
	       (!place_is_whole(&session->place) || weather->trouble->is_bad);
}

struct instant weather_deadline(const struct weather *weather)
{
	if (weather->fd < 0 && is_wrong(weather))
		return instant_after(
			weather->settle.looked, duration_ms(WEATHER_LOOK_MS));
	return weather->settle.due;
}

bool weather_tick(struct weather *weather, struct instant now)
{
	if (instant_before(now, weather_deadline(weather)))
		return false;
	settle_look(&weather->settle, now);
	/* What comes between this and the look is looked at twice. */
	if (weather->fd >= 0)
		take(weather);
	make_sure(weather);
	return session_follow(weather->session, weather->verbosity, now);
}
