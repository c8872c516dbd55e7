/* SPDX-License-Identifier: ISC */
#include "mchat/io/diagnostics.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/network/call.h"
#include "mchat/view/safe.h"

const char *diagnostics_quoted(const char *value)
{
	return *value ? value : "''";
}

/* ---- streams ---- */

FILE *diagnostics_terminal(void)
{
	if (!isatty(STDIN_FILENO) || isatty(STDERR_FILENO))
		return stderr;
	return isatty(STDOUT_FILENO) ? stdout : NULL;
}

/* Prints at the terminal of standard input, which is no output; it does not
 * wait for one that takes nothing. */
static void print_at_input(const struct buffer *line)
{
	const char *name = ttyname(STDIN_FILENO);
	int fd = name ? open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
		      : -1;
	ssize_t written;

	if (fd < 0) {
		fwrite(buffer_bytes(line), 1, buffer_size(line), stderr);
		return;
	}
	written = write(fd, buffer_bytes(line), buffer_size(line));
	(void)written;
	close(fd);
}

static void print_at_terminal(const struct buffer *line)
{
	FILE *terminal = diagnostics_terminal();

	if (terminal)
		fwrite(buffer_bytes(line), 1, buffer_size(line), terminal);
	else
		print_at_input(line);
}

/* ---- lines ---- */

/* Appends a line, to be printed in one write, so that lines of several
 * processes do not mix; what it quotes came from anywhere, so it is made safe.
 */
static void append(struct buffer *line, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

static void append(struct buffer *line, const char *format, va_list arguments)
{
	struct buffer text = BUFFER_EMPTY;

	buffer_append_vformat(&text, format, arguments);
	buffer_append_string(line, "mchat: ");
	safe_append_text(line, buffer_bytes(&text), buffer_size(&text));
	buffer_append_char(line, '\n');
	buffer_fini(&text);
}

static void print(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0)));

static void print(const char *format, va_list arguments)
{
	struct buffer line = BUFFER_EMPTY;

	append(&line, format, arguments);
	fwrite(buffer_bytes(&line), 1, buffer_size(&line), stderr);
	buffer_fini(&line);
}

void diagnostics_answer(const char *format, ...)
{
	struct buffer line = BUFFER_EMPTY;
	va_list arguments;

	va_start(arguments, format);
	append(&line, format, arguments);
	va_end(arguments);
	print_at_terminal(&line);
	buffer_fini(&line);
}

/* All in one write: a signal may interrupt each. */
void diagnostics_error_below(const char *format, ...)
{
	struct buffer line = BUFFER_EMPTY;
	va_list arguments;

	buffer_append_char(&line, '\n');
	va_start(arguments, format);
	append(&line, format, arguments);
	va_end(arguments);
	fwrite(buffer_bytes(&line), 1, buffer_size(&line), stderr);
	buffer_fini(&line);
}

void diagnostics_refusal(const char *format, ...)
{
	struct buffer line = BUFFER_EMPTY;
	va_list arguments;

	va_start(arguments, format);
	append(&line, format, arguments);
	va_end(arguments);
	fwrite(buffer_bytes(&line), 1, buffer_size(&line), stderr);
	if (diagnostics_terminal() != stderr)
		print_at_terminal(&line);
	buffer_fini(&line);
}

void diagnostics_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
}

void diagnostics_warning(enum verbosity verbosity, const char *format, ...)
{
	va_list arguments;

	if (verbosity < VERBOSITY_NORMAL)
		return;
	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
}

void diagnostics_detail(enum verbosity verbosity, const char *format, ...)
{
	va_list arguments;

	if (verbosity < VERBOSITY_VERBOSE)
		return;
	va_start(arguments, format);
	print(format, arguments);
	va_end(arguments);
}

void diagnostics_failure(const char *what, int error)
{
	const char *advice = call_advice(what, error);

	diagnostics_error("%s: %s%s%s", what, strerror(error),
		advice ? "; " : "", advice ? advice : "");
}

void diagnostics_failed_call(
	const struct call_log *log, const char *what, int error)
{
	if (log->failed[0] != '\0')
		diagnostics_failure(log->failed, log->error);
	else
		diagnostics_failure(what, error);
}
