/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/tty.h"

#include <unistd.h>

void tty_open(struct tty *tty, int fd)
{
	struct termios wanted;

	*tty = (struct tty){.fd = fd};
	/* From the background, changing a terminal would stop us (SIGTTOU). */
	if (!isatty(fd) || tcgetpgrp(fd) != getpgrp() ||
		tcgetattr(fd, &tty->saved) < 0)
		return;
#ifdef IUTF8
	wanted = tty->saved;
	wanted.c_iflag |= IUTF8;
	if (wanted.c_iflag != tty->saved.c_iflag)
		tty->is_changed = tcsetattr(fd, TCSADRAIN, &wanted) == 0;
#else
	(void)wanted;
#endif
}

void tty_restore(struct tty *tty)
{
	if (tty->is_changed && tcgetpgrp(tty->fd) == getpgrp())
		(void)tcsetattr(tty->fd, TCSADRAIN, &tty->saved);
	tty->is_changed = false;
}
