// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients and administrators that do what they should not, drawn from a seed:
 * afterwards the device is usable, nothing hangs, and the kernel's log is clean
 * (which is for the lab to judge). A sequence that once was not is a file in
 * sequences/, and made again each time.
 *
 * Three things are left out that the kernel itself does not survive, whoever drives
 * the device; this program found them. VFIO_DEVICE_IOEVENTFD at an offset of 2^63
 * or more: Linux shifts it as a number with a sign (vfio_pci_ioeventfd() in
 * drivers/vfio/pci), and takes the entry before the first for a BAR. And a group
 * that leaves its container while another thread is in a call of that container:
 * vfio_fops_unl_ioctl() reads container->iommu_data without a lock, and
 * vfio_group_detach_container() frees it (drivers/vfio/container.c). The group also
 * leaves it when its last function is unbound. And a bitmap of dirty pages of the
 * size 0, by VFIO_IOMMU_DIRTY_PAGES or VFIO_IOMMU_UNMAP_DMA: vfio_iommu_type1.c has
 * __ffs() look for the lowest bit in it, and shifts by that.
 *
 * FUZZ_SEED=N in the environment draws from another seed, FUZZ_SECONDS=N goes on
 * for so long, FUZZ_REPLAY=FILE makes the calls of a file, FUZZ_VERBOSE=1 prints
 * each sequence before it is made.
 */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "edu.h"
#include "fuzz/fuzz.h"
#include "lab.h"
#include "migration.h"
#include "nvme.h"
#include "region.h"
#include "setting.h"
#include "suite.h"
#include "sysfs.h"
#include "wait.h"

#define SEQUENCES "tests/guest/sequences/*.calls"

/* The seed of what is run on every change. */
#define USUAL_SEED 1

/* A short run, and a long one. */
#define SHORT_SECONDS 10
#define LONG_SECONDS 600

/* What a device must still be able to do: a register that reads as it should. */
struct known_register {
	const char *id;		/* the device's, its first letters */
	unsigned int region;
	unsigned int offset;
	uint32_t written;	/* ~0: nothing is written first */
	uint32_t mask;
	uint32_t expected;
};

#define READ_ONLY 0xffffffff

static const struct known_register registers[] = {
	{ "edu", 0, EDU_REG_LIVENESS, 0x12345678, ~0u, ~0x12345678u },
	{ "hotplug", 0, EDU_REG_LIVENESS, 0x12345678, ~0u, ~0x12345678u },
	{ "ivshmem", 2, 0x100, 0x12345678, ~0u, 0x12345678 },
	/* A version 1.x, and never more than 0xff in the third number */
	{ "nvme", 0, NVME_REG_VS, READ_ONLY, 0xffff0000, 0x00010000 },
	/* The device's STATUS: bits 30:20 read as zero but bit 19 (82574, 10.2.2.2) */
	{ "e1000e", 0, 0x0008, READ_ONLY, 0x3ff00000, 0 },
	/* VFs enabled or not, the same register of the 82576 */
	{ "igb", 0, 0x0008, READ_ONLY, 0x3ff00000, 0 },
};

/* The device of a run, and how many sequences it saw. */
struct run {
	struct fixture *fixture;
	struct function *function;
	struct fuzz_target target;
	unsigned int nr_sequences;
	unsigned int nr_calls;
};

static const struct known_register *find_register(const char *id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(registers); i++) {
		if (!strncmp(id, registers[i].id, strlen(registers[i].id)))
			return &registers[i];
	}
	fail_msg("no register of %s is known", id);
	return NULL;
}

/* Writes of an administrator that would outlive the sequence. */
static void put_back_files(struct run *run)
{
	static const struct {
		const char *file;
		const char *text;
	} files[] = {
		{ "sriov_numvfs", "0" },
		{ "sriov_drivers_autoprobe", "1" },
		{ "reset_method", "default" },
		{ "power/control", "on" },
		{ "d3cold_allowed", "1" },
		{ "vfio_mdev_pci/nointxmask", "0" },
		{ "vfio_mdev_pci/disable_vga", "0" },
		{ "vfio_mdev_pci/disable_idle_d3", "0" },
		{ "vfio_mdev_pci/hot_reset_siblings", "0" },
	};
	static const char * const parameters[] = {
		"nointxmask", "disable_vga", "disable_idle_d3",
		"hot_reset_siblings",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		sysfs_write(files[i].text, PCI_DEVICES "/%s/%s",
			    run->function->address, files[i].file);
	for (i = 0; i < ARRAY_SIZE(parameters); i++)
		setting_write_parameter("vfio_mdev_pci", parameters[i], false);
	setting_write_parameter("vfio_mdev_pci", "migration", true);
}

/* Other mdevs are those of texts that are UUIDs. */
static void bring_back_mdev(struct run *run)
{
	const char *address = run->function->address;
	glob_t mdevs;
	size_t i;

	if (!pci_is_bound_to(address, DRIVER_NAME))
		assert_done(pci_bind(address, DRIVER_NAME));
	if (mdev_exists(run->function->uuid))
		return;
	if (!glob(MDEV_DEVICES "/*", 0, NULL, &mdevs)) {
		for (i = 0; i < mdevs.gl_pathc; i++)
			assert_done(sysfs_write("1", "%s/remove",
						mdevs.gl_pathv[i]));
		globfree(&mdevs);
	}
	assert_done(mdev_create(address, run->function->uuid));
}

static int look_at_register(struct client *client, const char *id)
{
	const struct known_register *known = find_register(id);
	uint32_t value;

	if (config_set_command(client, PCI_COMMAND_MEMORY, 0))
		return -EIO;
	if (known->written != READ_ONLY &&
	    region_write32(client, known->region, known->offset,
			   known->written))
		return -EIO;
	value = region_read32(client, known->region, known->offset);
	if ((value & known->mask) != known->expected)
		return failure_set(EIO, "register %#x of %s reads %#x",
				   known->offset, id, value);
	return 0;
}

static int look_at(struct client *client, const struct function *function)
{
	int ret = client_reset(client);

	if (ret && client->info.flags & VFIO_DEVICE_FLAGS_RESET)
		return ret;
	if (config_read(client, PCI_VENDOR_ID, 2) !=
	    pci_read_id(function->address, "vendor"))
		return failure_set(EIO, "config space is wrong");
	return look_at_register(client, function->id);
}

/* Opened as ever, it is what it was. */
static void assert_usable(struct run *run)
{
	struct client client;
	struct space space;
	int ret;

	put_back_files(run);
	bring_back_mdev(run);
	ret = space_open(&space, space_way(run->fixture->access),
			 run->function->address);
	if (!ret)
		ret = client_open(&client, &space, run->function->uuid);
	if (!ret) {
		ret = look_at(&client, run->function);
		client_close(&client);
	}
	space_close(&space);
	assert_done(ret);
}

static struct run begin(struct fixture *fixture, const char *id)
{
	struct run run = { .fixture = fixture };
	struct fuzz_target *target = &run.target;

	run.function = mig_create(fixture, id);
	target->address = run.function->address;
	target->uuid = run.function->uuid;
	target->access = fixture->access;
	target->report = mmap(NULL, sizeof(*target->report),
			      PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(target->report != MAP_FAILED);
	return run;
}

/* Which operations were made, and how many did what they say. */
static void end(struct run *run)
{
	const struct fuzz_operation *operation;
	unsigned int nr_succeeded = 0;
	unsigned int nr_calls = 0;
	unsigned int i;

	printf("# %s: %u sequences, of which", run->function->id,
	       run->nr_sequences);
	for (i = 0; (operation = fuzz_operation(i)); i++) {
		struct fuzz_count *count = &run->target.report->counts[i];

		nr_calls += count->tries;
		nr_succeeded += count->successes;
		if (count->tries)
			printf(" %s %u/%u", operation->name, count->successes,
			       count->tries);
	}
	printf("\n# %s: %u calls, %u succeeded\n", run->function->id, nr_calls,
	       nr_succeeded);
	munmap(run->target.report, sizeof(*run->target.report));
	assert_that(nr_succeeded, "no call succeeded");
}

static void print_found(const struct fuzz_sequence *sequence)
{
	printf("# FUZZ_SEED=%llu came to this:\n",
	       (unsigned long long)sequence->seed);
	fuzz_print_sequence(stdout, "#   ", sequence);
}

/* What is printed stays if what follows ends the machine. */
static void make(struct run *run, const struct fuzz_sequence *sequence)
{
	alarm(600 * patience());
	if (draw_number("FUZZ_VERBOSE", 0))
		print_found(sequence);
	else
		printf("# %s FUZZ_SEED=%llu\n", sequence->device,
		       (unsigned long long)sequence->seed);
	run->nr_sequences++;
	if (fuzz_run_sequence(&run->target, sequence)) {
		print_found(sequence);
		fail_msg("%s", failure_text());
	}
	assert_usable(run);
}

static void fuzz(struct fixture *fixture, unsigned int seconds)
{
	uint64_t seed = draw_seed("FUZZ_SEED", USUAL_SEED);
	long long end_ms = clock_now_ms() +
			   draw_number("FUZZ_SECONDS", seconds) * 1000LL;
	struct run run = begin(fixture, fixture->data);
	struct fuzz_sequence sequence;

	do {
		fuzz_draw_sequence(&sequence, fixture->data, fixture->access,
				   seed++);
		make(&run, &sequence);
	} while (clock_now_ms() < end_ms);
	end(&run);
}

static void is_usable_after_any_sequence(struct fixture *fixture)
{
	fuzz(fixture, SHORT_SECONDS);
}

static void is_usable_after_ten_minutes(struct fixture *fixture)
{
	fuzz(fixture, LONG_SECONDS);
}

static void replay(struct fixture *fixture, const char *path)
{
	struct fuzz_sequence sequence;
	struct run run;

	assert_done(fuzz_read_sequence(&sequence, path));
	run = begin(fixture, sequence.device);
	printf("# %s\n", path);
	make(&run, &sequence);
	end(&run);
	assert_done(fixture_end(fixture));
	assert_done(fixture_begin(fixture, fixture->access));
}

static void is_usable_after_all_that_was_found(struct fixture *fixture)
{
	const char *given = getenv("FUZZ_REPLAY");
	glob_t files;
	size_t i;

	if (given) {
		replay(fixture, given);
		return;
	}
	assert_int_equal(glob(SEQUENCES, 0, NULL, &files), 0);
	for (i = 0; i < files.gl_pathc; i++)
		replay(fixture, files.gl_pathv[i]);
	globfree(&files);
}

/* The text of a sequence is the sequence. */
static void text_of_a_sequence_makes_the_same_calls(struct fixture *fixture)
{
	char path[] = "/tmp/fuzz.XXXXXX";
	struct fuzz_sequence drawn;
	struct fuzz_sequence read;
	FILE *file;
	int seed;

	for (seed = 1; seed < 500; seed++) {
		fuzz_draw_sequence(&drawn, "edu0", fixture->access, seed);
		file = fdopen(mkstemp(path), "w");
		assert_non_null(file);
		fuzz_print_sequence(file, "", &drawn);
		fclose(file);
		assert_done(fuzz_read_sequence(&read, path));
		unlink(path);
		memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
		assert_string_equal(read.device, drawn.device);
		assert_int_equal(read.nr_calls, drawn.nr_calls);
		assert_memory_equal(read.calls, drawn.calls,
				    sizeof(read.calls));
	}
}

#define SHORT_TEST(device) \
	{ .name = device "_is_usable_after_any_sequence", \
	  .run = is_usable_after_any_sequence, .limit_s = 600, \
	  .data = device "0", \
	  .is_long = true }

#define MINUTES_TEST(device) \
	{ .name = device "_is_usable_after_ten_minutes", \
	  .run = is_usable_after_ten_minutes, .limit_s = 1500, \
	  .data = device "0", .is_long = true }

static const struct test tests[] = {
	TEST(text_of_a_sequence_makes_the_same_calls),
	SLOW_TEST(is_usable_after_all_that_was_found, 600),
	SHORT_TEST("edu"),
	SHORT_TEST("ivshmem"),
	SHORT_TEST("nvme"),
	SHORT_TEST("e1000e"),
	SHORT_TEST("igb"),
	MINUTES_TEST("edu"),
	MINUTES_TEST("ivshmem"),
	MINUTES_TEST("nvme"),
	MINUTES_TEST("e1000e"),
	MINUTES_TEST("igb"),
};

SUITE("fuzz", tests)
