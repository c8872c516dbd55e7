/* SPDX-License-Identifier: ISC */
/*
 * mchat as tests run it: on a real pseudo-terminal, or with pipes.  Everything
 * stays on lo, in a group of this run's own.
 */
#ifndef MCHAT_TESTS_PTY_H
#define MCHAT_TESTS_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Options that a program is started with at most; NULL ends them before. */
#define OPTIONS_MAX 12

/* Far more than a sound mchat needs, also on a busy machine; what waits this
 * long has failed. */
#define PATIENCE_MS 60000

/* What a stream holds: more than a test reads. */
#define STREAM_MAX ((size_t)256 * 1024)

/* Everything that was read from a descriptor; ends with a NUL. */
struct stream {
	int fd; /* -1: none */
	char text[STREAM_MAX];
	size_t size;
};

/* A terminal, with the user's end and the program's. */
struct terminal {
	int keyboard; /* write: type; read: see */
	int slave;    /* open here too, so that its settings stay */
};

/* A running mchat. */
struct program {
	pid_t pid;
	struct stream out; /* stdout, or all that the terminal shows */
	struct stream err; /* stderr, unless on a terminal */
};

/* Finds mchat, and a group: 239.255.x.y with this port.  The terminal is one
 * that lines are edited on.  False, with errno, where there are no terminals.
 */
bool pty_begin(int port);

/* The path of mchat. */
const char *pty_program(void);

/* That group, as every program here is told it. */
const char *pty_group(void);

/* Milliseconds of the monotonic clock. */
long long now_ms(void);

/* Whether an extended regular expression matches a line of `text`. */
bool matches(const char *text, const char *pattern);

/* Waits for a little while for more and reads it; false when there was none. */
bool stream_read(struct stream *stream);

/* Waits until what was read holds `pattern`; false, and a note, if it never
 * did. */
bool stream_wait(struct stream *stream, const char *pattern);

/* The same for what was read behind the first `from` bytes. */
bool stream_wait_from(struct stream *stream, size_t from, const char *pattern);

/* In a child: becomes mchat with these options, in the group, on lo. */
void become_mchat(const char *const options[]);

/* Starts mchat on a terminal, which becomes its controlling one. */
struct program start_on(
	const struct terminal *terminal, const char *const options[]);

/* Starts mchat without a terminal; its pid is -1 when that failed.  Its input
 * is `input`, or there is none. */
struct program start_reading(int input, const char *const options[]);
struct program start_piped(const char *const options[]);

/* Forgets what was read. */
void stream_forget(struct stream *stream);

/* Kim, who hears what is typed and prints it bare. */
struct program start_kim(void);

/* What she says in a flood: numbers from 1 on. */
#define FLOOD_MESSAGE                                                          \
	"message %06d, which is as long as what people usually say"

/* Kim, who says so many messages at once, and leaves when lee, who is here, has
 * confirmed them. */
struct program start_flood(int count);

/* Lee on the terminal; returns when it reads what is typed. */
struct program start_lee(const struct terminal *terminal);

/* Waits until it ends and reads on; its wait status, or -1 after a kill. */
int wait_end(struct program *program);

/* Waits until kim has confirmed what lee said on that terminal: until then a
 * signal ends lee with a failure, and a member that has not heard lee is not
 * waited for. */
void wait_confirmed(const struct terminal *terminal, struct program *lee);

/* Checks that it ends by itself with exit status 0; else prints the end of its
 * output. */
void ends_well(struct program *program, const char *what);

/* Ends one that was started with pipes. */
void stop_piped(struct program *program);

/* Opens a terminal; the tests stop when there is none any more. */
struct terminal terminal_open(void);
void terminal_close(struct terminal *terminal);

/* In a child: the terminal becomes its controlling one, and all streams. */
void terminal_take(const struct terminal *terminal);

/* Gives the window so many columns; the system signals the program on it. */
void terminal_resize(const struct terminal *terminal, unsigned short columns);

/* The settings as text, for comparing. */
void terminal_describe(const struct terminal *terminal, char out[256]);

void type(const struct terminal *terminal, const char *keys);

#endif
