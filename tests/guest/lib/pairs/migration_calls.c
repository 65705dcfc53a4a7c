// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an open device that migrates can be asked for.
 */
#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

#include "check.h"
#include "device.h"
#include "dirty.h"
#include "setting.h"
#include "sysfs.h"
#include "test_backend.h"

#define NR_PAGES (PAIRS_BYTES / DIRTY_PAGE_BYTES)

/* A stream may have been half loaded since pairs_forget_loads(). */
static atomic_bool is_loaded;

bool pairs_forget_loads(void)
{
	return atomic_exchange(&is_loaded, false);
}

static void close_file(int data_fd)
{
	if (data_fd >= 0)
		close(data_fd);
}

/* With a data file that nobody wants, if the other call has ended the session */
static int go(enum mig_state state)
{
	int data_fd;
	int ret = mig_go_by(pairs_subject.client->fd, state, &data_fd);

	close_file(data_fd);
	return ret;
}

static int begin(enum mig_state state, int *data_fd)
{
	int ret = mig_go_by(pairs_subject.client->fd, state, data_fd);

	/* The other call was there first. */
	return ret || *data_fd >= 0 ? ret : -EBUSY;
}

/*
 * What a client does when a call of its fails. Nothing of what is at once here
 * breaks a device but a stream that ends too early, as the other call has it go.
 */
static int recover(int ret)
{
	if (ret >= 0 || !go(MIG_RUNNING))
		return ret;
	if (mig_state(pairs_subject.client) != MIG_ERROR)
		return ret;
	if (!atomic_load(&is_loaded))
		return failure_set(EUCLEAN, "the device's state is ERROR");
	client_reset(pairs_subject.client);
	return ret;
}

static int ask_for_the_state(void)
{
	int ret = mig_state(pairs_subject.client);
	long long size;

	if (ret < 0)
		return ret;
	size = mig_data_size(pairs_subject.client);
	return size < 0 ? (int)size : 0;
}

static int stop_and_run(void)
{
	int ret = go(MIG_STOP);

	return recover(ret ? ret : go(MIG_RUNNING));
}

static int save(void)
{
	struct vfio_precopy_info info = { .argsz = sizeof(info) };
	struct mig_stream stream = {};
	int data_fd;
	int ret;

	ret = begin(MIG_PRE_COPY, &data_fd);
	if (!ret)
		ret = mig_precopy_info(data_fd, &info);
	if (!ret)
		ret = go(MIG_STOP_COPY);
	if (!ret)
		ret = mig_stream_read(&stream, data_fd, MIG_PIECE);
	if (!ret)
		ret = go(MIG_RUNNING);
	mig_stream_free(&stream);
	close_file(data_fd);
	return recover(ret);
}

static int load(void)
{
	int data_fd;
	int ret;

	atomic_store(&is_loaded, true);
	ret = begin(MIG_RESUMING, &data_fd);
	if (!ret)
		ret = mig_stream_write(&pairs_subject.stream, data_fd,
				       MIG_PIECE);
	if (!ret)
		ret = go(MIG_RUNNING);
	close_file(data_fd);
	return recover(ret);
}

static int log_writes(void)
{
	uint64_t pages[2] = {};
	int ret;
	int stopped;

	ret = dirty_log_start(pairs_subject.client, PAIRS_IOVA, NR_PAGES);
	if (ret)
		return ret;
	ret = dirty_log_get(pairs_subject.client, PAIRS_IOVA, NR_PAGES, pages);
	stopped = dirty_log_stop(pairs_subject.client);
	return ret ? ret : stopped;
}

static int owner_reads_the_state(void)
{
	char text[64];
	int ret;

	ret = sysfs_read(text, sizeof(text), PCI_DEVICES "/%s/"
			 SETTINGS_DIRECTORY "/migration_state",
			 pairs_subject.address);
	return ret ? ret : sysfs_read(text, sizeof(text), PCI_DEVICES "/%s/"
				      SETTINGS_DIRECTORY "/migration_backend",
				      pairs_subject.address);
}

/* What a backend does to its guest's memory */
static int have_the_backend_read(void)
{
	return test_backend_try(pairs_subject.client, TEST_GUEST_READ,
				PAIRS_IOVA, 0);
}

static int have_the_backend_write(void)
{
	return test_backend_try(pairs_subject.client, TEST_GUEST_WRITE,
				PAIRS_IOVA + DIRTY_PAGE_BYTES, pairs_round());
}

static bool migrates(void)
{
	return pairs_subject.stream.length;
}

static bool has_a_log(void)
{
	return migrates() &&
	       !client_probe_feature(pairs_subject.client,
				     VFIO_DEVICE_FEATURE_SET |
				     VFIO_DEVICE_FEATURE_DMA_LOGGING_START);
}

/* An iommufd has no accesses for devices with DMA. */
static bool has_accesses(void)
{
	return pairs_subject.has_test_backend &&
	       pairs_subject.client->space->access == ACCESS_GROUP;
}

/*
 * EAGAIN is a reset's that overtook the call, EIO a device's that is being reset, or
 * whose stream ended too early, EBUSY begin()'s; ENODEV and ENOMSG are a data file's
 * whose session the other call has ended, and EINVAL is said of its window then.
 */
static const struct pair_call calls[] = {
	{ PAIR_CALL(ask_for_the_state), { EIO }, .is_offered = migrates },
	{ PAIR_CALL(stop_and_run), { EINVAL, EIO, EAGAIN },
	  .is_offered = migrates },
	{ PAIR_CALL(save), { EINVAL, EIO, EAGAIN, EBUSY, ENODEV, ENOMSG },
	  .is_offered = migrates },
	{ PAIR_CALL(load), { EINVAL, EIO, EAGAIN, EBUSY, ENODEV },
	  .is_offered = migrates },
	{ PAIR_CALL(owner_reads_the_state), .is_offered = migrates },
	{ PAIR_CALL(log_writes), { EINVAL, EBUSY }, .is_offered = has_a_log },
	{ PAIR_CALL(have_the_backend_read), { EINVAL, EIO },
	  .is_offered = has_accesses },
	{ PAIR_CALL(have_the_backend_write), { EINVAL, EIO },
	  .is_offered = has_accesses },
};

const struct pair_table pairs_migration_calls = { calls, ARRAY_SIZE(calls) };
