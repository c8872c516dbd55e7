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
	monitor->has_missed = false;
	monitor->fd = interface_watch_open(log, needs_routes);
	if (monitor->fd >= 0)
		return;
	diagnostics_warning(verbosity,
		"%s: %s; an interface that comes later may go unnoticed",
		log->failed, strerror(log->error));
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

struct instant interface_monitor_deadline(
	const struct interface_monitor *monitor, bool is_wrong)
{
	if (monitor->fd < 0 && is_wrong)
		return instant_after(monitor->debounce.looked,
			duration_ms(INTERFACE_MONITOR_LOOK_MS));
	return monitor->debounce.due;
}

bool interface_monitor_is_due(struct interface_monitor *monitor, bool is_wrong,
	struct membership *membership, struct call_log *log, struct instant now)
{
	if (instant_before(now, interface_monitor_deadline(monitor, is_wrong)))
		return false;
	debounce_look(&monitor->debounce, now);
	/* What comes between this and the look is looked at twice. */
	if (monitor->fd >= 0)
		take(monitor, membership, log);
	/* A device whose going was missed took its membership along. */
	if (membership && monitor->has_missed)
		membership_renew(membership, log);
	monitor->has_missed = false;
	return true;
}
