/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * QEMU's "edu" device (docs/specs/edu.rst of QEMU), driven through VFIO.
 */
#ifndef LIB_EDU_H
#define LIB_EDU_H

#include "client.h"

#define EDU_VENDOR_DEVICE "1234 11e8"
#define EDU_ID 0x010000ed

/* Device and vendor, as config space has them */
#define EDU_CONFIG_ID 0x11e81234

/* Registers in BAR 0 */
#define EDU_REG_ID 0x00
#define EDU_REG_LIVENESS 0x04	/* reads back inverted */
#define EDU_REG_FACTORIAL 0x08
#define EDU_REG_STATUS 0x20
#define EDU_REG_IRQ_STATUS 0x24
#define EDU_REG_IRQ_RAISE 0x60
#define EDU_REG_IRQ_ACK 0x64
#define EDU_REG_DMA_SOURCE 0x80
#define EDU_REG_DMA_TARGET 0x88
#define EDU_REG_DMA_COUNT 0x90
#define EDU_REG_DMA_COMMAND 0x98

/* The DMA command, which a device that is done reads without RUN. */
#define EDU_DMA_RUN 0x1
#define EDU_DMA_TO_MEMORY 0x2	/* out of the buffer, else into it */
#define EDU_DMA_INTERRUPT 0x4	/* when done */

#define EDU_STATUS_COMPUTING 0x01
#define EDU_STATUS_IRQ_WHEN_DONE 0x80
#define EDU_IRQ_FACTORIAL 0x001
#define EDU_IRQ_DMA 0x100

/* The device's own memory, as its DMA engine addresses it. */
#define EDU_BUFFER 0x40000
#define EDU_BUFFER_BYTES 4096

/* The DMA engine drives 28 address lines. */
#define EDU_DMA_LIMIT (1ULL << 28)

/* Which way the DMA engine copies. */
enum edu_direction {
	EDU_FROM_MEMORY,	/* into the device's buffer */
	EDU_TO_MEMORY,		/* out of the device's buffer */
};

/**
 * edu_start() - Enable the device's memory space and bus mastering
 * @client: The device
 *
 * Return: 0 or a -errno.
 */
int edu_start(struct client *client);

/**
 * edu_wait_until_idle() - Wait until an edu has computed what it was told to
 * @client: The device; if it is no edu, there is nothing to wait for
 *
 * QEMU's has a thread for it, and begins anew when its state is loaded. A stream
 * that is saved meanwhile is as good as one that is saved later, but another.
 *
 * Return: 0 or -ETIMEDOUT.
 */
int edu_wait_until_idle(struct client *client);

/**
 * edu_read() - Read a register
 * @client: The device
 * @reg: EDU_REG_*
 *
 * Return: The value.
 */
uint32_t edu_read(struct client *client, unsigned int reg);

/**
 * edu_write() - Write a register
 * @client: The device
 * @reg: EDU_REG_*
 * @value: The value
 */
void edu_write(struct client *client, unsigned int reg, uint32_t value);

/**
 * edu_start_copy() - Have the DMA engine begin to copy
 * @client: The device
 * @direction: Which way
 * @iova: The memory, as the device sees it
 * @bytes: How many, at most EDU_BUFFER_BYTES
 */
void edu_start_copy(struct client *client, enum edu_direction direction,
		    uint64_t iova, unsigned int bytes);

/**
 * edu_copy() - Have the DMA engine copy, and wait until it has
 * @client: The device
 * @direction: Which way
 * @iova: The memory, as the device sees it
 * @bytes: How many, at most EDU_BUFFER_BYTES
 *
 * Return: 0, or -ETIMEDOUT.
 */
int edu_copy(struct client *client, enum edu_direction direction,
	     uint64_t iova, unsigned int bytes);

#endif
