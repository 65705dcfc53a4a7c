// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of the differences from vfio-pci that are meant. A line that no
 * test sees fails the tests that it speaks of, so none can be left over.
 */
#include "survey/intended.h"

#include <stddef.h>

#define QEMU_DOES_NOT_KNOW "QEMU on type1 would reset a sibling that runs, for it looks for PCI addresses among UUIDs"

const struct intended intended_differences[] = {
	{
		.subject = "e1000_beside_its_open_sibling",
		.access = ACCESS_GROUP,
		.key = "hot reset info, *",
		.ours = "ENODEV",
		.reason = QEMU_DOES_NOT_KNOW,
		.document = "docs/differences.md#hot-resets-spare-open-siblings",
	},
	{
		.subject = "e1000_beside_its_open_sibling",
		.access = ACCESS_GROUP,
		.key = "hot reset with *",
		.ours = "EBUSY",
		.reason = QEMU_DOES_NOT_KNOW,
		.document = "docs/differences.md#hot-resets-spare-open-siblings",
	},
	{
		.subject = "e1000_beside_its_open_sibling",
		.access = ACCESS_GROUP,
		.key = "call 12 (GET_PCI_HOT_RESET_INFO), *",
		.ours = "ENODEV",
		.reason = QEMU_DOES_NOT_KNOW,
		.document = "docs/differences.md#hot-resets-spare-open-siblings",
	},
	{
		.subject = "e1000_beside_its_open_sibling",
		.access = ACCESS_GROUP,
		.key = "call 13 (PCI_HOT_RESET), *",
		.ours = "EBUSY",
		.reason = QEMU_DOES_NOT_KNOW,
		.document = "docs/differences.md#hot-resets-spare-open-siblings",
	},
	{ .key = NULL },
};
