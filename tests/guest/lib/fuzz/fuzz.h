/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sequences of calls that no sane client makes: what a call is, how it is drawn
 * from a seed, written as a line of text, and made.
 *
 * A sequence has lanes that run at once: two threads of a client that has the
 * device open, and a process that writes to sysfs. In a lane the calls come in
 * their order; how the lanes meet is the kernel's choice.
 */
#ifndef LIB_FUZZ_FUZZ_H
#define LIB_FUZZ_FUZZ_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "client.h"
#include "draw.h"

#define FUZZ_MAX_FIELDS 9
#define FUZZ_MAX_CALLS 40
#define FUZZ_MAX_OPERATIONS 96

enum fuzz_lane {
	FUZZ_FIRST,	/* a thread of the client */
	FUZZ_SECOND,	/* another one */
	FUZZ_ADMIN,	/* a process of its own */
	FUZZ_NR_LANES
};

/* File descriptors of the client, which calls name by these numbers. */
enum fuzz_fd {
	FUZZ_DEVICE,		/* the device */
	FUZZ_DEVICE_AGAIN,	/* opened once more */
	FUZZ_DATA,		/* the data file of its migration */
	FUZZ_DATA_AGAIN,	/* the one before that */
	FUZZ_SPACE,		/* the container or the iommufd */
	FUZZ_GROUP,		/* the group; none with ACCESS_CDEV */
	FUZZ_EVENT_0,
	FUZZ_EVENT_1,
	FUZZ_EVENT_2,
	FUZZ_PLAIN,		/* /dev/zero */
	FUZZ_NR_FDS
};

/* What a number in a call stands for; what is drawn for it is in values.c. */
enum fuzz_kind {
	FUZZ_NOTHING,		/* ends a list of fields */
	FUZZ_PLACE,		/* where the structure lies, enum fuzz_place */
	FUZZ_ARGSZ,		/* FUZZ_RIGHT: what is right */
	FUZZ_WORD,
	FUZZ_FEW,
	FUZZ_FLAGS,
	FUZZ_MAP_FLAGS,
	FUZZ_IOAS_FLAGS,
	FUZZ_DIRTY_FLAGS,
	FUZZ_REGION,
	FUZZ_IRQ,
	FUZZ_IRQ_FLAGS,
	FUZZ_IRQ_START,
	FUZZ_COUNT,
	FUZZ_FD,		/* enum fuzz_fd, or another number */
	FUZZ_FD_DEVICE,		/* as FUZZ_FD, mostly the device */
	FUZZ_FD_DATA,		/* mostly the data file */
	FUZZ_FD_SPACE,		/* mostly the container or iommufd */
	FUZZ_FD_GROUP,		/* mostly the group */
	FUZZ_FD_EVENT,		/* mostly an eventfd */
	FUZZ_OFFSET,		/* of a file of regions, see FUZZ_AT_END */
	FUZZ_OFFSET_IN_BAR,	/* as FUZZ_OFFSET, without a sign */
	FUZZ_LENGTH,
	FUZZ_IOVA,
	FUZZ_PAGES,		/* bytes, mostly whole pages */
	FUZZ_PAGE_SIZE,		/* as FUZZ_PAGES, never 0 */
	FUZZ_ADDRESS,		/* an offset in the client's memory, or nowhere */
	FUZZ_FEATURE,
	FUZZ_FEATURE_ACT,	/* probe, get, set, or what is none of them */
	FUZZ_STATE,
	FUZZ_IO_FLAGS,
	FUZZ_PROTECTION,
	FUZZ_COMMAND,
	FUZZ_NAME,		/* of a device, as a number */
	FUZZ_TEXT,		/* for a file of sysfs, as a number */
	FUZZ_FILE,		/* a file of sysfs, as a number */
	FUZZ_IOAS,
	FUZZ_BEHIND,		/* the address of what lies behind the structure */
	FUZZ_NR_KINDS
};

/* An argsz that is right, whatever the structure. */
#define FUZZ_RIGHT 0x10000

/* An offset that counts from the region's end; its low 16 bits have a sign. */
#define FUZZ_AT_END (1ULL << 56)
#define FUZZ_REGION_SHIFT 40	/* VFIO_PCI_OFFSET_SHIFT of vfio-pci-core */

/* Where a call's structure lies in the client's memory. */
enum fuzz_place {
	FUZZ_IN_PAGE,
	FUZZ_BEFORE_GUARD,	/* it ends where nothing may be read */
	FUZZ_INTO_GUARD,	/* its first 8 bytes may be read */
	FUZZ_READ_ONLY,
	FUZZ_NULL,
	FUZZ_OF_KERNEL,
	FUZZ_NR_PLACES
};

/**
 * struct fuzz_field - A number of a call
 * @kind: What it stands for
 * @offset: Where it lies in the call's structure, if the call has one
 * @bytes: How many bytes it has there; 0 if it does not lie there
 */
struct fuzz_field {
	enum fuzz_kind kind;
	uint16_t offset;
	uint8_t bytes;
};

struct fuzz_target;
struct fuzz_lane_memory;

/**
 * struct fuzz_operation - A kind of call
 * @name: Its name in a line of text
 * @fields: Its numbers
 * @run: Makes it; gets the numbers as they are to be used
 * @command: Of an ioctl
 * @size: Bytes of an ioctl's structure, with what lies behind it
 * @behind: Where in it that begins
 * @flags: What the structure's second word is, if no field says so
 * @weight: How much more often than others it is drawn; 0 is as good as 1
 * @is_admins: It belongs to the lane of sysfs
 * @only_by: The access mode that has such a call, as ONLY_BY(); 0 for all
 * @takes_container_away: With these numbers the group may lose its container;
 *	NULL: with none. Linux does not survive that at once with a call of the
 *	container's, see fuzz.c
 */
struct fuzz_operation {
	const char *name;
	struct fuzz_field fields[FUZZ_MAX_FIELDS];
	long (*run)(struct fuzz_target *target,
		    const struct fuzz_operation *operation,
		    struct fuzz_lane_memory *memory, const uint64_t *numbers);
	unsigned long command;
	uint16_t size;
	uint16_t behind;
	uint32_t flags;
	unsigned int weight;
	bool is_admins;
	unsigned int only_by;
	bool (*takes_container_away)(struct fuzz_target *target,
				     const uint64_t *numbers);
};

/* The tables of operations, each ended by one without a name. */
extern const struct fuzz_operation fuzz_device_operations[];
extern const struct fuzz_operation fuzz_space_operations[];
extern const struct fuzz_operation fuzz_file_operations[];
extern const struct fuzz_operation fuzz_sysfs_operations[];

/**
 * struct fuzz_call - A call of a sequence
 * @lane: Who makes it
 * @operation: Its index
 * @numbers: As they were drawn
 */
struct fuzz_call {
	enum fuzz_lane lane;
	unsigned int operation;
	uint64_t numbers[FUZZ_MAX_FIELDS];
};

/**
 * struct fuzz_sequence - Calls, and the device they are for
 * @device: The device's id in the machine
 * @seed: What it was drawn from; 0 if it was read
 * @calls: The calls
 * @nr_calls: How many
 */
struct fuzz_sequence {
	char device[32];
	uint64_t seed;
	struct fuzz_call calls[FUZZ_MAX_CALLS];
	unsigned int nr_calls;
};

/* How often an operation was made, and how often the kernel did as it said. */
struct fuzz_count {
	atomic_uint tries;
	atomic_uint successes;
};

/* What the processes of a run tell each other. */
struct fuzz_report {
	struct fuzz_count counts[FUZZ_MAX_OPERATIONS];
	atomic_int strange_errno;	/* one that user space must not see */
	atomic_uint strange_operation;
};

/**
 * struct fuzz_lane_memory - Memory for the structures of one lane's calls
 * @writable: 16 pages, then one that cannot be touched
 * @readable: The same 16 pages, read-only
 */
struct fuzz_lane_memory {
	uint8_t *writable;
	const uint8_t *readable;
};

/**
 * struct fuzz_target - A device, and its client as the calls see it
 * @address: Its PCI address
 * @uuid: The name of its mdev
 * @access: How it is opened
 * @space: The client's address space
 * @fds: The client's file descriptors, by enum fuzz_fd; -1 for none
 * @region_bytes: Sizes of the regions
 * @memory: FUZZ_MEMORY_BYTES that the device may be given
 * @stream: FUZZ_STREAM_BYTES for what was read from a data file
 * @stream_bytes: How many of them were read
 * @stream_given: How many were written
 * @lanes: Memory of the lanes
 * @container: Held for writing while the group may lose its container, by all
 *	other calls of the client for reading
 * @may_be_unbound: By others: a group whose last function goes loses its container
 *	as well, which an open device keeps from happening
 * @report: Shared by all processes of the run
 */
struct fuzz_target {
	const char *address;
	const char *uuid;
	enum access_mode access;
	struct space space;
	atomic_int fds[FUZZ_NR_FDS];
	uint64_t region_bytes[VFIO_PCI_NUM_REGIONS];
	uint8_t *memory;
	uint8_t *stream;
	atomic_size_t stream_bytes;
	atomic_size_t stream_given;
	struct fuzz_lane_memory lanes[FUZZ_NR_LANES];
	pthread_rwlock_t container;
	bool may_be_unbound;
	struct fuzz_report *report;
};

#define FUZZ_MEMORY_BYTES (64UL << 10)
#define FUZZ_STREAM_BYTES (2UL << 20)
#define FUZZ_LANE_BYTES (64UL << 10)

/**
 * fuzz_operation() - An operation of all tables
 * @index: From 0
 *
 * Return: The operation, NULL behind the last.
 */
const struct fuzz_operation *fuzz_operation(unsigned int index);

/**
 * fuzz_draw_number() - Draw a number for a field
 * @draw: Where from
 * @kind: What it stands for
 *
 * Return: The number.
 */
uint64_t fuzz_draw_number(struct draw *draw, enum fuzz_kind kind);

/**
 * fuzz_use_number() - What a drawn number comes to in a client
 * @target: The client
 * @operation: The operation it belongs to
 * @kind: What it stands for
 * @number: As it was drawn
 *
 * Return: The number to give to the kernel.
 */
uint64_t fuzz_use_number(struct fuzz_target *target,
			 const struct fuzz_operation *operation,
			 enum fuzz_kind kind, uint64_t number);

/**
 * fuzz_draw_sequence() - Draw a sequence
 * @sequence: Gets it
 * @device: The device's id
 * @access: How the device is opened
 * @seed: What it is drawn from
 */
void fuzz_draw_sequence(struct fuzz_sequence *sequence, const char *device,
			enum access_mode access, uint64_t seed);

/**
 * fuzz_print_sequence() - Write a sequence as text
 * @file: Where to
 * @prefix: What each line begins with
 * @sequence: The sequence
 */
void fuzz_print_sequence(FILE *file, const char *prefix,
			 const struct fuzz_sequence *sequence);

/**
 * fuzz_read_sequence() - Read what fuzz_print_sequence() wrote
 * @sequence: Gets it
 * @path: The file
 *
 * Return: 0, or a -errno with failure_text() set.
 */
int fuzz_read_sequence(struct fuzz_sequence *sequence, const char *path);

/**
 * fuzz_run_call() - Make one call
 * @target: The device and its client
 * @call: The call
 */
void fuzz_run_call(struct fuzz_target *target, const struct fuzz_call *call);

/**
 * fuzz_run_ioctl() - Make a call that is an ioctl
 * @target: The device and its client
 * @operation: The call's operation
 * @memory: Where its structure goes
 * @numbers: The fd, the place, then the fields of the structure
 *
 * Return: As ioctl().
 */
long fuzz_run_ioctl(struct fuzz_target *target,
		    const struct fuzz_operation *operation,
		    struct fuzz_lane_memory *memory, const uint64_t *numbers);

/**
 * fuzz_run_sequence() - Make the calls of a sequence, in processes of their own
 * @target: The device, without a client; its mdev is there
 * @sequence: The calls
 *
 * Return: 0 once all processes have ended, whatever the calls returned;
 * -ETIMEDOUT if one hangs in the kernel, -EPROTO if a call failed with an errno
 * that is the kernel's own.
 */
int fuzz_run_sequence(struct fuzz_target *target,
		      const struct fuzz_sequence *sequence);

#endif
