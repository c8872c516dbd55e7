/* SPDX-License-Identifier: ISC */
#include "mchat/chat/refresh.h"

bool refresh_prints(struct refresh *refresh, bool has_lines, struct instant now)
{
	if (!refresh->is_printing) {
		if (!has_lines || instant_before(now, refresh->print_at))
			return false;
		refresh->is_printing = true;
		refresh->draw_at =
			instant_after(now, duration_ms(REFRESH_PRINT_MS));
		return true;
	}
	if (has_lines && instant_before(now, refresh->draw_at))
		return true;
	refresh->is_printing = false;
	refresh->print_at = instant_after(now, duration_ms(REFRESH_REST_MS));
	return false;
}

struct instant refresh_deadline(const struct refresh *refresh, bool has_lines)
{
	return has_lines ? refresh->print_at : INSTANT_NEVER;
}
