// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file by which a user reads or writes a stream.
 *
 * Two locks, in this order:
 *
 *	file lock	position and buffers; held over copies from and to user
 *			space, so never wanted by a reset
 *	state lock	the device, and whether this file may still touch it
 *
 * The migration is held until the file is released, so that its lock is there
 * to be taken. Behind is_disabled there may be no device any more.
 */

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "access.h"
#include "data_file.h"
#include "device.h"
#include "loader.h"
#include "migration.h"
#include "saver.h"
#include "states.h"
#include "trace.h"

/* What is copied from user space at once, without the state lock. */
#define CHUNK_BYTES SZ_64K

/**
 * struct vmp_data_file - one file
 * @mig: the migration, counted
 * @file: the file itself; the migration's reference to it, until disabled
 * @lock: protects the rest but @is_disabled
 * @saver: for a file that is read
 * @loader: for a file that is written
 * @chunk: for one that is written: CHUNK_BYTES of room
 * @is_disabled: what the file was made for is over; under the state lock
 */
struct vmp_data_file {
	struct vmp_migration *mig;
	struct file *file;
	struct mutex lock; /* protects what is sent or received */
	struct vmp_saver *saver;
	struct vmp_loader *loader;
	void *chunk;
	bool is_disabled;
};

static void free_data_file(struct vmp_data_file *df)
{
	vmp_saver_destroy(df->saver);
	vmp_loader_destroy(df->loader);
	kvfree(df->chunk);
	mutex_destroy(&df->lock);
	vmp_migration_put(df->mig);
	kfree(df);
}

static int data_file_release(struct inode *inode, struct file *file)
{
	free_data_file(file->private_data);
	return 0;
}

/*
 * Takes the state lock, and keeps it if the device may be touched. The caller
 * gives @cookie to unlock_device().
 */
static int lock_device(struct vmp_data_file *df, int *cookie)
{
	int ret = -ENODEV;

	vmp_migration_lock(df->mig);
	if (!df->is_disabled && !vmp_migration_is_in_reset(df->mig)) {
		ret = vmp_access_begin(df->mig);
		*cookie = ret;
	}
	if (ret < 0)
		vmp_migration_unlock(df->mig);
	return min(ret, 0);
}

static void unlock_device(struct vmp_data_file *df, int cookie)
{
	vmp_access_end(df->mig, cookie);
	vmp_migration_unlock(df->mig);
}

/* What a reset overtook is of no use any more. */
static int refill(struct vmp_data_file *df)
{
	struct vmp_migration *mig = df->mig;
	int reset_seq;
	int cookie;
	int ret;

	ret = lock_device(df, &cookie);
	if (ret)
		return ret;

	reset_seq = atomic_read(&mig->reset_seq);
	ret = vmp_saver_refill(df->saver, mig);
	if (vmp_migration_was_reset(mig, reset_seq))
		ret = -ENODEV;
	trace_vmp_piece(mig->dev.pdev, true, ret);
	unlock_device(df, cookie);
	return ret;
}

/* A piece that was made is not read any more once the file is disabled. */
static int check_enabled(struct vmp_data_file *df)
{
	return READ_ONCE(df->is_disabled) ? -ENODEV : 0;
}

static ssize_t read_piece(struct vmp_data_file *df, char __user *buf,
			  size_t count)
{
	const void *data;
	size_t length = vmp_saver_peek(df->saver, &data);
	int ret;

	if (!length) {
		ret = refill(df);
		if (ret)
			return ret;
		length = vmp_saver_peek(df->saver, &data);
	}

	length = min(length, count);
	if (copy_to_user(buf, data, length))
		return -EFAULT;

	vmp_saver_consume(df->saver, length);
	return length;
}

static ssize_t read_pieces(struct vmp_data_file *df, char __user *buf,
			   size_t count)
{
	ssize_t ret = check_enabled(df);
	size_t done = 0;

	while (!ret && done < count && !(done && signal_pending(current))) {
		ret = read_piece(df, buf + done, count - done);
		if (ret > 0) {
			done += ret;
			ret = 0;
		}
	}

	if (done && ret == -ENOMSG)
		vmp_saver_keep_end(df->saver);
	if (done)
		return done;
	return ret == -ENODATA ? 0 : ret;
}

static ssize_t data_file_read(struct file *file, char __user *buf, size_t count,
			      loff_t *pos)
{
	struct vmp_data_file *df = file->private_data;
	ssize_t ret;

	if (pos)
		return -ESPIPE;

	mutex_lock(&df->lock);
	ret = read_pieces(df, buf, count);
	mutex_unlock(&df->lock);

	if (ret > 0)
		vmp_stats_add(&df->mig->stats, VMP_STAT_SAVED_BYTES, ret);
	return ret;
}

static int feed(struct vmp_data_file *df, size_t length)
{
	int reset_seq;
	int cookie;
	int ret;

	ret = lock_device(df, &cookie);
	if (ret)
		return ret;

	reset_seq = atomic_read(&df->mig->reset_seq);
	ret = vmp_loader_feed(df->loader, df->mig, df->chunk, length);
	if (vmp_migration_was_reset(df->mig, reset_seq))
		ret = -ENODEV;
	if (ret)
		vmp_stats_add(&df->mig->stats, VMP_STAT_ERRORS, 1);
	trace_vmp_piece(df->mig->dev.pdev, false, ret);
	unlock_device(df, cookie);
	return ret;
}

static ssize_t write_pieces(struct vmp_data_file *df, const char __user *buf,
			    size_t count)
{
	size_t done = 0;
	int ret = check_enabled(df);

	while (!ret && done < count && !(done && signal_pending(current))) {
		size_t length = min_t(size_t, count - done, CHUNK_BYTES);

		if (copy_from_user(df->chunk, buf + done, length)) {
			ret = -EFAULT;
			break;
		}
		ret = feed(df, length);
		if (!ret)
			done += length;
	}
	return done ? done : ret;
}

static ssize_t data_file_write(struct file *file, const char __user *buf,
			       size_t count, loff_t *pos)
{
	struct vmp_data_file *df = file->private_data;
	ssize_t ret;

	if (pos)
		return -ESPIPE;

	mutex_lock(&df->lock);
	ret = write_pieces(df, buf, count);
	mutex_unlock(&df->lock);

	if (ret > 0)
		vmp_stats_add(&df->mig->stats, VMP_STAT_LOADED_BYTES, ret);
	return ret;
}

static bool is_precopy(enum vfio_device_mig_state state)
{
	return state == VFIO_DEVICE_STATE_PRE_COPY ||
	       state == VFIO_DEVICE_STATE_PRE_COPY_P2P;
}

static int get_precopy_info(struct vmp_data_file *df,
			    struct vfio_precopy_info *info)
{
	struct vmp_migration *mig = df->mig;
	struct vmp_sizes sizes;
	int cookie;
	int ret;

	ret = lock_device(df, &cookie);
	if (ret)
		return ret;

	if (is_precopy(mig->state)) {
		vmp_states_get_sizes(mig, &sizes);
		info->initial_bytes = vmp_saver_initial_bytes(df->saver);
		info->dirty_bytes = vmp_saver_other_bytes(df->saver) +
				    sizes.precopy_bytes;
	} else {
		ret = -EINVAL;
	}
	unlock_device(df, cookie);
	return ret;
}

static long data_file_ioctl(struct file *file, unsigned int cmd,
			    unsigned long arg)
{
	struct vmp_data_file *df = file->private_data;
	struct vfio_precopy_info info;
	int ret;

	if (cmd != VFIO_MIG_GET_PRECOPY_INFO)
		return -ENOTTY;
	if (copy_from_user(&info, (void __user *)arg, sizeof(info)))
		return -EFAULT;
	if (info.argsz < sizeof(info))
		return -EINVAL;

	/* No flag of ours, and nobody's business what the user had there. */
	info.flags = 0;
	mutex_lock(&df->lock);
	ret = get_precopy_info(df, &info);
	mutex_unlock(&df->lock);
	if (ret)
		return ret;

	return copy_to_user((void __user *)arg, &info, sizeof(info)) ? -EFAULT : 0;
}

/*
 * There is always something to be learned from a read, if only that there is
 * nothing just now; and a write is always taken.
 */
static __poll_t data_file_poll(struct file *file, struct poll_table_struct *wait)
{
	struct vmp_data_file *df = file->private_data;
	__poll_t mask = df->saver ? EPOLLIN | EPOLLRDNORM :
				    EPOLLOUT | EPOLLWRNORM;

	return check_enabled(df) ? mask | EPOLLERR | EPOLLHUP : mask;
}

static const struct file_operations saving_fops = {
	.owner = THIS_MODULE,
	.read = data_file_read,
	.unlocked_ioctl = data_file_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.poll = data_file_poll,
	.release = data_file_release,
	.llseek = noop_llseek,
};

static const struct file_operations loading_fops = {
	.owner = THIS_MODULE,
	.write = data_file_write,
	.poll = data_file_poll,
	.release = data_file_release,
	.llseek = noop_llseek,
};

static int allocate_half(struct vmp_data_file *df, bool is_saving)
{
	if (is_saving) {
		df->saver = vmp_saver_create();
		return df->saver ? 0 : -ENOMEM;
	}

	df->loader = vmp_loader_create(df->mig);
	df->chunk = kvmalloc(CHUNK_BYTES, GFP_KERNEL_ACCOUNT);
	return df->loader && df->chunk ? 0 : -ENOMEM;
}

int vmp_data_file_create(struct vmp_migration *mig, bool is_saving)
{
	struct vmp_data_file *df;
	struct file *file;
	int ret;

	lockdep_assert_held(&mig->lock);

	if (WARN_ON_ONCE(mig->file))
		return -EBUSY;

	df = kzalloc(sizeof(*df), GFP_KERNEL_ACCOUNT);
	if (!df)
		return -ENOMEM;

	kref_get(&mig->kref);
	df->mig = mig;
	mutex_init(&df->lock);
	ret = allocate_half(df, is_saving);
	if (ret)
		goto err_free;

	file = anon_inode_getfile(is_saving ? "vfio-mdev-pci-save" :
					      "vfio-mdev-pci-load",
				  is_saving ? &saving_fops : &loading_fops, df,
				  is_saving ? O_RDONLY : O_WRONLY);
	if (IS_ERR(file)) {
		ret = PTR_ERR(file);
		goto err_free;
	}

	/* From here on its release frees @df. */
	stream_open(file->f_inode, file);
	df->file = file;
	mig->file = df;
	return 0;

err_free:
	free_data_file(df);
	return ret;
}

struct file *vmp_data_file_get(struct vmp_migration *mig)
{
	lockdep_assert_held(&mig->lock);

	return get_file(mig->file->file);
}

bool vmp_data_file_is_saving(const struct vmp_migration *mig)
{
	return mig->file->saver;
}

void vmp_data_file_disable(struct vmp_migration *mig)
{
	struct vmp_data_file *df = mig->file;

	lockdep_assert_held(&mig->lock);

	if (!df)
		return;

	mig->file = NULL;
	WRITE_ONCE(df->is_disabled, true);
	fput(df->file);
}

int vmp_data_file_load(struct vmp_migration *mig, bool *has_begun)
{
	return vmp_loader_finish(mig->file->loader, mig, has_begun);
}
