// SPDX-License-Identifier: GPL-2.0-only
/*
 * What lasts beyond the next start of the machine, kept by driverctl and
 * mdevctl. Where they keep it is in their manual pages.
 */
#include "memory.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "patient.h"
#include "sysroot.h"

#define OVERRIDE "/etc/driverctl.d/pci-%s"
#define ALL_DEFINITIONS "/etc/mdevctl.d"
#define DEFINITIONS ALL_DEFINITIONS "/%s"

/* Of a program that is run, with its name. */
#define MAX_WORDS 12

#define RULE_PROGRAM "/usr/sbin/mdevctl"

static const char *const directories[] = { "/usr/sbin", "/usr/bin" };

/* Not by PATH: root's own programs are meant. Return: was it found? */
static bool find_program(char path[PATH_MAX], const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		if (!sysroot_path(path, "%s/%s", directories[i], name) &&
		    !access(path, X_OK))
			return true;
	}
	return false;
}

static enum status need_program(char path[PATH_MAX], const char *name)
{
	if (find_program(path, name))
		return STATUS_DONE;
	return fail(STATUS_UNREACHABLE, "apt install driverctl mdevctl",
		    "%s is not installed, which remembers it", name);
}

enum status memory_check(void)
{
	char path[PATH_MAX];
	enum status status = need_program(path, "driverctl");

	return status ? status : need_program(path, "mdevctl");
}

/* The words that follow @name are its arguments; NULL ends them. */
__attribute__((sentinel))
static enum status run(const char *name, const char *verb, ...)
{
	const char *argv[MAX_WORDS + 1] = { NULL };
	char path[PATH_MAX];
	enum status status = need_program(path, name);
	const char *word = verb;
	va_list args;
	size_t nr = 0;
	int ret;

	if (status)
		return status;
	argv[nr++] = path;
	va_start(args, verb);
	while (word && nr < MAX_WORDS) {
		argv[nr++] = word;
		word = va_arg(args, const char *);
	}
	va_end(args);
	ret = patient_run(argv);
	if (ret == -ETIMEDOUT)
		return fail(STATUS_FAILED, "what it waits for, ps may show",
			    "%s %s has not ended yet, and goes on", name, verb);
	if (ret < 0)
		return fail(STATUS_FAILED, NULL, "%s %s failed: %s", name,
			    verb, strerror(-ret));
	if (ret)
		return fail(STATUS_FAILED, "it has said why, above",
			    "%s %s ended with exit status %d", name, verb,
			    ret);
	return STATUS_DONE;
}

bool memory_has_override(const char *bdf)
{
	char driver[64];

	return !sysroot_read(driver, sizeof(driver), OVERRIDE, bdf) &&
	       !strcmp(driver, WRAPPER);
}

bool memory_find_definition(const char *bdf, char *uuid, size_t size)
{
	struct names names = sysroot_list(DEFINITIONS, bdf);
	bool is_found = false;
	size_t i;

	for (i = 0; i < names.nr && !is_found; i++) {
		is_found = is_uuid(names.name[i]);
		if (is_found)
			snprintf(uuid, size, "%s", names.name[i]);
	}
	names_free(&names);
	return is_found;
}

bool memory_has_definition(const char *bdf)
{
	char uuid[40];

	return memory_find_definition(bdf, uuid, sizeof(uuid));
}

/* That somebody else's goes is for the user to say. */
static enum status refuse_definition(const char *bdf, const char *uuid,
				     const char *what)
{
	char next[140];

	snprintf(next, sizeof(next),
		 "mdevctl undefine --uuid %s --parent %s has it forgotten",
		 uuid, bdf);
	return fail(STATUS_REFUSED, next,
		    "mdevctl has a definition of %s for %s, %s", uuid, bdf,
		    what);
}

/* mdevctl starts one by its type, and at each start if it says "auto". */
static enum status check_content(const struct function *fn, const char *uuid)
{
	FILE *file = sysroot_open(DEFINITIONS "/%s", fn->bdf, uuid);
	json_t *object = file ? json_loadf(file, 0, NULL) : NULL;
	const char *start = "manual";
	const char *type = "?";
	char next[140];
	char text[180];
	char ours[80];
	enum status status = STATUS_DONE;

	if (file)
		fclose(file);
	json_unpack(object, "{s?s, s?s}", "mdev_type", &type, "start", &start);
	function_type(fn, ours, sizeof(ours));
	snprintf(text, sizeof(text), "of the type %.60s, but its type is %s",
		 type, ours);
	snprintf(next, sizeof(next),
		 "mdevctl modify --auto --uuid %s --parent %s", uuid, fn->bdf);
	if (strcmp(type, ours))
		status = refuse_definition(fn->bdf, uuid, text);
	else if (strcmp(start, "auto"))
		status = fail(STATUS_REFUSED, next,
			      "mdevctl has a definition of %s for %s, but does not start it by itself",
			      uuid, fn->bdf);
	json_decref(object);
	return status;
}

/* A function has one mdev, and a UUID is one mdev's. */
enum status memory_check_definitions(const struct function *fn,
				     const char *uuid)
{
	struct names parents = sysroot_list(ALL_DEFINITIONS);
	struct names names = sysroot_list(DEFINITIONS, fn->bdf);
	enum status status = STATUS_DONE;
	const char *name;
	size_t i;

	for (i = 0; i < parents.nr && !status; i++) {
		name = parents.name[i];
		if (strcmp(name, fn->bdf) && sysroot_has(DEFINITIONS "/%s",
							 name, uuid))
			status = refuse_definition(name, uuid,
						   "another device");
	}
	for (i = 0; i < names.nr && !status; i++) {
		name = names.name[i];
		if (!is_uuid(name))
			continue;
		if (strcasecmp(name, uuid))
			status = refuse_definition(fn->bdf, name,
						   "which can have only one mdev");
		else
			status = check_content(fn, name);
	}
	names_free(&parents);
	names_free(&names);
	return status;
}

bool memory_has_wrong_rule(void)
{
	FILE *file;
	char line[400];
	bool is_called = false;

	if (sysroot_has(RULE_PROGRAM))
		return false;
	file = sysroot_open("/usr/lib/udev/rules.d/60-mdevctl.rules");
	while (file && fgets(line, sizeof(line), file)) {
		if (strstr(line, RULE_PROGRAM " "))
			is_called = true;
	}
	if (file)
		fclose(file);
	return is_called;
}

enum status memory_keep_override(const char *bdf)
{
	return run("driverctl", "set-override", bdf, WRAPPER, NULL);
}

/* Without a probe, which would fail for what no driver is for. */
enum status memory_forget_override(const char *bdf)
{
	return run("driverctl", "--noprobe", "unset-override", bdf, NULL);
}

enum status memory_define(const char *bdf, const char *uuid)
{
	struct names names = sysroot_list(PCI_DEVICES "/%s/mdev_supported_types",
					  bdf);
	enum status status;

	if (!names.nr)
		return fail(STATUS_FAILED, "vmpctl unwrap goes back",
			    "%s has no mdev type", bdf);
	status = run("mdevctl", "define", "--auto", "--uuid", uuid, "--parent",
		     bdf, "--type", names.name[0], NULL);
	names_free(&names);
	return status;
}

enum status memory_undefine(const char *bdf)
{
	enum status status = STATUS_DONE;
	char uuid[40];

	while (!status && memory_find_definition(bdf, uuid, sizeof(uuid))) {
		status = run("mdevctl", "undefine", "--uuid", uuid, "--parent",
			     bdf, NULL);
		if (!status && sysroot_has(DEFINITIONS "/%s", bdf, uuid))
			status = fail(STATUS_FAILED, NULL,
				      "mdevctl has not forgotten %s", uuid);
	}
	return status;
}
