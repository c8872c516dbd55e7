/* SPDX-License-Identifier: ISC */
#include "mchat/terminal/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "mchat/terminal/charset.h"

/* The columns of a window whose size is unknown: a serial line, an old
 * emulator.
 */
#define COLUMNS_DEFAULT 80

#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define FOCUS_ON  "\033[?1004h"
#define FOCUS_OFF "\033[?1004l"

/* How long write_switch waits for a terminal that accepts no output. */
#define SWITCH_MS 100

/*
 * What a signal handler needs to restore the settings: nothing can be passed to
 * it, so this has to be global.
 */
static struct {
	volatile sig_atomic_t is_editing;
	int fd;
	bool is_hidden; /* by tty_hide, which switches nothing else */
	bool tells_focus;
	const char *charset_end; /* see charset.h */
	struct termios found;
	struct sigaction actions[NSIG]; /* as they were before */
} edited;

/* From the background, changing a terminal would stop this process (SIGTTOU);
 * but not one that does not control it (ENOTTY), which has no background.
 * Looked at anew each time: a shell moves us as it likes. */
static bool is_ours(int fd)
{
	pid_t foreground = tcgetpgrp(fd);

	return foreground < 0 ? errno == ENOTTY && isatty(fd)
			      : foreground == getpgrp();
}

/* Gives one input flag of a terminal its value in `wanted`; whether that
 * changed anything. */
static bool set_flag(int fd, tcflag_t flag, tcflag_t wanted)
{
	struct termios termios;
	tcflag_t before;

	if (!is_ours(fd) || tcgetattr(fd, &termios) < 0)
		return false;
	before = termios.c_iflag;
	termios.c_iflag = (before & ~flag) | (wanted & flag);
	return termios.c_iflag != before &&
	       tcsetattr(fd, TCSANOW, &termios) == 0;
}

/*
 * Writes a sequence that switches something, unless the terminal accepts no
 * output: writing would block.  Async-signal-safe: POSIX lists poll and write.
 */
static void write_switch(int fd, const char *bytes, size_t size)
{
	struct pollfd polled = {.fd = fd, .events = POLLOUT};
	ssize_t written;

	if (poll(&polled, 1, SWITCH_MS) <= 0)
		return;
	written = write(fd, bytes, size);
	(void)written;
}

/* Before an editor is there, only a terminal that is known not to take UTF-8 is
 * switched: it may be left without one. */
static void switch_charset(struct tty *tty)
{
	tty->is_switched = *charset_end() && is_ours(tty->fd);
	if (tty->is_switched)
		write_switch(tty->fd, charset_begin(), strlen(charset_begin()));
}

void tty_open(struct tty *tty, int fd)
{
	*tty = (struct tty){.fd = fd};
	switch_charset(tty);
#ifdef IUTF8
	tty->is_changed = set_flag(fd, IUTF8, IUTF8);
#endif
}

/* ---- editing ---- */

/* Async-signal-safe: POSIX lists all calls here. */
static void end_editing(void)
{
	edited.is_editing = false;
	if (!is_ours(edited.fd))
		return;
	if (edited.is_hidden) {
		(void)tcsetattr(edited.fd, TCSAFLUSH, &edited.found);
		return;
	}
	write_switch(edited.fd, PASTE_OFF, sizeof(PASTE_OFF) - 1);
	if (edited.tells_focus)
		write_switch(edited.fd, FOCUS_OFF, sizeof(FOCUS_OFF) - 1);
	if (*edited.charset_end)
		write_switch(edited.fd, edited.charset_end,
			strlen(edited.charset_end));
	(void)tcsetattr(edited.fd, TCSANOW, &edited.found);
}

/* ---- signals that end us ---- */

/* Restores the terminal, then the earlier action, and raises the signal again.
 */
static void on_end(int number)
{
	int saved = errno;

	if (edited.is_editing)
		end_editing();
	(void)sigaction(number, &edited.actions[number], NULL);
	(void)raise(number);
	errno = saved;
}

/* Whether a signal tells of a fault, or asks for a core. */
static bool is_fault(int number)
{
	static const int faults[] = {
		SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT};

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (faults[i] == number)
			return true;
	return false;
}

/* Whether a signal ends a process that does not take it. */
static bool ends_by_default(int number)
{
	static const int others[] = {SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN,
		SIGTTOU, SIGCONT, SIGCHLD, SIGURG, SIGWINCH};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i] == number)
			return false;
	return true;
}

/* Those that are ignored do not end us, and those that are taken are seen to by
 * who takes them; but who takes a fault (a sanitizer) ends us. */
static void catch_ends(void)
{
	struct sigaction action = {.sa_handler = on_end};

	sigemptyset(&action.sa_mask);
	for (int number = 1; number < NSIG; number++) {
		struct sigaction *before = &edited.actions[number];

		/* Some are the C library's own, which it refuses. */
		if (!ends_by_default(number) ||
			sigaction(number, NULL, before) < 0 ||
			before->sa_handler == SIG_IGN)
			continue;
		if (before->sa_handler == SIG_DFL || is_fault(number))
			(void)sigaction(number, &action, NULL);
	}
}

/* Somebody else may have taken one meanwhile, which then stays as it is. */
static void release_ends(void)
{
	for (int number = 1; number < NSIG; number++) {
		struct sigaction now;

		if (sigaction(number, NULL, &now) == 0 &&
			now.sa_handler == on_end)
			(void)sigaction(number, &edited.actions[number], NULL);
	}
}

/* ---- settings ---- */

static int set_editing(int fd, const struct termios *found)
{
	struct termios raw = *found;

	raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | IGNCR | INLCR | INPCK |
				   ISTRIP | IXON);
#ifdef IUTF8
	raw.c_iflag |= IUTF8;
#endif
	raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN | ISIG);
	raw.c_cflag = (raw.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (tcsetattr(fd, TCSANOW, &raw) < 0)
		return -1;
	write_switch(fd, PASTE_ON, sizeof(PASTE_ON) - 1);
	if (edited.tells_focus)
		write_switch(fd, FOCUS_ON, sizeof(FOCUS_ON) - 1);
	if (*charset_begin())
		write_switch(fd, charset_begin(), strlen(charset_begin()));
	return 0;
}

void tty_follow_focus(struct tty *tty)
{
	tty->tells_focus = true;
}

/* Keeps the settings that were found, for the end; 0, or -1 with errno. */
static int take(struct tty *tty, bool is_hidden)
{
	if (!isatty(tty->fd))
		return -1;
	if (!is_ours(tty->fd)) {
		errno = EAGAIN;
		return -1;
	}
	if (!tty->is_editing) {
		if (tcgetattr(tty->fd, &edited.found) < 0)
			return -1;
#ifdef IUTF8
		/* tty_open had turned it on: that is not what was found. */
		if (tty->is_changed)
			edited.found.c_iflag &= ~(tcflag_t)IUTF8;
#endif
		tty->is_changed = false;
		edited.fd = tty->fd;
		edited.is_hidden = is_hidden;
		edited.charset_end = charset_end();
		catch_ends();
	}
	tty->is_editing = true;
	edited.tells_focus = tty->tells_focus;
	edited.is_editing = true;
	return 0;
}

int tty_edit(struct tty *tty)
{
	return take(tty, false) < 0 ? -1 : set_editing(tty->fd, &edited.found);
}

int tty_hide(struct tty *tty)
{
	struct termios hidden;

	if (take(tty, true) < 0)
		return -1;
	hidden = edited.found;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	hidden.c_lflag |= ICANON | ISIG;
	/* Stopped, it would leave the terminal without echo. */
	hidden.c_cc[VSUSP] = _POSIX_VDISABLE;
	/* What was typed before is not what is asked for. */
	return tcsetattr(tty->fd, TCSAFLUSH, &hidden);
}

bool tty_is_edited(const struct tty *tty)
{
	struct termios now;

	/* What is set, and decides whether each key comes at once. */
	return tcgetattr(tty->fd, &now) < 0 ||
	       (now.c_lflag & (tcflag_t)(ECHO | ICANON | IEXTEN | ISIG)) == 0;
}

void tty_restore(struct tty *tty)
{
	if (tty->is_editing) {
		end_editing();
		release_ends();
	}
#ifdef IUTF8
	if (tty->is_changed)
		(void)set_flag(tty->fd, IUTF8, 0);
#endif
	/* Also the editor's end did this. */
	if (tty->is_switched && !tty->is_editing && is_ours(tty->fd))
		write_switch(tty->fd, charset_end(), strlen(charset_end()));
	tty->is_changed = false;
	tty->is_switched = false;
	tty->is_editing = false;
}

/* Stops the job, and returns when it is continued.  A job without a shell that
 * could continue it (an orphaned process group) is not stopped at all. */
static void stop_job(void)
{
	struct sigaction stop = {.sa_handler = SIG_DFL};
	struct sigaction action;
	sigset_t stopping;
	sigset_t mask;

	sigemptyset(&stop.sa_mask);
	sigemptyset(&stopping);
	sigaddset(&stopping, SIGTSTP);
	(void)sigaction(SIGTSTP, &stop, &action);
	(void)sigprocmask(SIG_BLOCK, &stopping, &mask);
	(void)kill(0, SIGTSTP);
	/* It stops here, even if the parent process had blocked the signal. */
	(void)sigprocmask(SIG_UNBLOCK, &stopping, NULL);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	(void)sigaction(SIGTSTP, &action, NULL);
}

void tty_suspend(struct tty *tty)
{
	bool was_editing = tty->is_editing;
	bool tells_focus = tty->tells_focus;

	tty_restore(tty);
	stop_job();
	tty_open(tty, tty->fd);
	tty->tells_focus = tells_focus;
	if (was_editing)
		(void)tty_edit(tty);
}

bool tty_controls_us(void)
{
	int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

unsigned tty_window_columns(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

unsigned tty_columns(const struct tty *tty)
{
	unsigned columns = tty_window_columns(tty->fd);

	return columns > 0 ? columns : COLUMNS_DEFAULT;
}
