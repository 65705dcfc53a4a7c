/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a command of vmpctl is, and how it says that something is wrong.
 */
#ifndef VMPCTL_COMMAND_H
#define VMPCTL_COMMAND_H

/**
 * enum status - exit statuses, as vmpctl(8) lists them
 * @STATUS_DONE: all is well
 * @STATUS_REFUSED: the answer is no: a stream is damaged, a device does not
 *	take it, the machine is not ready, a change would do harm
 * @STATUS_USAGE: the command line makes no sense
 * @STATUS_UNREACHABLE: a file or a device is not there, not allowed, or not in
 *	a state in which it can be used; nothing was done
 * @STATUS_FAILED: something failed on the way
 * @STATUS_INTERRUPTED: a signal came, all was put back
 */
enum status {
	STATUS_DONE = 0,
	STATUS_REFUSED = 1,
	STATUS_USAGE = 2,
	STATUS_UNREACHABLE = 3,
	STATUS_FAILED = 4,
	STATUS_INTERRUPTED = 130,
};

/**
 * struct command - one word that may follow "vmpctl"
 * @name: that word
 * @about: what it does, half a line
 * @usage: what --help prints
 * @run: does it; argv[0] is the word itself
 */
struct command {
	const char *name;
	const char *about;
	const char *usage;
	enum status (*run)(int argc, char **argv);
};

extern const struct command list_command;
extern const struct command show_command;
extern const struct command client_command;
extern const struct command set_command;
extern const struct command doctor_command;
extern const struct command inspect_command;
extern const struct command save_command;
extern const struct command load_command;

/**
 * fail() - say on stderr what is wrong, and what can be done
 * @status: what to return
 * @next: what the user can do next, or NULL
 * @format: what is wrong, as for printf(); %m is good
 *
 * Return: @status.
 */
__attribute__((format(printf, 3, 4)))
enum status fail(enum status status, const char *next, const char *format, ...);

/* What to do about a command line that makes no sense. */
enum status fail_usage(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* VMPCTL_COMMAND_H */
