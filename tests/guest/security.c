// SPDX-License-Identifier: GPL-2.0-only
/*
 * What docs/security.md claims and no other program shows: who may write the
 * driver's files, that a client can neither aim interrupts nor flood the log, and
 * that no address of the kernel's gets out.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "edu.h"
#include "irq.h"
#include "kmsg.h"
#include "mig_stream.h"
#include "region.h"
#include "setting.h"
#include "suite.h"
#include "sysfs.h"
#include "wait.h"

/* Files by which something changes belong to root, and nobody else writes them. */
static void assert_only_root_writes(const char *path)
{
	struct stat status;

	assert_that(!lstat(path, &status), "%s: %s", path, strerror(errno));
	if (S_ISLNK(status.st_mode))
		return;
	assert_that(!status.st_uid && !status.st_gid, "%s belongs to %u:%u",
		    path, status.st_uid, status.st_gid);
	assert_that(!(status.st_mode & 0022), "%s has mode %o",
		    path, status.st_mode & 07777);
}

/* Returns how many files there are, those of directories below included. */
static unsigned int assert_only_root_writes_in(const char *directory)
{
	DIR *files = opendir(directory);
	struct dirent *file;
	char path[PATH_MAX];
	unsigned int nr = 0;

	assert_that(files, "%s: %s", directory, strerror(errno));
	while ((file = readdir(files))) {
		if (!strcmp(file->d_name, ".") || !strcmp(file->d_name, ".."))
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, file->d_name);
		assert_only_root_writes(path);
		nr++;
		if (file->d_type == DT_DIR)
			nr += assert_only_root_writes_in(path);
	}
	closedir(files);
	return nr;
}

static void only_root_writes_the_drivers_files(struct fixture *fixture)
{
	struct function *function;
	char path[PATH_MAX];

	mig_turn_on(fixture);
	function = mig_create(fixture, "edu0");
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/" SETTINGS_DIRECTORY,
		 function->address);
	/* Four settings twice, the backend, the state, counters */
	assert_that(assert_only_root_writes_in(path) > 10, "%s is empty", path);
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/mdev_supported_types",
		 function->address);
	assert_that(assert_only_root_writes_in(path) > 5, "%s is empty", path);
	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/remove",
		 function->uuid);
	assert_only_root_writes(path);
	assert_that(assert_only_root_writes_in("/sys/module/vfio_mdev_pci/parameters") > 3,
		    "the module has no parameters");
}

static void assert_unchanged(const struct function *function,
			     unsigned int offset, uint32_t shall)
{
	uint32_t is;

	assert_done(pci_read_config(function->address, offset, &is, 4));
	assert_that(is == shall, "the device's register %#x was %#x, is %#x",
		    offset, shall, is);
}

static void client_cannot_aim_msi(struct fixture *fixture)
{
	struct function *function = fixture_create(fixture, "edu0");
	struct client *client = fixture_open(fixture, function);
	int event = fixture_event(fixture);
	unsigned int msi = config_find_capability(client, PCI_CAP_ID_MSI);
	uint32_t address;

	assert_true(msi);
	assert_done(edu_start(client));
	assert_done(irq_connect(client, VFIO_PCI_MSI_IRQ_INDEX, 0, &event, 1));
	assert_done(pci_read_config(function->address,
				    msi + PCI_MSI_ADDRESS_LO, &address, 4));
	assert_true(address);
	assert_done(config_write(client, msi + PCI_MSI_ADDRESS_LO, 4,
				 0x12345678));
	assert_unchanged(function, msi + PCI_MSI_ADDRESS_LO, address);
	assert_done(region_write32(client, VFIO_PCI_BAR0_REGION_INDEX,
				   EDU_REG_IRQ_RAISE, 1));
	assert_int_equal(event_wait(event, WAIT_LIMIT_MS), 1);
}

static void client_cannot_aim_msix_by_its_table(struct fixture *fixture)
{
	struct function *function = fixture_create(fixture, "nvme0");
	struct client *client = fixture_open(fixture, function);
	unsigned int msix = config_find_capability(client, PCI_CAP_ID_MSIX);
	int event = fixture_event(fixture);
	volatile uint32_t *entry;
	unsigned int bar;
	uint32_t table;
	uint32_t before;
	size_t bytes;
	uint8_t *map;

	assert_true(msix);
	assert_done(config_set_command(client, PCI_COMMAND_MEMORY, 0));
	assert_done(irq_connect(client, VFIO_PCI_MSIX_IRQ_INDEX, 0, &event, 1));
	table = config_read(client, msix + PCI_MSIX_TABLE, 4);
	bar = table & PCI_MSIX_TABLE_BIR;
	table &= PCI_MSIX_TABLE_OFFSET;
	map = region_map(client, bar, &bytes);
	assert_that(map, "%s", failure_text());
	assert_true(table + 16 <= bytes);
	entry = (volatile uint32_t *)(map + table);
	before = entry[0];
	assert_true(before);
	assert_int_equal(region_read32(client, bar, table), 0xffffffff);
	region_write32(client, bar, table, 0x12345678);
	assert_int_equal(entry[0], before);
	/* A mapping keeps the device open. */
	munmap(map, bytes);
}

/*
 * Where x86-64 has the kernel's own addresses with 4 and 5 levels of page tables:
 * Documentation/arch/x86/x86_64/mm.rst. What is below has user space's.
 */
static bool is_kernel_address(uint64_t value)
{
	return value >= 0xff11000000000000 && value < 0xffffffffff000000;
}

static void assert_text_has_no_address(const char *text, const char *where)
{
	const char *at;

	for (at = text; *at; at++) {
		char *end;
		uint64_t value = strtoull(at, &end, 16);

		if (end - at < 16)
			continue;
		assert_that(!is_kernel_address(value), "%s: %.40s", where, at);
		at = end - 1;
	}
}

static void assert_files_have_no_address(const char *directory)
{
	DIR *files = opendir(directory);
	char text[4096];
	struct dirent *file;

	assert_that(files, "%s: %s", directory, strerror(errno));
	while ((file = readdir(files))) {
		if (file->d_type != DT_REG)
			continue;
		if (!sysfs_read(text, sizeof(text), "%s/%s", directory,
				file->d_name))
			assert_text_has_no_address(text, file->d_name);
	}
	closedir(files);
}

static void assert_stream_has_no_address(const struct mig_stream *stream)
{
	size_t at;

	for (at = 0; at + 8 <= stream->length; at++) {
		uint64_t value;

		memcpy(&value, stream->bytes + at, sizeof(value));
		/* As a pointer would be, whatever comes before it. */
		assert_that(at % 4 || !is_kernel_address(value),
			    "at byte %zu of the stream: %#llx", at,
			    (unsigned long long)value);
	}
}

static void no_address_of_the_kernels_gets_out(struct fixture *fixture)
{
	struct mig_stream stream;
	struct function *function;
	struct client *client;
	char path[PATH_MAX];
	struct kmsg log;

	assert_done(kmsg_open(&log));
	mig_turn_on(fixture);
	function = mig_create(fixture, "edu0");
	/* The log has something to say: an mdev more than there can be. */
	mdev_create(function->address, "5ec00000-0000-4000-8000-000000000001");
	client = fixture_open(fixture, function);
	assert_done(edu_start(client));
	stream = mig_save(client);
	assert_true(stream.length > 100);
	assert_stream_has_no_address(&stream);
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/" SETTINGS_DIRECTORY,
		 function->address);
	assert_files_have_no_address(path);
	assert_refused(mig_load(client, &(struct mig_stream){
		.bytes = (uint8_t *)"no stream at all", .length = 16 }),
		       EINVAL);
	mig_stream_free(&stream);
	kmsg_find(&log, "nothing", NULL, NULL);
	assert_text_has_no_address(log.text ? log.text : "", "the log");
	kmsg_close(&log);
}

/* How often a text stands in the log. */
static unsigned int count_in_log(struct kmsg *log, const char *text)
{
	unsigned int nr = 0;
	const char *at;

	kmsg_find(log, "nothing", NULL, NULL);
	for (at = log->text; (at = strstr(at, text)); at++)
		nr++;
	return nr;
}

/*
 * The kernel's limit of rates: 10 in 5 seconds for each message (include/linux/
 * ratelimit_types.h). A period may have begun before, and another may begin.
 */
static unsigned int lines_at_most(long long begin_ms)
{
	return 10 * (2 + (clock_now_ms() - begin_ms) / 5000);
}

/* Twice as many streams are refused as may be told of, however long that takes. */
static void client_cannot_flood_the_log(struct fixture *fixture)
{
	const struct mig_stream nonsense = {
		.bytes = (uint8_t *)"no stream at all", .length = 16,
	};
	long long begin_ms = clock_now_ms();
	unsigned int nr_refused = 0;
	unsigned int nr_lines;
	struct client *client;
	struct kmsg log;

	assert_done(kmsg_open(&log));
	mig_turn_on(fixture);
	client = fixture_open(fixture, mig_create(fixture, "ivshmem0"));
	do {
		assert_refused(mig_load(client, &nonsense), EINVAL);
		assert_done(client_reset(client));
		nr_refused++;
	} while (nr_refused < 2 * lines_at_most(begin_ms));

	nr_lines = count_in_log(&log, ": the stream ");
	assert_that(nr_lines > 0, "nothing was logged");
	assert_that(nr_lines <= lines_at_most(begin_ms),
		    "%u streams were refused, %u lines logged", nr_refused,
		    nr_lines);
	kmsg_close(&log);
}

static const struct test tests[] = {
	TEST(only_root_writes_the_drivers_files),
	TEST(client_cannot_aim_msi),
	TEST(client_cannot_aim_msix_by_its_table),
	TEST(no_address_of_the_kernels_gets_out),
	TEST(client_cannot_flood_the_log),
};

SUITE("security", tests)
