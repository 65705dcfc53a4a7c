// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers and names of a stream in words, for eyes.
 */
#include "words.h"

#include <linux/pci_regs.h>
#include <stdio.h>

#include "migration/stream.h"

/* Records that a backend can have; vfio-mdev-pci-stream(5). */
#define MAX_BACKEND_RECORDS 32

const char *words_bytes(uint64_t bytes, char *buffer, size_t size)
{
	static const char *const units[] = {
		"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB",
	};
	double value = bytes;
	unsigned int unit = 0;

	while (value >= 1024) {
		value /= 1024;
		unit++;
	}
	if (value == (uint64_t)value)
		snprintf(buffer, size, "%.0f %s", value, units[unit]);
	else
		snprintf(buffer, size, "%.1f %s", value, units[unit]);
	return buffer;
}

const char *words_record(uint32_t type, char *buffer, size_t size)
{
	switch (type) {
	case VMP_RECORD_IDENTITY:
		return "IDENTITY";
	case VMP_RECORD_CONFIG:
		return "CONFIG";
	case VMP_RECORD_END:
		return "END";
	}
	if (type >= VMP_RECORD_BACKEND &&
	    type < VMP_RECORD_BACKEND + MAX_BACKEND_RECORDS)
		snprintf(buffer, size, "backend's %u",
			 type - VMP_RECORD_BACKEND);
	else
		snprintf(buffer, size, "unknown %u", type);
	return buffer;
}

const char *words_capability(unsigned int id)
{
	static const char *const names[] = {
		[PCI_CAP_ID_PM] = "power management",
		[PCI_CAP_ID_AGP] = "AGP",
		[PCI_CAP_ID_VPD] = "vital product data",
		[PCI_CAP_ID_SLOTID] = "slot identification",
		[PCI_CAP_ID_MSI] = "MSI",
		[PCI_CAP_ID_CHSWP] = "hot swap",
		[PCI_CAP_ID_PCIX] = "PCI-X",
		[PCI_CAP_ID_HT] = "HyperTransport",
		[PCI_CAP_ID_VNDR] = "vendor-specific",
		[PCI_CAP_ID_DBG] = "debug port",
		[PCI_CAP_ID_CCRC] = "CompactPCI",
		[PCI_CAP_ID_SHPC] = "hot-plug controller",
		[PCI_CAP_ID_SSVID] = "subsystem id",
		[PCI_CAP_ID_AGP3] = "AGP 8x",
		[PCI_CAP_ID_SECDEV] = "secure device",
		[PCI_CAP_ID_EXP] = "PCI Express",
		[PCI_CAP_ID_MSIX] = "MSI-X",
		[PCI_CAP_ID_SATA] = "SATA",
		[PCI_CAP_ID_AF] = "advanced features",
		[PCI_CAP_ID_EA] = "enhanced allocation",
	};

	return id < sizeof(names) / sizeof(names[0]) ? names[id] : NULL;
}
