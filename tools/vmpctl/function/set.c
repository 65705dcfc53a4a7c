// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmpctl set: the settings of a function, which are the files that have a twin
 * with what is in force.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "command.h"
#include "details.h"
#include "select.h"
#include "similar.h"
#include "sysroot.h"

/* The setting that "KEY=VALUE" names. */
static const struct setting *find_setting(const struct details *details,
					  const char *word)
{
	size_t length = strcspn(word, "=");
	size_t i;

	for (i = 0; i < details->nr_settings; i++) {
		if (strlen(details->setting[i].name) == length &&
		    !strncmp(details->setting[i].name, word, length))
			return &details->setting[i];
	}
	return NULL;
}

static enum status refuse_key(const struct details *details, const char *word)
{
	char *key = strndup(word, strcspn(word, "="));
	struct similar similar = similar_to(key ? key : "");
	enum status status;
	char next[80] = "vmpctl show shows the settings";
	size_t i;

	for (i = 0; i < details->nr_settings; i++)
		similar_offer(&similar, details->setting[i].name);
	if (similar.best)
		snprintf(next, sizeof(next), "did you mean %s?", similar.best);
	status = fail(STATUS_USAGE, next, "there is no setting \"%s\"",
		      similar.typed);
	free(key);
	return status;
}

/* All words are looked at before the first setting is changed. */
static enum status check_words(const struct details *details, int nr,
			       char **words)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (!strchr(words[i], '='))
			return fail_usage(&set_command, "\"%s\" is not KEY=VALUE",
					  words[i]);
		if (!find_setting(details, words[i]))
			return refuse_key(details, words[i]);
	}
	return STATUS_DONE;
}

static enum status set_one(const struct function *fn,
			   const struct setting *setting, const char *value)
{
	char effective[sizeof(setting->effective)];
	char asked[sizeof(setting->asked)];
	int ret;

	ret = sysroot_write(value, PCI_DEVICES "/%s/vfio_mdev_pci/%s",
			    fn->bdf, setting->name);
	if (ret)
		return fail(STATUS_FAILED,
			    "only root may; values are 0 and 1; dmesg may say more",
			    "cannot set %s to \"%s\": %s", setting->name,
			    value, strerror(-ret));
	sysroot_read(asked, sizeof(asked), PCI_DEVICES "/%s/vfio_mdev_pci/%s",
		     fn->bdf, setting->name);
	sysroot_read(effective, sizeof(effective),
		     PCI_DEVICES "/%s/vfio_mdev_pci/%s_effective", fn->bdf,
		     setting->name);
	printf("%s=%s: %s\n", setting->name, asked,
	       !strcmp(asked, effective) ? "in force" :
	       "comes into force when nobody has the device open");
	return STATUS_DONE;
}

static enum status set_all(const struct function *fn, int nr, char **words,
			   bool is_dry)
{
	struct details details;
	enum status status;
	int i;

	if (!function_is_bound(fn))
		return fail(STATUS_UNREACHABLE,
			    "driverctl set-override binds it",
			    "%s is not bound to " WRAPPER, fn->bdf);
	details_read(&details, fn);
	status = check_words(&details, nr, words);
	for (i = 0; !status && i < nr; i++) {
		if (is_dry)
			printf("would set %s of %s\n", words[i], fn->bdf);
		else
			status = set_one(fn, find_setting(&details, words[i]),
					 strchr(words[i], '=') + 1);
	}
	return status;
}

static enum status run_set(int argc, char **argv)
{
	struct inventory inventory;
	const struct function *fn;
	bool is_dry = false;
	const struct argument known[] = {
		{ "dry-run", &is_dry, NULL },
		{ NULL, NULL, NULL },
	};
	enum status status;

	if (!arguments_take(&set_command, &argc, &argv, known, &status))
		return status;
	if (argc < 2)
		return fail_usage(&set_command, "it takes a device and KEY=VALUE");
	inventory = inventory_read();
	status = select_function(&inventory, argv[0], &fn);
	if (!status)
		status = set_all(fn, argc - 1, argv + 1, is_dry);
	inventory_free(&inventory);
	return status;
}

const struct command set_command = {
	.name = "set",
	.about = "change settings of a function",
	.usage =
	"Usage: vmpctl set [--dry-run] DEVICE KEY=VALUE...\n"
	"\n"
	"Changes settings of a function that is bound to vfio-mdev-pci, and says\n"
	"whether each is in force now. vmpctl show shows which there are.\n"
	"\n"
	"  --dry-run   only say what would be done\n",
	.run = run_set,
};
