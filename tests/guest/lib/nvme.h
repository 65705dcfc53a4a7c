/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An NVMe controller, driven through VFIO as far as the tests need it: an
 * admin queue and one I/O queue, one command at a time. Numbers are those of
 * the NVM Express Base Specification.
 */
#ifndef LIB_NVME_H
#define LIB_NVME_H

#include "client.h"

/* Registers in BAR 0 */
#define NVME_REG_CAP 0x00
#define NVME_REG_VS 0x08
#define NVME_REG_CC 0x14
#define NVME_REG_CSTS 0x1c
#define NVME_REG_AQA 0x24
#define NVME_REG_ASQ 0x28
#define NVME_REG_ACQ 0x30

#define NVME_BLOCK_BYTES 512
#define NVME_PAGE_BYTES 4096

/* Which of the controller's two queue pairs. */
enum nvme_queue_id {
	NVME_ADMIN,
	NVME_IO,
	NVME_NR_QUEUES,
};

/**
 * struct nvme_queue - A submission queue and its completion queue
 * @submissions: The entries, one page
 * @completions: The entries, one page
 * @tail: The next submission entry
 * @head: The next completion entry
 * @phase: The phase bit that a new completion carries
 */
struct nvme_queue {
	volatile uint32_t *submissions;
	volatile uint32_t *completions;
	unsigned int tail;
	unsigned int head;
	unsigned int phase;
};

/**
 * struct nvme - A controller that runs
 * @client: The device
 * @registers: BAR 0, mapped
 * @registers_bytes: Bytes at @registers
 * @memory: Queues and one page of data
 * @iova: Where the controller sees @memory
 * @data: The page of data
 * @queues: The queue pairs
 */
struct nvme {
	struct client *client;
	volatile uint8_t *registers;
	size_t registers_bytes;
	uint8_t *memory;
	uint64_t iova;
	uint8_t *data;
	struct nvme_queue queues[NVME_NR_QUEUES];
};

/**
 * nvme_start() - Start a controller with an admin queue on vector 0
 * @nvme: The controller
 * @client: The device
 * @iova: Free I/O addresses for a few pages
 *
 * Return: 0 or a -errno; in both cases nvme_stop() is due.
 */
int nvme_start(struct nvme *nvme, struct client *client, uint64_t iova);

/**
 * nvme_stop() - Disable the controller and free what it used
 * @nvme: The controller; may be stopped already
 */
void nvme_stop(struct nvme *nvme);

/**
 * nvme_identify() - Have the controller identify itself, into @nvme->data
 * @nvme: The controller
 *
 * Return: 0, -ETIMEDOUT, or -EIO if the controller reports an error.
 */
int nvme_identify(struct nvme *nvme);

/**
 * nvme_make_io_queue() - Make the I/O queue pair
 * @nvme: The controller
 * @vector: The MSI-X vector its completions raise
 *
 * Return: As nvme_identify().
 */
int nvme_make_io_queue(struct nvme *nvme, unsigned int vector);

/**
 * nvme_transfer() - Read or write one block through the I/O queue
 * @nvme: The controller
 * @is_write: From @nvme->data to the disk, or the other way round
 * @block: The block's number
 *
 * Return: As nvme_identify().
 */
int nvme_transfer(struct nvme *nvme, bool is_write, uint64_t block);

#endif
