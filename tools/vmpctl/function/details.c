// SPDX-License-Identifier: GPL-2.0-only
/*
 * What show says of one function beyond what list says of all.
 */
#include "details.h"

#include <stdio.h>
#include <string.h>

#include "sysroot.h"

#define SETTINGS PCI_DEVICES "/%s/vfio_mdev_pci"
#define TWIN "_effective"

static bool is_twin(const char *name)
{
	size_t length = strlen(name);

	return length > strlen(TWIN) &&
	       !strcmp(name + length - strlen(TWIN), TWIN);
}

static void add_setting(struct details *details, const struct function *fn,
			const char *name)
{
	struct setting *setting;

	if (details->nr_settings == MAX_SETTINGS)
		return;
	setting = &details->setting[details->nr_settings++];
	snprintf(setting->name, sizeof(setting->name), "%s", name);
	sysroot_read(setting->asked, sizeof(setting->asked), SETTINGS "/%s",
		     fn->bdf, name);
	sysroot_read(setting->effective, sizeof(setting->effective),
		     SETTINGS "/%s" TWIN, fn->bdf, name);
}

static void add_counter(struct details *details, const struct function *fn,
			const char *name)
{
	struct counter *counter;

	if (details->nr_counters == MAX_COUNTERS)
		return;
	counter = &details->counter[details->nr_counters++];
	snprintf(counter->name, sizeof(counter->name), "%s", name);
	sysroot_read(counter->value, sizeof(counter->value), SETTINGS "/%s",
		     fn->bdf, name);
}

static void read_files(struct details *details, const struct function *fn)
{
	struct names names = sysroot_list(SETTINGS, fn->bdf);
	size_t i;

	for (i = 0; i < names.nr; i++) {
		if (is_twin(names.name[i]))
			continue;
		if (sysroot_has(SETTINGS "/%s" TWIN, fn->bdf, names.name[i]))
			add_setting(details, fn, names.name[i]);
		else
			add_counter(details, fn, names.name[i]);
	}
	names_free(&names);
}

static void read_cdev(struct details *details, const struct function *fn)
{
	struct names names = sysroot_list(PCI_DEVICES "/%s/vfio-dev", fn->bdf);

	/* Without iommufd there is a vfio device, but no file for it. */
	if (names.nr && sysroot_has("/dev/vfio/devices/%s", names.name[0]))
		snprintf(details->cdev, sizeof(details->cdev), "%.31s",
			 names.name[0]);
	names_free(&names);
}

void details_read(struct details *details, const struct function *fn)
{
	*details = (struct details) { .nr_settings = 0 };
	sysroot_read(details->link_speed, sizeof(details->link_speed),
		     PCI_DEVICES "/%s/current_link_speed", fn->bdf);
	sysroot_read(details->link_width, sizeof(details->link_width),
		     PCI_DEVICES "/%s/current_link_width", fn->bdf);
	if (!function_is_bound(fn))
		return;
	read_files(details, fn);
	read_cdev(details, fn);
	if (*fn->uuid)
		sysroot_link(details->type, sizeof(details->type),
			     PCI_DEVICES "/%s/%s/mdev_type", fn->bdf,
			     fn->uuid);
	details->users = users_find(fn->group, details->cdev);
}
