// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults in random order, from a seed: clients that are killed while they use
 * the device, unbinding, removal from the bus, unloading, errors, a slot without
 * power, and all that at once. After each sequence the device works again, and
 * nothing is left of what was; each operation did what it should or said why
 * not, in an errno that its line of the table allows.
 *
 * FAULTS_SEED=N in the environment draws from another seed, FAULTS_SEQUENCES=N
 * makes so many, FAULTS_VERBOSE=1 names each operation before it is made.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "edu.h"
#include "faults/faults.h"
#include "lab.h"
#include "leftovers.h"
#include "migration.h"
#include "module.h"
#include "region.h"
#include "setting.h"
#include "suite.h"
#include "sysfs.h"
#include "wait.h"

#define USUAL_SEED 1

/* Of each device; there are five. */
#define SHORT_SEQUENCES 4
#define LONG_SEQUENCES 200

#define MIN_OPERATIONS 4
#define MAX_OPERATIONS 16

/* A device, and what is to be found of it in the end. */
struct subject {
	const char *id;
	const char *port;
	unsigned int traits;
	unsigned int region;	/* a register that reads as it was written */
	unsigned int offset;
	uint32_t flipped;	/* bits that read inverted */
	uint32_t mask;		/* bits that can be written */
};

static const struct subject edu = {
	"edu0", NULL, FAULTS_CAN_COPY | FAULTS_CAN_MIGRATE,
	0, EDU_REG_LIVENESS, ~0u, ~0u,
};

static const struct subject hotplug = {
	"hotplug0", "slot0",
	FAULTS_CAN_COPY | FAULTS_CAN_MIGRATE | FAULTS_HAS_POWER,
	0, EDU_REG_LIVENESS, ~0u, ~0u,
};

static const struct subject ivshmem = {
	"ivshmem0", NULL, FAULTS_CAN_MIGRATE, 2, 0x40, 0, ~0u,
};

/* AQA, the sizes of its queues: writable while it is disabled */
static const struct subject nvme = {
	"nvme0", "nvme0-port", 0, 0, 0x24, 0, 0x0fff0fff,
};

/* device_feature_select, as in errors.c */
static const struct subject virtio = {
	"virtio0", "virtio0-port", FAULTS_HAS_ERRORS, 4, 0, 0, ~0u,
};

/* Operations */

static unsigned int weigh(const struct faults *faults,
			  const struct faults_operation *operation)
{
	if (operation->needs & ~faults->traits)
		return 0;
	return operation->weight ? operation->weight : 1;
}

static const struct faults_operation *draw_operation(struct faults *faults)
{
	const struct faults_operation *operation;
	unsigned int total = 0;
	unsigned int drawn;

	for (operation = faults_operations; operation->name; operation++)
		total += weigh(faults, operation);
	drawn = draw_below(&faults->draw, total);
	operation = faults_operations;
	while (drawn >= weigh(faults, operation)) {
		drawn -= weigh(faults, operation);
		operation++;
	}
	return operation;
}

static bool would_clash(const struct faults *faults,
			const struct faults_operation *operation)
{
	unsigned int i;

	if (faults_what_goes_on(faults) & operation->must_not_meet)
		return true;
	for (i = 0; i < FAULTS_MAX_STEPS; i++) {
		if (faults->steps[i].pid &&
		    faults->steps[i].operation->must_not_meet &
		    operation->clashes)
			return true;
	}
	return false;
}

static void make(struct faults *faults)
{
	const struct faults_operation *operation = draw_operation(faults);
	int ret = FAULTS_NOT_NOW;

	faults_take_outcomes(faults);
	if (would_clash(faults, operation))
		return;
	faults_note("  %s\n", operation->name);
	if (operation->is_step)
		ret = faults_start_step(faults, operation);
	else
		ret = operation->run(faults);
	faults_assert_clear(operation, ret, failure_text());
}

/* The end of a sequence */

static bool have_ended(void *arg)
{
	struct faults *faults = arg;

	faults_take_outcomes(faults);
	return !faults_goes_on(faults);
}

static void end_all_steps(struct faults *faults)
{
	if (wait_for(have_ended, faults, 6 * WAIT_LIMIT_MS))
		return;
	faults_print_stacks(faults);
	fail_msg("something hangs in the kernel, after:\n%s", faults_trace);
}

static void take_the_dead_away(struct faults *faults)
{
	const char *address = faults->function->address;
	bool is_dead = faults->is_dark || faults->is_wiped;

	if (is_dead && sysfs_exists(PCI_DEVICES "/%s", address))
		assert_done(sysfs_write("1", PCI_DEVICES "/%s/remove",
					address));
	if (faults->is_dark)
		assert_done(faults_switch_power(faults, true));
	faults->is_wiped = false;
}

static bool is_found(void *arg)
{
	struct faults *faults = arg;

	return sysfs_exists(PCI_DEVICES "/%s/config",
			    faults->function->address) ||
	       (sysfs_write("1", "/sys/bus/pci/rescan") && false);
}

static void bring_back(struct faults *faults)
{
	const char *address = faults->function->address;

	take_the_dead_away(faults);
	assert_that(wait_for(is_found, faults, WAIT_LIMIT_MS),
		    "%s is not found again, after:\n%s", faults->id, faults_trace);
	if (!module_is_loaded(DRIVER_NAME))
		assert_done(module_load(DRIVER_NAME, NULL));
	assert_done(setting_write_parameter("vfio_mdev_pci", "migration",
					    true));
	/* The host's own driver for it was quicker. */
	if (!pci_is_bound_to(address, DRIVER_NAME)) {
		assert_done(pci_unbind(address));
		assert_done(pci_bind(address, DRIVER_NAME));
	}
	if (!mdev_exists(faults->function->uuid))
		assert_done(mdev_create(address, faults->function->uuid));
}

/* The device of a sequence, as it is looked at afterwards. */
struct look {
	struct faults *faults;
	const struct subject *subject;
};

static int use(struct client *client, const struct look *look)
{
	const struct subject *subject = look->subject;
	const uint32_t mark = 0x05150515 & subject->mask;
	uint32_t value;

	if (client_reset(client) &&
	    client->info.flags & VFIO_DEVICE_FLAGS_RESET)
		return -EIO;
	if (config_read(client, PCI_VENDOR_ID, 2) !=
	    pci_read_id(look->faults->function->address, "vendor"))
		return failure_set(EIO, "config space of %s is wrong",
				   subject->id);
	if (config_set_command(client, PCI_COMMAND_MEMORY, 0) ||
	    region_write32(client, subject->region, subject->offset, mark))
		return -EIO;
	value = region_read32(client, subject->region, subject->offset);
	if ((value ^ subject->flipped) != mark)
		return failure_set(EIO, "a register of %s reads %#x",
				   subject->id, value);
	return 0;
}

static bool works(void *arg)
{
	const struct look *look = arg;
	const struct function *function = look->faults->function;
	struct client client;
	struct space space;
	int ret;

	ret = space_open(&space, space_way(look->faults->fixture->access),
			 function->address);
	if (!ret)
		ret = client_open(&client, &space, function->uuid);
	if (!ret) {
		ret = use(&client, look);
		client_close(&client);
	}
	space_close(&space);
	return !ret;
}

/* The kernel's way out of an error may be to reset the device, any moment now. */
static void assert_works(struct faults *faults, const struct subject *subject)
{
	struct look look = { faults, subject };
	int limit_ms = faults->traits & FAULTS_HAS_ERRORS ? WAIT_LIMIT_MS : 0;

	assert_that(wait_for(works, &look, limit_ms), "%s, after:\n%s",
		    failure_text(), faults_trace);
}

/*
 * A removal that came before the creation was over has failed with EAGAIN, and
 * taken the file "remove" with it: remove_store() in
 * drivers/vfio/mdev/mdev_sysfs.c. Then unbinding alone removes the mdev.
 */
static void remove_mdev_if_it_can_be(const struct function *function)
{
	if (!sysfs_exists(MDEV_DEVICES "/%s/remove", function->uuid))
		return;
	assert_done(mdev_remove(function->uuid));
	assert_int_equal(sysfs_count_entries(MDEV_DEVICES), 0);
	assert_done(mdev_wait_until_available(function->address));
}

/* As if nothing had been: no mdev, no file of vfio, no user of the module. */
static void assert_nothing_is_left(struct faults *faults)
{
	remove_mdev_if_it_can_be(faults->function);
	assert_done(pci_unbind(faults->function->address));
	leftovers_assert_none();
}

static void make_sequence(struct faults *faults, const struct subject *subject,
			  uint64_t seed)
{
	unsigned int nr;

	alarm(900 * patience());
	faults_begin_trace(subject->id, seed);
	draw_begin(&faults->draw, seed);
	faults_start_worker(faults);
	nr = MIN_OPERATIONS + draw_below(&faults->draw, MAX_OPERATIONS -
					 MIN_OPERATIONS + 1);
	while (nr--)
		make(faults);
	assert_done(faults_kill_workers(faults));
	end_all_steps(faults);
	bring_back(faults);
	assert_works(faults, subject);
	assert_nothing_is_left(faults);
	assert_done(pci_bind(faults->function->address, DRIVER_NAME));
	assert_done(mdev_create(faults->function->address,
				faults->function->uuid));
}

/* The fixture would wait for ever for what a sequence that failed left. */
static void forget(struct faults *faults)
{
	unsigned int i;

	for (i = 0; i < FAULTS_MAX_STEPS; i++)
		munmap(faults->steps[i].outcome,
		       sizeof(*faults->steps[i].outcome));
}

static void begin(struct faults *faults, struct fixture *fixture,
		  const struct subject *subject)
{
	unsigned int i;

	faults->fixture = fixture;
	faults->id = subject->id;
	faults->port = subject->port;
	faults->traits = subject->traits;
	faults->function = mig_create(fixture, subject->id);
	for (i = 0; i < FAULTS_MAX_STEPS; i++) {
		void *outcome = mmap(NULL, sizeof(struct faults_outcome),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		assert_true(outcome != MAP_FAILED);
		faults->steps[i].outcome = outcome;
	}
}

static void make_sequences(struct fixture *fixture, unsigned int nr)
{
	uint64_t seed = draw_seed("FAULTS_SEED", USUAL_SEED);
	const struct subject *subject = fixture->data;
	long long begin_ms = clock_now_ms();
	struct faults faults = { };
	unsigned int i;

	nr = draw_number("FAULTS_SEQUENCES", nr);
	begin(&faults, fixture, subject);
	printf("# %s: %u sequences from FAULTS_SEED=%llu\n", subject->id, nr,
	       (unsigned long long)seed);
	for (i = 0; i < nr; i++)
		make_sequence(&faults, subject, seed + i);
	printf("# %s: %u sequences in %lld s\n", subject->id, nr,
	       (clock_now_ms() - begin_ms) / 1000);
	forget(&faults);
}

static void survives_a_few_sequences(struct fixture *fixture)
{
	make_sequences(fixture, SHORT_SEQUENCES);
}

static void survives_hundreds_of_sequences(struct fixture *fixture)
{
	make_sequences(fixture, LONG_SEQUENCES);
}

/*
 * A function-level reset waits for config space to answer again, a minute at
 * most (pci_dev_wait() of drivers/pci/pci.c), and where there is no power
 * nothing does. Closing tries once more.
 */
static void reset_that_times_out_is_an_error(struct fixture *fixture)
{
	struct faults faults = { };
	struct client *client;
	int ret;

	begin(&faults, fixture, &nvme);
	client = fixture_open(fixture, faults.function);
	assert_done(faults_switch_power(&faults, false));
	assert_int_equal(config_read(client, PCI_STATUS, 2), 0xffff);
	ret = client_reset(client);
	assert_that(ret == -ENOTTY || ret == -EIO || ret == -ENODEV,
		    "a reset without power returned %d", ret);
	client_close(client);
	space_close(client->space);
	bring_back(&faults);
	assert_works(&faults, &nvme);
	assert_nothing_is_left(&faults);
	forget(&faults);
}

#define FEW_TESTS(subject, how_long) \
	{ .name = #subject "_survives_a_few_sequences_of_faults", \
	  .run = survives_a_few_sequences, .limit_s = 900, \
	  .data = &(subject), .is_long = (how_long) }

#define HOUR_TEST(subject) \
	{ .name = #subject "_survives_hundreds_of_sequences_of_faults", \
	  .run = survives_hundreds_of_sequences, .limit_s = 3600, \
	  .data = &(subject), .is_long = true }

static const struct test tests[] = {
	FEW_TESTS(edu, false),
	FEW_TESTS(hotplug, true),
	FEW_TESTS(ivshmem, true),
	FEW_TESTS(nvme, true),
	FEW_TESTS(virtio, true),
	LONG_TEST(reset_that_times_out_is_an_error, 600),
	HOUR_TEST(edu),
	HOUR_TEST(hotplug),
	HOUR_TEST(ivshmem),
	HOUR_TEST(nvme),
	HOUR_TEST(virtio),
};

SUITE("random_faults", tests)
