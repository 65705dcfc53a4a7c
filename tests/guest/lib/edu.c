// SPDX-License-Identifier: GPL-2.0-only
/*
 * QEMU's "edu" device, driven through VFIO.
 */
#include "edu.h"

#include <errno.h>

#include "failure.h"
#include "region.h"
#include "wait.h"

int edu_start(struct client *client)
{
	return config_set_command(client,
				  PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
}

static bool has_computed(void *client)
{
	return !(edu_read(client, EDU_REG_STATUS) & EDU_STATUS_COMPUTING);
}

int edu_wait_until_idle(struct client *client)
{
	if (config_read(client, PCI_VENDOR_ID, 4) != EDU_CONFIG_ID ||
	    wait_for(has_computed, client, WAIT_LIMIT_MS))
		return 0;
	return failure_set(ETIMEDOUT, "the edu computes and computes");
}

uint32_t edu_read(struct client *client, unsigned int reg)
{
	return region_read32(client, VFIO_PCI_BAR0_REGION_INDEX, reg);
}

void edu_write(struct client *client, unsigned int reg, uint32_t value)
{
	region_write32(client, VFIO_PCI_BAR0_REGION_INDEX, reg, value);
}

static bool dma_is_done(void *client)
{
	return !(edu_read(client, EDU_REG_DMA_COMMAND) & EDU_DMA_RUN);
}

void edu_start_copy(struct client *client, enum edu_direction direction,
		    uint64_t iova, unsigned int bytes)
{
	bool to_memory = direction == EDU_TO_MEMORY;

	edu_write(client, EDU_REG_DMA_SOURCE, to_memory ? EDU_BUFFER : iova);
	edu_write(client, EDU_REG_DMA_TARGET, to_memory ? iova : EDU_BUFFER);
	edu_write(client, EDU_REG_DMA_COUNT, bytes);
	edu_write(client, EDU_REG_DMA_COMMAND,
		  EDU_DMA_RUN | (to_memory ? EDU_DMA_TO_MEMORY : 0));
}

int edu_copy(struct client *client, enum edu_direction direction,
	     uint64_t iova, unsigned int bytes)
{
	edu_start_copy(client, direction, iova, bytes);
	if (wait_for(dma_is_done, client, WAIT_LIMIT_MS))
		return 0;
	return failure_set(ETIMEDOUT, "the DMA engine did not finish");
}
