/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/tty.h"

#include <termios.h>
#include <unistd.h>

/* Sets one input flag of a terminal as it is in `wanted`; whether it changed.
 * From the background, changing a terminal would stop us (SIGTTOU). */
static bool set_flag(int fd, tcflag_t flag, tcflag_t wanted)
{
	struct termios termios;
	tcflag_t before;

	if (!isatty(fd) || tcgetpgrp(fd) != getpgrp() ||
		tcgetattr(fd, &termios) < 0)
		return false;
	before = termios.c_iflag;
	termios.c_iflag = (before & ~flag) | (wanted & flag);
	return termios.c_iflag != before &&
	       tcsetattr(fd, TCSANOW, &termios) == 0;
}

void tty_open(struct tty *tty, int fd)
{
	*tty = (struct tty){.fd = fd};
#ifdef IUTF8
	tty->is_changed = set_flag(fd, IUTF8, IUTF8);
#endif
}

void tty_restore(struct tty *tty)
{
#ifdef IUTF8
	if (tty->is_changed)
		(void)set_flag(tty->fd, IUTF8, 0);
#endif
	tty->is_changed = false;
}
