// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients: processes that use a device for as long as they live, and never let
 * go of it by themselves. None of their calls need succeed.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "edu.h"
#include "faults.h"
#include "irq.h"
#include "mig_model.h"
#include "migration.h"
#include "region.h"
#include "sysfs.h"
#include "wait.h"

#define PAGE 4096
#define SWITCH_OF_SELF "/proc/self/make-it-fail"
#define IOVA 0x100000
#define NOWHERE 0x8000000	/* which nobody maps */

/* A process that was killed may wait for a reset of some seconds. */
#define DEATH_LIMIT_MS 60000

/* A client, as it sees itself. */
struct worker {
	struct client client;
	struct space space;
	uint8_t *memory;
	struct draw draw;
	bool has_failures;	/* some of its allocations fail */
};

static void copy(struct worker *worker)
{
	edu_start(&worker->client);
	edu_start_copy(&worker->client,
		       draw_below(&worker->draw, 2) ? EDU_TO_MEMORY :
						      EDU_FROM_MEMORY,
		       IOVA, PAGE);
}

/* The IOMMU stops each, and the kernel's log has some of them. */
static void copy_to_nowhere(struct worker *worker)
{
	edu_start(&worker->client);
	edu_start_copy(&worker->client, EDU_TO_MEMORY,
		       NOWHERE + PAGE * draw_below(&worker->draw, 1024), 8);
}

static void migrate(struct worker *worker)
{
	char buffer[PAGE];

	mig_go(&worker->client, draw_below(&worker->draw, MIG_NR_STATES));
	if (worker->client.data_fd < 0)
		return;
	if (read(worker->client.data_fd, buffer, sizeof(buffer)) > 0)
		return;
	if (write(worker->client.data_fd, buffer, sizeof(buffer)) < 0)
		return;
}

static void read_stream(struct worker *worker)
{
	char buffer[PAGE];

	client_reset(&worker->client);
	if (mig_go(&worker->client, MIG_STOP_COPY))
		return;
	while (read(worker->client.data_fd, buffer,
		    1 + draw_below(&worker->draw, sizeof(buffer))) > 0)
		;
}

static void tie_interrupts(struct worker *worker)
{
	int event = event_new();

	irq_connect(&worker->client, draw_below(&worker->draw, 5), 0, &event,
		    1);
	irq_act(&worker->client, draw_below(&worker->draw, 3),
		VFIO_IRQ_SET_ACTION_TRIGGER, 0, 1);
	if (draw_one_in(&worker->draw, 4))
		irq_disable(&worker->client, draw_below(&worker->draw, 5));
	close(event);
}

static void reset(struct worker *worker)
{
	client_reset(&worker->client);
}

static void hot_reset(struct worker *worker)
{
	client_hot_reset(&worker->client);
}

static void use_registers(struct worker *worker)
{
	config_set_command(&worker->client, PCI_COMMAND_MEMORY, 0);
	region_read32(&worker->client, 0, 4 * draw_below(&worker->draw, 64));
	config_read(&worker->client, 4 * draw_below(&worker->draw, 1024), 4);
}

/* D3hot and back, by the register and by VFIO's features. */
static void change_power(struct worker *worker)
{
	static const uint32_t features[] = {
		VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY,
		VFIO_DEVICE_FEATURE_LOW_POWER_EXIT,
	};
	unsigned int at = config_find_capability(&worker->client,
						 PCI_CAP_ID_PM);

	if (at)
		config_write(&worker->client, at + PCI_PM_CTRL, 2,
			     draw_below(&worker->draw, 2) ? 3 : 0);
	client_set_feature(&worker->client,
			   features[draw_below(&worker->draw, 2)], NULL, 0);
}

static void map_memory(struct worker *worker)
{
	space_unmap(&worker->space, 16 * PAGE, IOVA);
	space_map(&worker->space, worker->memory, 16 * PAGE, IOVA);
}

static void open_again(struct worker *worker)
{
	client_close(&worker->client);
	space_close(&worker->space);
}

/*
 * What a client can do again and again, and what its device must be for it.
 * Only what is all of this driver has its allocations fail: ACPI complains, and
 * the IOMMU core warns, if one of theirs fails.
 */
static const struct act {
	void (*run)(struct worker *worker);
	unsigned int needs;
	bool is_all_ours;
} acts[] = {
	{ copy, FAULTS_CAN_COPY, false },
	{ copy_to_nowhere, FAULTS_CAN_COPY, false },
	{ migrate, FAULTS_CAN_MIGRATE, true },
	{ read_stream, FAULTS_CAN_MIGRATE, true },
	{ tie_interrupts, 0, false },
	{ reset, 0, false },
	{ hot_reset, 0, false },
	{ use_registers, 0, false },
	{ change_power, 0, false },
	{ map_memory, 0, false },
	{ open_again, 0, false },
};

static bool is_open(const struct worker *worker)
{
	return worker->client.fd >= 0;
}

static void open_device(struct worker *worker, const struct faults *faults)
{
	const char *name = draw_below(&worker->draw, 2) ?
			   faults->function->uuid : faults->function->address;

	if (space_open(&worker->space,
		       space_way(faults->fixture->access),
		       faults->function->address))
		return;
	if (client_open(&worker->client, &worker->space, name)) {
		worker->client.fd = -1;
		space_close(&worker->space);
		return;
	}
	space_map(&worker->space, worker->memory, 16 * PAGE, IOVA);
}

/* Whether this kernel can have allocations of one process fail; it will. */
static bool have_memory_fail(void)
{
	static const char * const knobs[][2] = {
		{ "verbose", "0" }, { "task-filter", "Y" },
		{ "ignore-gfp-wait", "N" }, { "probability", "5" },
		{ "interval", "1" }, { "times", "-1" },
	};
	size_t i;

	if (!sysfs_exists(SWITCH_OF_SELF))
		return false;
	for (i = 0; i < ARRAY_SIZE(knobs); i++)
		sysfs_write(knobs[i][1], "/sys/kernel/debug/failslab/%s",
			    knobs[i][0]);
	return true;
}

static void act(struct worker *worker, const struct act *what)
{
	bool fails = worker->has_failures && what->is_all_ours;

	if (fails)
		sysfs_write("1", SWITCH_OF_SELF);
	what->run(worker);
	if (fails)
		sysfs_write("0", SWITCH_OF_SELF);
}

/* Never returns: only SIGKILL ends it, or the end of the test. */
static void work(const struct faults *faults, uint64_t seed, bool has_failures)
{
	struct worker worker = { .client.fd = -1, .client.data_fd = -1 };
	/* Two acts that come again and again, in turns. */
	unsigned int chosen[2];
	unsigned int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGALRM, SIG_DFL);
	draw_begin(&worker.draw, seed);
	worker.memory = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (worker.memory == MAP_FAILED)
		_exit(1);
	for (i = 0; i < 2; i++) {
		do {
			chosen[i] = draw_below(&worker.draw, ARRAY_SIZE(acts));
		} while (acts[chosen[i]].needs & ~faults->traits);
	}
	worker.has_failures = has_failures && have_memory_fail();
	for (;;) {
		const struct timespec pause = {
			.tv_nsec = 1000L * draw_below(&worker.draw, 2000),
		};

		if (!is_open(&worker))
			open_device(&worker, faults);
		else
			act(&worker,
			    &acts[chosen[draw_below(&worker.draw, 2)]]);
		nanosleep(&pause, NULL);
	}
}

int faults_start_worker(struct faults *faults)
{
	uint64_t seed = draw_bits(&faults->draw);
	unsigned int i = 0;

	while (i < FAULTS_MAX_WORKERS && faults->workers[i])
		i++;
	if (i == FAULTS_MAX_WORKERS)
		return FAULTS_NOT_NOW;
	faults->have_failures[i] = draw_one_in(&faults->draw, 3);
	fflush(stdout);
	faults->workers[i] = fork();
	if (faults->workers[i] < 0)
		fail_msg("no process");
	if (!faults->workers[i])
		work(faults, seed, faults->have_failures[i]);
	return 0;
}

static bool has_ended(void *arg)
{
	pid_t *pid = arg;

	if (*pid > 0 && waitpid(*pid, NULL, WNOHANG) == *pid)
		*pid = 0;
	return *pid <= 0;
}

int faults_reap(pid_t pid)
{
	char command[128];
	pid_t waited = pid;

	if (wait_for(has_ended, &waited, DEATH_LIMIT_MS))
		return 0;
	snprintf(command, sizeof(command),
		 "head -n 30 /proc/%d/task/*/stack >&2", pid);
	if (system(command))
		fprintf(stderr, "# no stack to be had\n");
	return failure_set(ETIMEDOUT, "process %d does not end", pid);
}

/* What the kernel does for a process that dies must not fail: it would warn. */
static void have_memory_again(pid_t pid)
{
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	sysfs_write("0", "/proc/%d/make-it-fail", pid);
}

static int kill_one(struct faults *faults, unsigned int worker)
{
	pid_t pid = faults->workers[worker];

	faults->workers[worker] = 0;
	if (faults->have_failures[worker])
		have_memory_again(pid);
	kill(pid, SIGKILL);
	return faults_reap(pid);
}

int faults_kill_worker(struct faults *faults)
{
	unsigned int first = draw_below(&faults->draw, FAULTS_MAX_WORKERS);
	const struct timespec pause = {
		.tv_nsec = 1000L * draw_below(&faults->draw, 100000),
	};
	unsigned int i;

	nanosleep(&pause, NULL);
	for (i = 0; i < FAULTS_MAX_WORKERS; i++) {
		unsigned int worker = (first + i) % FAULTS_MAX_WORKERS;

		if (faults->workers[worker])
			return kill_one(faults, worker);
	}
	return FAULTS_NOT_NOW;
}

int faults_kill_workers(struct faults *faults)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < FAULTS_MAX_WORKERS; i++) {
		if (faults->workers[i] && !ret)
			ret = kill_one(faults, i);
	}
	return ret;
}
