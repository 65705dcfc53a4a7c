// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a sequence: a process that is the client, with two threads, and one that
 * is the administrator. What they do to the device is the calls' business; that
 * it is usable afterwards is the test's.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "fuzz.h"
#include "region.h"
#include "sysfs.h"
#include "wait.h"

#define PAGE 4096

/* What a client of no ill will maps first. */
#define FIRST_IOVA 0x100000

/* A removal asks again after ten seconds; a reset that fails takes seconds. */
#define HANG_LIMIT_MS 100000

/* The kernel's own errnos begin here (include/linux/errno.h). */
#define FIRST_INTERNAL_ERRNO 512

/* Each lane of a sequence, as a thread or process gets it. */
struct lane {
	struct fuzz_target *target;
	const struct fuzz_sequence *sequence;
	enum fuzz_lane number;
};

static void put_number(uint8_t *structure, const struct fuzz_field *field,
		       uint64_t number)
{
	memcpy(structure + field->offset, &number, field->bytes);
}

static uint8_t *choose_place(struct fuzz_lane_memory *memory, size_t size,
			     enum fuzz_place place)
{
	uint8_t *end = memory->writable + FUZZ_LANE_BYTES;

	switch (place) {
	case FUZZ_BEFORE_GUARD:
		return end - size;
	case FUZZ_INTO_GUARD:
		return end - 8;
	case FUZZ_READ_ONLY:
		return (uint8_t *)memory->readable;
	case FUZZ_NULL:
		return NULL;
	case FUZZ_OF_KERNEL:
		return (uint8_t *)0xffff888000000000;
	default:
		return memory->writable;
	}
}

/* Copied as far as it is memory of ours, without a look at what is behind. */
static void place_structure(struct fuzz_lane_memory *memory, uint8_t *place,
			    const uint8_t *structure, size_t size)
{
	uint8_t *end = memory->writable + FUZZ_LANE_BYTES;

	if (place == memory->readable)
		place = memory->writable;
	if (place < memory->writable || place >= end)
		return;
	if (size > (size_t)(end - place))
		size = end - place;
	memcpy(place, structure, size);
}

long fuzz_run_ioctl(struct fuzz_target *target,
		    const struct fuzz_operation *operation,
		    struct fuzz_lane_memory *memory, const uint64_t *numbers)
{
	uint8_t structure[256] = { 0 };
	uint8_t *place = choose_place(memory, operation->size, numbers[1]);
	const struct fuzz_field *field = &operation->fields[2];
	unsigned int i;

	(void)target;
	memcpy(structure + 4, &operation->flags, sizeof(operation->flags));
	for (i = 2; i < FUZZ_MAX_FIELDS && field->kind; i++, field++) {
		uint64_t number = numbers[i];

		if (field->kind == FUZZ_BEHIND)
			number = (uintptr_t)(number ? choose_place(memory, 64,
								   number) :
					     place + operation->behind);
		put_number(structure, field, number);
	}
	memset(memory->writable, 0, PAGE);
	place_structure(memory, place, structure, operation->size);
	return ioctl((int)numbers[0], operation->command, place);
}

static void report_errno(struct fuzz_report *report, unsigned int operation,
			 int error)
{
	int none = 0;

	if (error < FIRST_INTERNAL_ERRNO)
		return;
	if (atomic_compare_exchange_strong(&report->strange_errno, &none,
					   error))
		atomic_store(&report->strange_operation, operation);
}

/* Alone if the group may lose its container, else along with the other lane. */
static void hold_container(struct fuzz_target *target,
			   const struct fuzz_operation *operation,
			   const uint64_t *numbers)
{
	if (operation->takes_container_away &&
	    operation->takes_container_away(target, numbers))
		pthread_rwlock_wrlock(&target->container);
	else
		pthread_rwlock_rdlock(&target->container);
}

static bool is_of_space(const struct fuzz_operation *operation,
			const struct fuzz_call *call)
{
	unsigned int i;

	for (i = 0; i < FUZZ_MAX_FIELDS; i++) {
		enum fuzz_kind kind = operation->fields[i].kind;

		if (kind >= FUZZ_FD && kind <= FUZZ_FD_EVENT &&
		    call->numbers[i] == FUZZ_SPACE)
			return true;
	}
	return false;
}

/* Could the container's memory be freed in the middle of the call? */
static bool may_lose_container(struct fuzz_target *target,
			       const struct fuzz_operation *operation,
			       const struct fuzz_call *call)
{
	return target->may_be_unbound &&
	       atomic_load(&target->fds[FUZZ_DEVICE]) < 0 &&
	       atomic_load(&target->fds[FUZZ_DEVICE_AGAIN]) < 0 &&
	       is_of_space(operation, call);
}

static void run_call(struct fuzz_target *target, const struct fuzz_call *call,
		     const struct fuzz_operation *operation,
		     const uint64_t *numbers)
{
	struct fuzz_count *count = &target->report->counts[call->operation];

	atomic_fetch_add(&count->tries, 1);
	errno = 0;
	if (operation->run(target, operation, &target->lanes[call->lane],
			   numbers) < 0)
		report_errno(target->report, call->operation, errno);
	else
		atomic_fetch_add(&count->successes, 1);
}

void fuzz_run_call(struct fuzz_target *target, const struct fuzz_call *call)
{
	const struct fuzz_operation *operation =
		fuzz_operation(call->operation);
	uint64_t numbers[FUZZ_MAX_FIELDS];
	unsigned int i;

	for (i = 0; i < FUZZ_MAX_FIELDS; i++)
		numbers[i] = fuzz_use_number(target, operation,
					     operation->fields[i].kind,
					     call->numbers[i]);
	hold_container(target, operation, numbers);
	if (!may_lose_container(target, operation, call))
		run_call(target, call, operation, numbers);
	pthread_rwlock_unlock(&target->container);
}

static void *run_lane(void *arg)
{
	const struct lane *lane = arg;
	unsigned int i;

	for (i = 0; i < lane->sequence->nr_calls; i++) {
		if (lane->sequence->calls[i].lane == lane->number)
			fuzz_run_call(lane->target, &lane->sequence->calls[i]);
	}
	return NULL;
}

static void *map_anonymous(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		_exit(1);
	return memory;
}

/* The same pages twice, and nothing behind the ones that can be written. */
static void make_lane_memory(struct fuzz_lane_memory *memory)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, FUZZ_LANE_BYTES))
		_exit(1);
	memory->writable = map_anonymous(FUZZ_LANE_BYTES + PAGE);
	mprotect(memory->writable + FUZZ_LANE_BYTES, PAGE, PROT_NONE);
	if (mmap(memory->writable, FUZZ_LANE_BYTES, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
		_exit(1);
	memory->readable = mmap(NULL, FUZZ_LANE_BYTES, PROT_READ, MAP_SHARED,
				fd, 0);
	if (memory->readable == MAP_FAILED)
		_exit(1);
	close(fd);
}

/* A client as there are many; without a device if somebody took it away. */
static void open_client(struct fuzz_target *target)
{
	union region_info region;
	struct client client;
	unsigned int i;

	for (i = 0; i < FUZZ_NR_FDS; i++)
		atomic_init(&target->fds[i], -1);
	for (i = FUZZ_EVENT_0; i <= FUZZ_EVENT_2; i++)
		atomic_init(&target->fds[i], eventfd(0, EFD_NONBLOCK));
	atomic_init(&target->fds[FUZZ_PLAIN], open("/dev/zero", O_RDWR));
	target->memory = map_anonymous(FUZZ_MEMORY_BYTES);
	target->stream = map_anonymous(FUZZ_STREAM_BYTES);
	if (space_open(&target->space, space_way(target->access),
		       target->address))
		return;
	atomic_init(&target->fds[FUZZ_SPACE], target->space.fd);
	atomic_init(&target->fds[FUZZ_GROUP], target->space.group_fd);
	if (client_open(&client, &target->space, target->uuid))
		return;
	atomic_init(&target->fds[FUZZ_DEVICE], client.fd);
	for (i = 0; i < VFIO_PCI_NUM_REGIONS; i++) {
		if (!region_query(&client, i, &region))
			target->region_bytes[i] = region.info.size;
	}
	space_map(&target->space, target->memory, FUZZ_MEMORY_BYTES,
		  FIRST_IOVA);
}

/* What a child of a test must not have of it. */
static void become_child(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGALRM, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
}

static void be_client(struct fuzz_target *target,
		      const struct fuzz_sequence *sequence)
{
	struct lane second = { target, sequence, FUZZ_SECOND };
	struct lane first = { target, sequence, FUZZ_FIRST };
	pthread_t thread;

	become_child();
	make_lane_memory(&target->lanes[FUZZ_FIRST]);
	make_lane_memory(&target->lanes[FUZZ_SECOND]);
	open_client(target);
	if (pthread_create(&thread, NULL, run_lane, &second))
		_exit(1);
	run_lane(&first);
	pthread_join(thread, NULL);
	_exit(0);
}

static void be_admin(struct fuzz_target *target,
		     const struct fuzz_sequence *sequence)
{
	struct lane admin = { target, sequence, FUZZ_ADMIN };

	become_child();
	run_lane(&admin);
	_exit(0);
}

static bool has_lane(const struct fuzz_sequence *sequence,
		     enum fuzz_lane lane)
{
	unsigned int i;

	for (i = 0; i < sequence->nr_calls; i++) {
		if (sequence->calls[i].lane == lane)
			return true;
	}
	return false;
}

static pid_t start(struct fuzz_target *target,
		   const struct fuzz_sequence *sequence,
		   void (*be)(struct fuzz_target *target,
			      const struct fuzz_sequence *sequence))
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		fail_msg("no process");
	if (!child)
		be(target, sequence);
	return child;
}

static bool has_ended(void *arg)
{
	pid_t *child = arg;

	if (*child > 0 && waitpid(*child, NULL, WNOHANG) == *child)
		*child = 0;
	return *child <= 0;
}

static void print_stacks(pid_t child)
{
	char command[128];

	snprintf(command, sizeof(command),
		 "head -n 30 /proc/%d/task/*/stack >&2", child);
	if (system(command))
		fprintf(stderr, "# no stack to be had\n");
}

static int wait_for_end(pid_t child)
{
	if (wait_for(has_ended, &child, HANG_LIMIT_MS))
		return 0;
	print_stacks(child);
	kill(child, SIGKILL);
	return failure_set(ETIMEDOUT, "a process hangs in the kernel");
}

static int check_errnos(struct fuzz_report *report)
{
	int error = atomic_load(&report->strange_errno);
	unsigned int operation = atomic_load(&report->strange_operation);

	if (!error)
		return 0;
	return failure_set(EPROTO, "%s failed with the errno %d",
			   fuzz_operation(operation)->name, error);
}

int fuzz_run_sequence(struct fuzz_target *target,
		      const struct fuzz_sequence *sequence)
{
	pid_t admin = 0;
	pid_t client;
	int ret;

	/* Each process has its own, as each has files of its own. */
	if (pthread_rwlock_init(&target->container, NULL))
		fail_msg("no lock");
	target->may_be_unbound = target->access == ACCESS_GROUP &&
				 has_lane(sequence, FUZZ_ADMIN);
	client = start(target, sequence, be_client);
	if (has_lane(sequence, FUZZ_ADMIN))
		admin = start(target, sequence, be_admin);
	ret = wait_for_end(client);
	if (!ret && admin)
		ret = wait_for_end(admin);
	if (!ret)
		ret = check_errnos(target->report);
	return ret;
}
