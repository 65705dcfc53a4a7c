// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that are no ioctls: what files can do, and what memory of a device's
 * can do that is mapped.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "edu.h"
#include "fuzz.h"

#define BAR0(offset) ((off_t)(offset))

/* Reads and writes are cut to what a lane's memory holds. */
static size_t cut(uint64_t bytes)
{
	return bytes > FUZZ_LANE_BYTES ? FUZZ_LANE_BYTES : bytes;
}

static long read_region(struct fuzz_target *target,
			const struct fuzz_operation *operation,
			struct fuzz_lane_memory *memory,
			const uint64_t *numbers)
{
	(void)target;
	(void)operation;
	return pread((int)numbers[0], memory->writable, cut(numbers[2]),
		     numbers[1]);
}

/* The number again and again. Long writes are for the edges' sake: few. */
static long write_region(struct fuzz_target *target,
			 const struct fuzz_operation *operation,
			 struct fuzz_lane_memory *memory,
			 const uint64_t *numbers)
{
	size_t bytes = cut(numbers[2]);
	size_t i;

	(void)target;
	(void)operation;
	for (i = 0; i + 8 <= bytes || i < 8; i += 8)
		memcpy(memory->writable + i, &numbers[3], 8);
	return pwrite((int)numbers[0], memory->writable, bytes, numbers[1]);
}

static __thread sigjmp_buf way_out;
static __thread volatile sig_atomic_t has_way_out;

/* Memory that is not enabled, or of a device that is gone. */
static void on_fault(int signal)
{
	if (has_way_out)
		siglongjmp(way_out, 1);
	_exit(128 + signal);
}

static void touch(volatile uint8_t *memory, size_t bytes, int protection)
{
	const struct sigaction action = {
		.sa_handler = on_fault,
		.sa_flags = SA_NODEFER,
	};

	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
	if (sigsetjmp(way_out, 1)) {
		has_way_out = false;
		return;
	}
	has_way_out = true;
	if (protection & PROT_READ)
		(void)*(volatile uint32_t *)memory;
	if (protection & PROT_WRITE)
		*(volatile uint32_t *)(memory + bytes - 4) = 0;
	has_way_out = false;
}

static long map_region(struct fuzz_target *target,
		       const struct fuzz_operation *operation,
		       struct fuzz_lane_memory *memory,
		       const uint64_t *numbers)
{
	int protection = numbers[3] & 7;
	size_t bytes = numbers[2];
	void *map;

	(void)target;
	(void)operation;
	(void)memory;
	map = mmap(NULL, bytes, protection,
		   numbers[3] & 0x100 ? MAP_PRIVATE : MAP_SHARED,
		   (int)numbers[0], numbers[1]);
	if (map == MAP_FAILED)
		return -1;
	touch(map, bytes, protection);
	/* Sometimes it stays until the client ends. */
	if (!(numbers[3] & 0x200))
		munmap(map, bytes);
	return 0;
}

static long read_data(struct fuzz_target *target,
		      const struct fuzz_operation *operation,
		      struct fuzz_lane_memory *memory, const uint64_t *numbers)
{
	size_t at = atomic_load(&target->stream_bytes);
	ssize_t got;

	(void)operation;
	got = read((int)numbers[0], memory->writable, cut(numbers[1]));
	if (got <= 0 || at + got > FUZZ_STREAM_BYTES)
		return got;
	memcpy(target->stream + at, memory->writable, got);
	atomic_store(&target->stream_bytes, at + got);
	return got;
}

/* All that there is to read, so that there is something to write. */
static long read_all_data(struct fuzz_target *target,
			  const struct fuzz_operation *operation,
			  struct fuzz_lane_memory *memory,
			  const uint64_t *numbers)
{
	size_t at = 0;
	ssize_t got;

	(void)operation;
	(void)memory;
	do {
		got = read((int)numbers[0], target->stream + at,
			   FUZZ_STREAM_BYTES - at);
		at += got > 0 ? got : 0;
	} while (got > 0);
	if (!at)
		return got;
	atomic_store(&target->stream_given, 0);
	atomic_store(&target->stream_bytes, at);
	return 0;
}

/*
 * What was read is written again, whole or in part, from where the last write
 * ended; a byte may be another.
 */
static long write_data(struct fuzz_target *target,
		       const struct fuzz_operation *operation,
		       struct fuzz_lane_memory *memory,
		       const uint64_t *numbers)
{
	size_t bytes = atomic_load(&target->stream_bytes);
	size_t given = atomic_load(&target->stream_given);
	size_t piece;
	ssize_t put;

	(void)operation;
	(void)memory;
	if (given >= bytes)
		given = 0;
	piece = numbers[1] == 4 ? bytes - given : cut(numbers[1]);
	if (given + piece > FUZZ_STREAM_BYTES)
		piece = FUZZ_STREAM_BYTES - given;
	if (bytes && !(numbers[2] & 3))
		target->stream[numbers[2] % bytes] ^= 1 << (numbers[3] & 7);
	put = write((int)numbers[0], target->stream + given, piece);
	if (put > 0)
		atomic_store(&target->stream_given, given + put);
	return put;
}

static long poll_file(struct fuzz_target *target,
		      const struct fuzz_operation *operation,
		      struct fuzz_lane_memory *memory, const uint64_t *numbers)
{
	struct pollfd file = { .fd = numbers[0], .events = numbers[1] };

	(void)target;
	(void)operation;
	(void)memory;
	return poll(&file, 1, 0);
}

static long seek_file(struct fuzz_target *target,
		      const struct fuzz_operation *operation,
		      struct fuzz_lane_memory *memory, const uint64_t *numbers)
{
	(void)target;
	(void)operation;
	(void)memory;
	return lseek((int)numbers[0], numbers[1], numbers[2] % 3);
}

/* The first three are the test's own. */
static long close_file(struct fuzz_target *target,
		       const struct fuzz_operation *operation,
		       struct fuzz_lane_memory *memory,
		       const uint64_t *numbers)
{
	int fd;

	(void)operation;
	(void)memory;
	if (numbers[0] >= FUZZ_NR_FDS)
		return 0;
	fd = atomic_exchange(&target->fds[numbers[0]], -1);
	return fd > 2 ? close(fd) : 0;
}

/*
 * The last file of a group's: of its own, or of a device's if that is closed. Or
 * the last of a device that somebody unbinds.
 */
static bool may_end_group(struct fuzz_target *target, const uint64_t *numbers)
{
	switch (numbers[0]) {
	case FUZZ_GROUP:
		return true;
	case FUZZ_DEVICE:
	case FUZZ_DEVICE_AGAIN:
		return target->may_be_unbound ||
		       atomic_load(&target->fds[FUZZ_GROUP]) < 0;
	default:
		return false;
	}
}

static long open_again(struct fuzz_target *target,
		       const struct fuzz_operation *operation,
		       struct fuzz_lane_memory *memory,
		       const uint64_t *numbers)
{
	int fd = space_open_device(&target->space,
				   numbers[0] & 1 ? target->uuid :
						    target->address);

	(void)operation;
	(void)memory;
	if (fd < 0) {
		errno = -fd;
		return -1;
	}
	atomic_store(&target->fds[FUZZ_DEVICE_AGAIN],
		     atomic_exchange(&target->fds[FUZZ_DEVICE], fd));
	return 0;
}

static long signal_event(struct fuzz_target *target,
			 const struct fuzz_operation *operation,
			 struct fuzz_lane_memory *memory,
			 const uint64_t *numbers)
{
	const uint64_t once = 1;

	(void)target;
	(void)operation;
	(void)memory;
	return write((int)numbers[0], &once, sizeof(once));
}

/* Has an edu's engine copy, to wherever; to others these are some registers. */
static long copy_by_dma(struct fuzz_target *target,
			const struct fuzz_operation *operation,
			struct fuzz_lane_memory *memory,
			const uint64_t *numbers)
{
	const struct {
		unsigned int reg;
		uint64_t value;
	} writes[] = {
		{ EDU_REG_DMA_SOURCE, EDU_BUFFER },
		{ EDU_REG_DMA_TARGET, numbers[1] },
		{ EDU_REG_DMA_COUNT, numbers[2] % (EDU_BUFFER_BYTES + 1) },
		{ EDU_REG_DMA_COMMAND, EDU_DMA_RUN | EDU_DMA_TO_MEMORY |
				       (numbers[3] & EDU_DMA_INTERRUPT) },
	};
	const uint16_t command = 0x6;	/* memory space, bus mastering */
	long ret = 0;
	size_t i;

	(void)operation;
	(void)memory;
	if (target->region_bytes[0] != 1UL << 20)
		return 0;
	pwrite((int)numbers[0], &command, sizeof(command),
	       ((off_t)VFIO_PCI_CONFIG_REGION_INDEX << FUZZ_REGION_SHIFT) + 4);
	for (i = 0; i < sizeof(writes) / sizeof(writes[0]); i++)
		ret = pwrite((int)numbers[0], &writes[i].value, 4,
			     BAR0(writes[i].reg));
	return ret;
}

const struct fuzz_operation fuzz_file_operations[] = {
	{
		.name = "read", .weight = 6, .run = read_region,
		.fields = { { FUZZ_FD_DEVICE }, { FUZZ_OFFSET },
			    { FUZZ_LENGTH } },
	}, {
		.name = "write", .weight = 10, .run = write_region,
		.fields = { { FUZZ_FD_DEVICE }, { FUZZ_OFFSET },
			    { FUZZ_LENGTH }, { FUZZ_WORD } },
	}, {
		.name = "mmap", .weight = 4, .run = map_region,
		.fields = { { FUZZ_FD_DEVICE }, { FUZZ_OFFSET },
			    { FUZZ_PAGES }, { FUZZ_PROTECTION } },
	}, {
		.name = "read_data", .weight = 3, .run = read_data,
		.fields = { { FUZZ_FD_DATA }, { FUZZ_LENGTH } },
	}, {
		.name = "read_all_data", .weight = 3, .run = read_all_data,
		.fields = { { FUZZ_FD_DATA } },
	}, {
		.name = "write_data", .weight = 4, .run = write_data,
		.fields = { { FUZZ_FD_DATA }, { FUZZ_LENGTH }, { FUZZ_WORD },
			    { FUZZ_WORD } },
	}, {
		.name = "poll", .run = poll_file,
		.fields = { { FUZZ_FD }, { FUZZ_WORD } },
	}, {
		.name = "seek", .run = seek_file,
		.fields = { { FUZZ_FD }, { FUZZ_OFFSET }, { FUZZ_FEW } },
	}, {
		.name = "close", .weight = 2, .run = close_file,
		.fields = { { FUZZ_FEW } },
		.takes_container_away = may_end_group,
	}, {
		.name = "open_again", .weight = 2, .run = open_again,
		.fields = { { FUZZ_WORD } },
	}, {
		.name = "signal", .run = signal_event,
		.fields = { { FUZZ_FD_EVENT } },
	}, {
		.name = "dma", .weight = 3, .run = copy_by_dma,
		.fields = { { FUZZ_FD_DEVICE }, { FUZZ_IOVA }, { FUZZ_WORD },
			    { FUZZ_WORD } },
	},
	{ }
};
