// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module parameter "ids": which functions to bind from the start.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "ids.h"

enum id_field {
	ID_VENDOR,
	ID_DEVICE,
	ID_SUBVENDOR,
	ID_SUBDEVICE,
	ID_CLASS,
	ID_CLASS_MASK,
	NR_ID_FIELDS,
};

#define NR_REQUIRED_ID_FIELDS (ID_DEVICE + 1)

/* An id that is left out matches any, a class that is left out is not looked at. */
static const struct {
	u32 value;
	u32 max;
	bool may_be_any;
} id_defaults[NR_ID_FIELDS] = {
	[ID_VENDOR]	= { PCI_ANY_ID, U16_MAX, true },
	[ID_DEVICE]	= { PCI_ANY_ID, U16_MAX, true },
	[ID_SUBVENDOR]	= { PCI_ANY_ID, U16_MAX, true },
	[ID_SUBDEVICE]	= { PCI_ANY_ID, U16_MAX, true },
	[ID_CLASS]	= { 0, 0xffffff, false },
	[ID_CLASS_MASK]	= { 0, U32_MAX, false },
};

/* Takes @entry apart. Stricter than sscanf(), which would let "10d3x" pass. */
static int parse_entry(char *entry, u32 id[NR_ID_FIELDS])
{
	int nr = 0;
	char *text;
	int i;

	for (i = 0; i < NR_ID_FIELDS; i++)
		id[i] = id_defaults[i].value;

	while ((text = strsep(&entry, ":"))) {
		if (nr == NR_ID_FIELDS || kstrtou32(text, 16, &id[nr]))
			return -EINVAL;

		if (id[nr] > id_defaults[nr].max &&
		    !(id_defaults[nr].may_be_any && id[nr] == PCI_ANY_ID))
			return -EINVAL;
		nr++;
	}

	return nr < NR_REQUIRED_ID_FIELDS ? -EINVAL : 0;
}

static void add_entry(struct pci_driver *driver, const char *entry)
{
	u32 id[NR_ID_FIELDS];
	char copy[80];
	int ret;

	if (strscpy(copy, entry, sizeof(copy)) < 0 || parse_entry(copy, id)) {
		pr_warn("ids: skipping \"%s\": not vendor:device[:subvendor[:subdevice[:class[:class_mask]]]] in hexadecimal\n",
			entry);
		return;
	}

	ret = pci_add_dynid(driver, id[ID_VENDOR], id[ID_DEVICE],
			    id[ID_SUBVENDOR], id[ID_SUBDEVICE],
			    id[ID_CLASS], id[ID_CLASS_MASK], 0);
	if (ret)
		pr_warn("ids: cannot add \"%s\": %pe\n", entry, ERR_PTR(ret));
}

void vmp_ids_add(struct pci_driver *driver, char *list)
{
	char *entry;

	while ((entry = strsep(&list, ","))) {
		if (*entry)
			add_entry(driver, entry);
	}
}
