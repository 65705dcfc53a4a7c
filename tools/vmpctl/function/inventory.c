// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine's PCI functions, as sysfs shows them.
 */
#include "inventory.h"

#include <ctype.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sysroot.h"

#define HEADER_TYPE_MASK 0x7f
#define CLASS_BRIDGE_PCI 0x0604

bool is_uuid(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t i;

	for (i = 0; form[i]; i++) {
		if (form[i] == 'x' ? !isxdigit((unsigned char)text[i]) :
				     text[i] != form[i])
			return false;
	}
	return !text[i];
}

static int64_t number_of(const char *bdf, const char *name, int64_t otherwise)
{
	int64_t number;

	if (sysroot_number(&number, PCI_DEVICES "/%s/%s", bdf, name))
		return otherwise;
	return number;
}

static bool has_header_of_bridge(const struct function *fn)
{
	uint8_t config[PCI_HEADER_TYPE + 1];

	if (sysroot_bytes(config, sizeof(config), PCI_DEVICES "/%s/config",
			  fn->bdf) == sizeof(config))
		return config[PCI_HEADER_TYPE] & HEADER_TYPE_MASK;
	return fn->class_code >> 8 == CLASS_BRIDGE_PCI;
}

static void read_group(struct function *fn)
{
	char base[16];

	fn->group = NO_GROUP;
	if (!sysroot_link(base, sizeof(base), PCI_DEVICES "/%s/iommu_group",
			  fn->bdf) && *base && !base[strspn(base, "0123456789")])
		fn->group = atoi(base);
}

static void read_mdev(struct function *fn)
{
	struct names names = sysroot_list(PCI_DEVICES "/%s", fn->bdf);
	size_t i;

	for (i = 0; i < names.nr; i++) {
		if (!is_uuid(names.name[i]))
			continue;
		snprintf(fn->uuid, sizeof(fn->uuid), "%.36s", names.name[i]);
		break;
	}
	names_free(&names);
}

static void read_driver(struct function *fn)
{
	sysroot_link(fn->driver, sizeof(fn->driver), PCI_DEVICES "/%s/driver",
		     fn->bdf);
	sysroot_read(fn->override, sizeof(fn->override),
		     PCI_DEVICES "/%s/driver_override", fn->bdf);
	if (!strcmp(fn->override, "(null)"))
		*fn->override = 0;
	sysroot_read(fn->reset_methods, sizeof(fn->reset_methods),
		     PCI_DEVICES "/%s/reset_method", fn->bdf);
}

void function_read(struct function *fn, const char *bdf)
{
	*fn = (struct function) { .group = NO_GROUP };
	snprintf(fn->bdf, sizeof(fn->bdf), "%.15s", bdf);
	fn->vendor = number_of(bdf, "vendor", 0);
	fn->device = number_of(bdf, "device", 0);
	fn->subsystem_vendor = number_of(bdf, "subsystem_vendor", 0);
	fn->subsystem_device = number_of(bdf, "subsystem_device", 0);
	fn->class_code = number_of(bdf, "class", 0) & 0xffffff;
	fn->revision = number_of(bdf, "revision", 0);
	fn->numa_node = number_of(bdf, "numa_node", -1);
	fn->nr_vfs = number_of(bdf, "sriov_numvfs", 0);
	fn->max_vfs = number_of(bdf, "sriov_totalvfs", 0);
	sysroot_link(fn->physical, sizeof(fn->physical),
		     PCI_DEVICES "/%s/physfn", bdf);
	fn->is_bridge = has_header_of_bridge(fn);
	read_group(fn);
	read_driver(fn);
	if (function_is_bound(fn))
		read_mdev(fn);
}

struct inventory inventory_read(void)
{
	struct names names = sysroot_list(PCI_DEVICES);
	struct inventory inventory = { NULL, 0 };
	size_t i;

	inventory.function = calloc(names.nr + 1, sizeof(struct function));
	for (i = 0; inventory.function && i < names.nr; i++)
		function_read(&inventory.function[inventory.nr++],
			      names.name[i]);
	names_free(&names);
	return inventory;
}

void inventory_free(struct inventory *inventory)
{
	free(inventory->function);
	*inventory = (struct inventory) { NULL, 0 };
}

void function_type(const struct function *fn, char *type, size_t size)
{
	snprintf(type, size, WRAPPER "-%04x:%04x:%04x:%04x:%06x:%02x",
		 fn->vendor, fn->device, fn->subsystem_vendor,
		 fn->subsystem_device, fn->class_code, fn->revision);
}

bool function_is_bound(const struct function *fn)
{
	return !strcmp(fn->driver, WRAPPER);
}

bool function_is_beside(const struct function *fn, const struct function *other)
{
	return fn != other && fn->group != NO_GROUP &&
	       fn->group == other->group;
}
