// SPDX-License-Identifier: GPL-2.0-only
/*
 * As much of Intel's 82540EM and 82574 as tests need.
 */
#include "e1000.h"

#include "region.h"

#define BAR0 VFIO_PCI_BAR0_REGION_INDEX

int e1000_start(struct client *client)
{
	int ret = config_set_command(client, PCI_COMMAND_MEMORY, 0);

	if (!ret)
		ret = region_write32(client, BAR0, E1000_REG_IMC, UINT32_MAX);
	if (!ret)
		ret = region_write32(client, BAR0, E1000_REG_IMS,
				     E1000_CAUSE_LINK);
	if (!ret)
		e1000_acknowledge(client);
	return ret;
}

void e1000_raise(struct client *client)
{
	region_write32(client, BAR0, E1000_REG_ICS, E1000_CAUSE_LINK);
}

uint32_t e1000_acknowledge(struct client *client)
{
	return region_read32(client, BAR0, E1000_REG_ICR);
}
