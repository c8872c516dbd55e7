/* SPDX-License-Identifier: ISC */
#include "mchat/io/diagnostics.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "mchat/base/buffer.h"
#include "mchat/network/call.h"
#include "mchat/terminal/tty.h"
#include "mchat/view/safe.h"
#include "mchat/view/wrap.h"

/* The indent of a text below its label. */
#define NARROW_INDENT 9

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

/* The columns that a line may have at a descriptor, by now; 0: any number. */
static unsigned columns_at(int fd)
{
	return wrap_columns(tty_window_columns(fd));
}

/* What is said, safe to print and without a newline. */
struct said {
	struct buffer text;
	unsigned indent; /* of further lines, where it is wrapped */
};

/* Appends what is said and a newline. */
static void append_line(
	struct buffer *out, const struct said *said, unsigned columns)
{
	wrap_append(out, buffer_bytes(&said->text), buffer_size(&said->text),
		columns, said->indent);
	buffer_append_char(out, '\n');
}

/* Prints a line on a stream, in one write, so that lines of several processes
 * do not mix. */
static void print_on(FILE *stream, const struct said *said)
{
	struct buffer line = BUFFER_EMPTY;

	append_line(&line, said, columns_at(fileno(stream)));
	fwrite(buffer_bytes(&line), 1, buffer_size(&line), stream);
	buffer_fini(&line);
}

/* Prints at the terminal of standard input, which is no output; it does not
 * wait for one that takes nothing. */
static void print_at_input(const struct said *said)
{
	const char *name = ttyname(STDIN_FILENO);
	int fd = name ? open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
		      : -1;
	struct buffer line = BUFFER_EMPTY;
	ssize_t written;

	if (fd < 0) {
		print_on(stderr, said);
		return;
	}
	append_line(&line, said, columns_at(fd));
	written = write(fd, buffer_bytes(&line), buffer_size(&line));
	(void)written;
	buffer_fini(&line);
	close(fd);
}

static void print_at_terminal(const struct said *said)
{
	FILE *terminal = diagnostics_terminal();

	if (terminal)
		print_on(terminal, said);
	else
		print_at_input(said);
}

unsigned diagnostics_terminal_columns(void)
{
	FILE *terminal = diagnostics_terminal();

	return columns_at(terminal ? fileno(terminal) : STDIN_FILENO);
}

/* ---- lines ---- */

/* What the format says, behind our name; what it quotes came from anywhere, so
 * it is made safe. */
static struct said say(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0)));

static struct said say(const char *format, va_list arguments)
{
	struct said said = {
		.text = BUFFER_EMPTY, .indent = sizeof(DIAGNOSTICS_PREFIX) - 1};
	struct buffer text = BUFFER_EMPTY;

	buffer_append_vformat(&text, format, arguments);
	buffer_append_string(&said.text, DIAGNOSTICS_PREFIX);
	safe_append_text(&said.text, buffer_bytes(&text), buffer_size(&text));
	buffer_fini(&text);
	return said;
}

static void print(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0)));

static void print(const char *format, va_list arguments)
{
	struct said said = say(format, arguments);

	print_on(stderr, &said);
	buffer_fini(&said.text);
}

void diagnostics_answer(const char *format, ...)
{
	struct said said;
	va_list arguments;

	va_start(arguments, format);
	said = say(format, arguments);
	va_end(arguments);
	print_at_terminal(&said);
	buffer_fini(&said.text);
}

void diagnostics_answer_row(const char *label, unsigned width, const char *text)
{
	unsigned columns = diagnostics_terminal_columns();
	struct said said = {
		.text = BUFFER_EMPTY,
		.indent = (unsigned)sizeof(DIAGNOSTICS_PREFIX) + width,
	};

	/* Beside the labels there is no room to read. */
	if (columns > 0 && said.indent > columns / 2) {
		diagnostics_answer("%s", label);
		said.indent = NARROW_INDENT;
		buffer_append_format(&said.text, "%*s", NARROW_INDENT, "");
	} else {
		buffer_append_format(&said.text, DIAGNOSTICS_PREFIX "%-*s ",
			(int)width, label);
	}
	buffer_append_string(&said.text, text);
	print_at_terminal(&said);
	buffer_fini(&said.text);
}

/* All in one write: a signal may interrupt each. */
void diagnostics_error_below(const char *format, ...)
{
	struct buffer line = BUFFER_EMPTY;
	struct said said;
	va_list arguments;

	va_start(arguments, format);
	said = say(format, arguments);
	va_end(arguments);
	buffer_append_char(&line, '\n');
	append_line(&line, &said, columns_at(STDERR_FILENO));
	fwrite(buffer_bytes(&line), 1, buffer_size(&line), stderr);
	buffer_fini(&line);
	buffer_fini(&said.text);
}

void diagnostics_refusal(const char *format, ...)
{
	struct said said;
	va_list arguments;

	va_start(arguments, format);
	said = say(format, arguments);
	va_end(arguments);
	print_on(stderr, &said);
	if (diagnostics_terminal() != stderr)
		print_at_terminal(&said);
	buffer_fini(&said.text);
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
