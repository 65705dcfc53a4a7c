// SPDX-License-Identifier: GPL-2.0-only
/*
 * An NVMe controller, driven through VFIO as far as the tests need it.
 */
#include "nvme.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "failure.h"
#include "region.h"
#include "wait.h"

#define CC_ENABLE 0x1
#define CC_ENTRY_SIZES (4 << 20 | 6 << 16)	/* 16 and 64 bytes */
#define CSTS_READY 0x1

#define OP_ADMIN_CREATE_SQ 0x01
#define OP_ADMIN_CREATE_CQ 0x05
#define OP_ADMIN_IDENTIFY 0x06
#define OP_IO_WRITE 0x01
#define OP_IO_READ 0x02

#define IDENTIFY_CONTROLLER 1
#define QUEUE_IS_CONTIGUOUS 0x1
#define CQ_RAISES_INTERRUPTS 0x2

#define NR_ENTRIES 16
#define SUBMISSION_WORDS 16
#define COMPLETION_WORDS 4

/* The pages of nvme->memory: a pair a queue, then the data. */
#define SUBMISSIONS_PAGE(queue) (2 * (queue))
#define COMPLETIONS_PAGE(queue) (2 * (queue) + 1)
#define DATA_PAGE (2 * NVME_NR_QUEUES)
#define NR_PAGES (DATA_PAGE + 1)

#define DOORBELLS 0x1000

static volatile uint32_t *reg32(struct nvme *nvme, unsigned int reg)
{
	return (volatile uint32_t *)(nvme->registers + reg);
}

static void write64(struct nvme *nvme, unsigned int reg, uint64_t value)
{
	*reg32(nvme, reg) = value;
	*reg32(nvme, reg + 4) = value >> 32;
}

static uint64_t page_iova(struct nvme *nvme, unsigned int page)
{
	return nvme->iova + (uint64_t)page * NVME_PAGE_BYTES;
}

static void ring(struct nvme *nvme, unsigned int number, uint32_t value)
{
	uint32_t cap_high = *reg32(nvme, NVME_REG_CAP + 4);
	unsigned int stride = 4 << (cap_high & 0xf);

	*reg32(nvme, DOORBELLS + number * stride) = value;
}

static bool is_ready(void *nvme)
{
	return *reg32(nvme, NVME_REG_CSTS) & CSTS_READY;
}

static bool is_stopped(void *nvme)
{
	return !is_ready(nvme);
}

static void set_up_queue(struct nvme *nvme, enum nvme_queue_id id)
{
	uint8_t *base = nvme->memory;

	nvme->queues[id] = (struct nvme_queue) {
		.submissions = (void *)(base + SUBMISSIONS_PAGE(id) *
					NVME_PAGE_BYTES),
		.completions = (void *)(base + COMPLETIONS_PAGE(id) *
					NVME_PAGE_BYTES),
		.phase = 1,
	};
}

static int get_memory(struct nvme *nvme)
{
	void *memory = mmap(NULL, NR_PAGES * NVME_PAGE_BYTES,
			    PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	int ret;

	if (memory == MAP_FAILED)
		return failure_set(errno, "no memory for the queues");
	ret = space_map(nvme->client->space, memory,
			NR_PAGES * NVME_PAGE_BYTES, nvme->iova);
	if (ret) {
		munmap(memory, NR_PAGES * NVME_PAGE_BYTES);
		return ret;
	}
	nvme->memory = memory;
	nvme->data = nvme->memory + DATA_PAGE * NVME_PAGE_BYTES;
	return 0;
}

int nvme_start(struct nvme *nvme, struct client *client, uint64_t iova)
{
	int ret;

	*nvme = (struct nvme) { .client = client, .iova = iova };
	ret = config_set_command(client,
				 PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	if (ret)
		return ret;
	nvme->registers = region_map(client, VFIO_PCI_BAR0_REGION_INDEX,
				     &nvme->registers_bytes);
	if (!nvme->registers)
		return -EIO;
	ret = get_memory(nvme);
	if (ret)
		return ret;
	set_up_queue(nvme, NVME_ADMIN);
	*reg32(nvme, NVME_REG_CC) = 0;
	if (!wait_for(is_stopped, nvme, WAIT_LIMIT_MS))
		return failure_set(ETIMEDOUT, "the controller did not stop");
	*reg32(nvme, NVME_REG_AQA) = (NR_ENTRIES - 1) << 16 | (NR_ENTRIES - 1);
	write64(nvme, NVME_REG_ASQ,
		page_iova(nvme, SUBMISSIONS_PAGE(NVME_ADMIN)));
	write64(nvme, NVME_REG_ACQ,
		page_iova(nvme, COMPLETIONS_PAGE(NVME_ADMIN)));
	*reg32(nvme, NVME_REG_CC) = CC_ENTRY_SIZES | CC_ENABLE;
	if (!wait_for(is_ready, nvme, WAIT_LIMIT_MS))
		return failure_set(ETIMEDOUT, "the controller did not start");
	return 0;
}

void nvme_stop(struct nvme *nvme)
{
	if (nvme->registers) {
		*reg32(nvme, NVME_REG_CC) = 0;
		wait_for(is_stopped, nvme, WAIT_LIMIT_MS);
		munmap((void *)nvme->registers, nvme->registers_bytes);
	}
	if (nvme->memory) {
		space_unmap(nvme->client->space, NR_PAGES * NVME_PAGE_BYTES,
			    nvme->iova);
		munmap(nvme->memory, NR_PAGES * NVME_PAGE_BYTES);
	}
	memset(nvme, 0, sizeof(*nvme));
}

static uint32_t completion_status(const struct nvme_queue *queue)
{
	return queue->completions[queue->head * COMPLETION_WORDS + 3];
}

static bool has_completion(void *arg)
{
	const struct nvme_queue *queue = arg;

	return (completion_status(queue) >> 16 & 1) == queue->phase;
}

/* Submit one command and wait for its completion. */
static int run_command(struct nvme *nvme, enum nvme_queue_id id,
		       const uint32_t *words)
{
	struct nvme_queue *queue = &nvme->queues[id];
	uint32_t status;
	unsigned int i;

	for (i = 0; i < SUBMISSION_WORDS; i++)
		queue->submissions[queue->tail * SUBMISSION_WORDS + i] =
			words[i];
	queue->tail = (queue->tail + 1) % NR_ENTRIES;
	__sync_synchronize();
	ring(nvme, 2 * id, queue->tail);
	if (!wait_for(has_completion, queue, WAIT_LIMIT_MS))
		return failure_set(ETIMEDOUT, "command %#x was not completed",
				   words[0] & 0xff);
	status = completion_status(queue) >> 17;
	if (++queue->head == NR_ENTRIES) {
		queue->head = 0;
		queue->phase ^= 1;
	}
	ring(nvme, 2 * id + 1, queue->head);
	if (status)
		return failure_set(EIO, "command %#x ended with status %#x",
				   words[0] & 0xff, status);
	return 0;
}

int nvme_identify(struct nvme *nvme)
{
	const uint32_t words[SUBMISSION_WORDS] = {
		[0] = OP_ADMIN_IDENTIFY,
		[6] = page_iova(nvme, DATA_PAGE),
		[10] = IDENTIFY_CONTROLLER,
	};

	return run_command(nvme, NVME_ADMIN, words);
}

int nvme_make_io_queue(struct nvme *nvme, unsigned int vector)
{
	const uint32_t create_cq[SUBMISSION_WORDS] = {
		[0] = OP_ADMIN_CREATE_CQ,
		[6] = page_iova(nvme, COMPLETIONS_PAGE(NVME_IO)),
		[10] = (NR_ENTRIES - 1) << 16 | NVME_IO,
		[11] = vector << 16 | CQ_RAISES_INTERRUPTS |
		       QUEUE_IS_CONTIGUOUS,
	};
	const uint32_t create_sq[SUBMISSION_WORDS] = {
		[0] = OP_ADMIN_CREATE_SQ,
		[6] = page_iova(nvme, SUBMISSIONS_PAGE(NVME_IO)),
		[10] = (NR_ENTRIES - 1) << 16 | NVME_IO,
		[11] = NVME_IO << 16 | QUEUE_IS_CONTIGUOUS,
	};
	int ret;

	set_up_queue(nvme, NVME_IO);
	ret = run_command(nvme, NVME_ADMIN, create_cq);
	if (ret)
		return ret;
	return run_command(nvme, NVME_ADMIN, create_sq);
}

int nvme_transfer(struct nvme *nvme, bool is_write, uint64_t block)
{
	const uint32_t words[SUBMISSION_WORDS] = {
		[0] = is_write ? OP_IO_WRITE : OP_IO_READ,
		[1] = 1,	/* namespace */
		[6] = page_iova(nvme, DATA_PAGE),
		[10] = block,
		[11] = block >> 32,
	};

	return run_command(nvme, NVME_IO, words);
}
