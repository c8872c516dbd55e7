/* SPDX-License-Identifier: ISC */
#include "mchat/key/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mchat/base/number.h"
#include "mchat/commands/subcommand.h"
#include "mchat/crypto/secret.h"
#include "mchat/seal/code.h"
#include "mchat/seal/shared_key.h"

/* ---- names ---- */

static bool begins_with(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Whether it reads as a code, or as one with a wrong letter. */
static bool is_code(const char *name)
{
	struct code code;
	enum code_result result = code_parse(name, strlen(name), &code);

	secret_wipe(&code, sizeof(code));
	return result != CODE_MALFORMED || begins_with(name, "mchat-code-");
}

/* Whether it reads as the line of a key file, or the digits of a key. */
static bool is_key(const char *name)
{
	const size_t digits = (size_t)2 * SHARED_KEY_SIZE;

	return begins_with(name, "mchat-key-") ||
	       (strlen(name) == digits &&
		       strspn(name, "0123456789abcdefABCDEF") == digits);
}

bool key_file_is_code(const char *name)
{
	struct stat status;
	bool is_a_key = is_key(name);

	if ((!is_a_key && !is_code(name)) || lstat(name, &status) == 0)
		return false;
	diagnostics_error("that is a %s, not a file, and others on this host "
			  "can see it (ps): make a new one; %s",
		is_a_key ? "key" : "code",
		is_a_key ? "mchat key new FILE writes it into a file"
			 : "-k ask asks for it");
	return true;
}

/* Whether a name is one of a descriptor; *out is that, or -1: none of ours. */
static bool is_descriptor(const char *name, int *out)
{
	static const char *const names[] = {
		"/dev/stdin", "/dev/stdout", "/dev/stderr"};
	static const char *const folders[] = {
		"/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/"};
	int64_t number;

	for (int i = 0; i < 3; i++) {
		size_t size = strlen(folders[i]);

		if (strcmp(name, names[i]) == 0) {
			*out = i;
			return true;
		}
		if (strncmp(name, folders[i], size) != 0)
			continue;
		*out = number_parse(name + size, 0, INT_MAX, &number) ==
				       NUMBER_OK
			       ? (int)number
			       : -1;
		return true;
	}
	return false;
}

/* ---- reading ---- */

static int say_failed(const char *name, int error)
{
	diagnostics_error("%s: %s", diagnostics_quoted(name), strerror(error));
	return SUBCOMMAND_FAILED;
}

/* Opens a file, or takes the descriptor that it names. */
static int open_key(const char *name, int *out)
{
	int fd;

	if (!is_descriptor(name, &fd)) {
		*out = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		return *out < 0 ? say_failed(name, errno) : SUBCOMMAND_DONE;
	}
	if (fd < 0) {
		diagnostics_error("%s: not a descriptor", name);
		return SUBCOMMAND_USAGE;
	}
	/* They are taken already, and closed, they would be given to a socket.
	 */
	if (fd <= STDERR_FILENO) {
		diagnostics_error("%s: a key is read from a file, or from a "
				  "descriptor above 2",
			name);
		return SUBCOMMAND_USAGE;
	}
	if (fcntl(fd, F_GETFD) < 0)
		return say_failed(name, errno);
	*out = fd;
	return SUBCOMMAND_DONE;
}

static void warn(int fd, const char *name, enum verbosity verbosity)
{
	struct stat status;

	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		return;
	/* A group may share a key. */
	if (status.st_mode & (S_IROTH | S_IWOTH))
		diagnostics_warning(verbosity,
			"others on this host can read %s; chmod o= %s", name,
			name);
	if (status.st_uid != geteuid() && status.st_uid != 0)
		diagnostics_warning(verbosity,
			"%s belongs to another user, who can replace the key",
			name);
}

/* Reads all, at most `size` bytes; how many, or -1 with errno. */
static ssize_t read_all(int fd, char *out, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t got = read(fd, out + used, size - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	return (ssize_t)used;
}

static int parse(const char *name, const char *text, ssize_t size,
	struct shared_key *out)
{
	enum shared_key_result result;

	if (size > SHARED_KEY_FILE_MAX) {
		diagnostics_error("%s: longer than a key file, which has "
				  "4 KiB at most",
			name);
		return SUBCOMMAND_USAGE;
	}
	result = shared_key_parse(text, (size_t)size, out);
	if (result == SHARED_KEY_OK)
		return SUBCOMMAND_DONE;
	diagnostics_error("%s: %s", name, shared_key_error(result));
	return result == SHARED_KEY_NO_MEMORY ? SUBCOMMAND_FAILED
					      : SUBCOMMAND_USAGE;
}

int key_file_read(
	const char *name, enum verbosity verbosity, struct shared_key *out)
{
	char text[SHARED_KEY_FILE_MAX + 1];
	ssize_t size;
	int status;
	int fd;

	if (key_file_is_code(name))
		return SUBCOMMAND_USAGE;
	status = open_key(name, &fd);
	if (status != SUBCOMMAND_DONE)
		return status;
	size = read_all(fd, text, sizeof(text));
	status = size < 0 ? say_failed(name, errno)
			  : parse(name, text, size, out);
	if (status == SUBCOMMAND_DONE)
		warn(fd, name, verbosity);
	close(fd);
	secret_wipe(text, sizeof(text));
	return status;
}

/* ---- writing ---- */

bool key_file_exists(const char *name)
{
	struct stat status;

	if (lstat(name, &status) < 0)
		return false;
	(void)say_failed(name, EEXIST);
	return true;
}

/* 0, or -1 with errno. */
static int write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, text, size);

		if (written < 0 && errno != EINTR)
			return -1;
		if (written > 0) {
			text += written;
			size -= (size_t)written;
		}
	}
	return fsync(fd);
}

bool key_file_write(const char *name, const char *text, size_t size)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY,
		S_IRUSR | S_IWUSR);
	int error = 0;

	if (fd < 0) {
		(void)say_failed(name, errno);
		return false;
	}
	if (write_all(fd, text, size) < 0)
		error = errno;
	if (close(fd) < 0 && error == 0)
		error = errno;
	if (error != 0) {
		unlink(name);
		(void)say_failed(name, error);
	}
	return error == 0;
}
