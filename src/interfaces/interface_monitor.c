/* SPDX-License-Identifier: ISC */
#include "mchat/interfaces/interface_monitor.h"

#include <string.h>

#include "mchat/interfaces/membership.h"
#include "mchat/network/call.h"
#include "mchat/network/interface_watch.h"

void interface_monitor_open(struct interface_monitor *monitor,
	bool needs_routes, enum verbosity verbosity, struct call_log *log)
{
	debounce_init(&monitor->debounce);
	monitor->looked = (struct instant){0};
	monitor->has_missed = false;
	monitor->fd = -1;
	if (!interface_watch_is_there())
		return;
	monitor->fd = interface_watch_open(log, needs_routes);
	if (monitor->fd >= 0)
		return;
	diagnostics_warning(verbosity,
		"%s: %s; a change of interfaces is noticed within %d s only",
		log->failed, strerror(log->error),
		INTERFACE_MONITOR_LOOK_MS / 1000);
	call_forget(log);
}

void interface_monitor_close(
	struct interface_monitor *monitor, struct call_log *log)
{
	if (monitor->fd >= 0)
		call_close(log, monitor->fd, "the news of interfaces");
}

int interface_monitor_fd(const struct interface_monitor *monitor)
{
	return monitor->fd;
}

static void take(struct interface_monitor *monitor,
	struct membership *membership, struct call_log *log)
{
	struct interface_watch_news news;

	interface_watch_take(monitor->fd, &news);
	for (size_t i = 0; membership && i < news.gone_count; i++)
		membership_lose(membership, news.gone[i], log);
	if (news.has_missed)
		monitor->has_missed = true;
}

void interface_monitor_read(struct interface_monitor *monitor,
	struct membership *membership, struct call_log *log, struct instant now)
{
	take(monitor, membership, log);
	debounce_note(&monitor->debounce, now);
}

void interface_monitor_suspect(struct interface_monitor *monitor,
	struct instant began, struct instant now)
{
	if (monitor->fd < 0 && instant_before(monitor->looked, began))
		debounce_note(&monitor->debounce, now);
}

struct instant interface_monitor_deadline(
	const struct interface_monitor *monitor)
{
	struct instant next = instant_after(
		monitor->looked, duration_ms(INTERFACE_MONITOR_LOOK_MS));

	return monitor->fd < 0 ? instant_earlier(monitor->debounce.due, next)
			       : monitor->debounce.due;
}

bool interface_monitor_is_due(struct interface_monitor *monitor,
	struct membership *membership, struct call_log *log, struct instant now)
{
	if (instant_before(now, interface_monitor_deadline(monitor)))
		return false;
	if (!instant_before(now, monitor->debounce.due))
		debounce_look(&monitor->debounce, now);
	monitor->looked = now;
	/* What comes between this and the look is looked at twice. */
	if (monitor->fd >= 0)
		take(monitor, membership, log);
	/* A device whose going was missed took its membership along. */
	if (membership && monitor->has_missed)
		membership_renew(membership, log);
	monitor->has_missed = false;
	return true;
}
