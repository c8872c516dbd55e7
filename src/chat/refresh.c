/* SPDX-License-Identifier: ISC */
#include "mchat/chat/refresh.h"

bool refresh_prints(struct refresh *refresh, bool has_lines, struct instant now)
{
	if (!refresh->is_printing) {
		if (!has_lines || instant_before(now, refresh->print_at))
			return false;
		refresh->is_printing = true;
		if (!instant_before(
			    now, instant_after(refresh->window,
					 duration_ms(REFRESH_WINDOW_MS)))) {
			refresh->window = now;
			refresh->printed = 0;
		}
		refresh->draw_at =
			instant_after(now, duration_ms(REFRESH_PRINT_MS));
		return true;
	}
	if (has_lines && instant_before(now, refresh->draw_at))
		return true;
	refresh->is_printing = false;
	if (has_lines || refresh->printed > REFRESH_FREE)
		refresh->print_at =
			instant_after(now, duration_ms(REFRESH_REST_MS));
	return false;
}

void refresh_note(struct refresh *refresh, size_t size)
{
	refresh->printed += size;
}

struct instant refresh_deadline(const struct refresh *refresh, bool has_lines)
{
	return has_lines ? refresh->print_at : INSTANT_NEVER;
}
