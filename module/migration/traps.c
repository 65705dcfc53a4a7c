// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers that a backend stands in front of: which pages lose mmap, and who
 * answers an access. Accesses elsewhere are vfio-pci-core's.
 */

#include <linux/align.h>
#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

#include "access.h"
#include "device.h"
#include "migration.h"
#include "stats.h"
#include "traps.h"

#define MAX_ACCESS_BYTES 8

static u64 trap_end(const struct vmp_trap *trap)
{
	return (u64)trap->offset + trap->bytes;
}

static const char *check_trap(const struct vmp_backend *backend,
			      const struct vmp_trap *trap)
{
	if (trap->bar >= PCI_STD_NUM_BARS || !(backend->bars & BIT(trap->bar)))
		return "a trap is in a BAR that is not in bars";

	if (!trap->bytes || trap_end(trap) > BIT_ULL(32))
		return "a trap has no bytes, or some beyond 4 GiB";

	if (!IS_ALIGNED(trap->offset, MAX_ACCESS_BYTES) ||
	    !IS_ALIGNED(trap->bytes, MAX_ACCESS_BYTES))
		return "a trap is not aligned to 8 bytes";

	return NULL;
}

static bool is_after(const struct vmp_trap *trap, const struct vmp_trap *before)
{
	if (trap->bar != before->bar)
		return trap->bar > before->bar;

	return trap->offset >= trap_end(before);
}

const char *vmp_traps_check(const struct vmp_backend *backend)
{
	const struct vmp_trap *traps = backend->traps;
	const char *text;
	unsigned int i;

	if (backend->nr_traps && !traps)
		return "there is a number of traps, but there are no traps";

	for (i = 0; i < backend->nr_traps; i++) {
		text = check_trap(backend, &traps[i]);
		if (text)
			return text;

		if (i && !is_after(&traps[i], &traps[i - 1]))
			return "a trap is not behind the one before it";
	}

	return NULL;
}

const char *vmp_traps_fit(const struct vmp_migration *mig)
{
	const struct vmp_backend *backend = mig->backend;
	const struct vmp_trap *trap;
	unsigned int i;

	for (i = 0; i < backend->nr_traps; i++) {
		trap = &backend->traps[i];
		if (trap_end(trap) > vmp_bar_bytes(&mig->dev, trap->bar))
			return "a trap is not within its BAR";
	}

	return NULL;
}

bool vmp_traps_has_bar(const struct vmp_migration *mig, unsigned int index)
{
	unsigned int i;

	for (i = 0; i < mig->backend->nr_traps; i++)
		if (mig->backend->traps[i].bar == index)
			return true;

	return false;
}

/* Room in @areas for all that can be there: one more than there are traps. */
static unsigned int list_areas(const struct vmp_backend *backend,
			       const struct vfio_region_info *info,
			       struct vfio_region_sparse_mmap_area *areas)
{
	const struct vmp_trap *trap;
	unsigned int nr = 0;
	u64 free_from = 0;
	unsigned int i;
	u64 page;

	for (i = 0; i < backend->nr_traps; i++) {
		trap = &backend->traps[i];
		if (trap->bar != info->index)
			continue;

		page = ALIGN_DOWN(trap->offset, PAGE_SIZE);
		if (page > free_from) {
			areas[nr].offset = free_from;
			areas[nr++].size = page - free_from;
		}
		free_from = ALIGN(trap_end(trap), PAGE_SIZE);
	}

	if (info->size > free_from) {
		areas[nr].offset = free_from;
		areas[nr++].size = info->size - free_from;
	}

	return nr;
}

static int add_sparse_mmap(const struct vmp_backend *backend,
			   struct vfio_region_info *info,
			   struct vfio_info_cap *caps)
{
	struct vfio_region_info_cap_sparse_mmap *sparse;
	int ret = 0;

	sparse = kzalloc(struct_size(sparse, areas, backend->nr_traps + 1),
			 GFP_KERNEL);
	if (!sparse)
		return -ENOMEM;

	sparse->header.id = VFIO_REGION_INFO_CAP_SPARSE_MMAP;
	sparse->header.version = 1;
	sparse->nr_areas = list_areas(backend, info, sparse->areas);
	if (sparse->nr_areas) {
		info->flags |= VFIO_REGION_INFO_FLAG_MMAP;
		ret = vfio_info_add_capability(caps, &sparse->header,
					       struct_size(sparse, areas,
							   sparse->nr_areas));
	}

	kfree(sparse);
	return ret;
}

static int add_msix_mappable(struct vfio_info_cap *caps)
{
	struct vfio_info_cap_header header = {
		.id = VFIO_REGION_INFO_CAP_MSIX_MAPPABLE,
		.version = 1,
	};

	return vfio_info_add_capability(caps, &header, sizeof(header));
}

int vmp_traps_region_info(struct vmp_migration *mig,
			  struct vfio_region_info *info,
			  struct vfio_info_cap *caps)
{
	struct vfio_pci_core_device *core = mig->core;
	int ret;

	info->offset = VFIO_PCI_INDEX_TO_OFFSET(info->index);
	info->size = vmp_bar_bytes(&mig->dev, info->index);
	info->flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	if (!core->bar_mmap_supported[info->index])
		return 0;

	ret = add_sparse_mmap(mig->backend, info, caps);
	if (ret)
		return ret;

	return info->index == core->msix_bar ? add_msix_mappable(caps) : 0;
}

/*
 * The trap at a position, or NULL and how many bytes there are to the next one
 * in the BAR.
 */
static const struct vmp_trap *find_trap(const struct vmp_migration *mig,
					unsigned int bar, u64 pos, u64 *gap)
{
	const struct vmp_trap *trap = mig->backend->traps;
	const struct vmp_trap *end = trap + mig->backend->nr_traps;

	*gap = U64_MAX;
	for (; trap < end; trap++) {
		if (trap->bar != bar || trap_end(trap) <= pos)
			continue;
		if (trap->offset <= pos)
			return trap;

		*gap = trap->offset - pos;
		break;
	}

	return NULL;
}

int vmp_traps_check_mmap(const struct vmp_migration *mig,
			 const struct vm_area_struct *vma)
{
	const unsigned int shift = VFIO_PCI_OFFSET_SHIFT - PAGE_SHIFT;
	unsigned int bar = vma->vm_pgoff >> shift;
	u64 start = (vma->vm_pgoff & (BIT_ULL(shift) - 1)) << PAGE_SHIFT;
	u64 bytes = vma->vm_end - vma->vm_start;
	u64 gap;

	return find_trap(mig, bar, start, &gap) || gap < bytes ? -EINVAL : 0;
}

/* An access to a trap as backends see it. */
struct piece {
	const struct vmp_trap *trap;
	u32 offset;
	unsigned int size;
	bool is_write;
	u64 value;
};

static int answer(struct vmp_migration *mig, struct piece *piece)
{
	const struct vmp_trap *trap = piece->trap;

	if (piece->is_write && trap->write)
		return trap->write(&mig->dev, piece->offset, piece->size,
				   piece->value);
	if (!piece->is_write && trap->read)
		return trap->read(&mig->dev, piece->offset, piece->size,
				  &piece->value);

	if (piece->is_write)
		vmp_access_write(&mig->dev, trap->bar, piece->offset,
				 piece->size, piece->value);
	else
		piece->value = vmp_access_read(&mig->dev, trap->bar,
					       piece->offset, piece->size);
	return 0;
}

/*
 * Does the guest let the function answer, and is it awake? Users get -EIO from
 * one that does not, as from vfio-pci-core. Stays so under the state lock,
 * without which config space cannot be written.
 */
static bool is_enabled(struct vfio_pci_core_device *core)
{
	u16 command;
	bool ret;

	down_read(&core->memory_lock);
	command = le16_to_cpu(*(__le16 *)&core->vconfig[PCI_COMMAND]);
	ret = !vmp_access_is_asleep(core) &&
	      (core->pdev->no_command_memory || (command & PCI_COMMAND_MEMORY));
	up_read(&core->memory_lock);
	return ret;
}

static int access_piece(struct vmp_migration *mig, struct piece *piece)
{
	int cookie;
	int ret;

	vmp_stats_add(&mig->stats, VMP_STAT_TRAPPED, 1);
	vmp_migration_lock(mig);
	cookie = vmp_access_begin(mig);
	if (cookie < 0) {
		ret = cookie;
		goto out;
	}

	ret = is_enabled(mig->core) ? answer(mig, piece) : -EIO;
	vmp_access_end(mig, cookie);

out:
	vmp_migration_unlock(mig);
	return WARN_ON_ONCE(ret > 0) ? -EIO : ret;
}

/* The largest that is aligned; traps consist of whole ones of 8 bytes. */
static unsigned int piece_bytes(u64 pos, size_t count)
{
	unsigned int size = MAX_ACCESS_BYTES;

	while (size > count || !IS_ALIGNED(pos, size))
		size /= 2;

	return size;
}

/* User memory is touched without the state lock: it may fault. */
static ssize_t read_piece(struct vmp_migration *mig, struct piece *piece,
			  char __user *buf)
{
	__le64 raw;
	int ret;

	ret = access_piece(mig, piece);
	if (ret)
		return ret;

	raw = cpu_to_le64(piece->value);
	if (copy_to_user(buf, &raw, piece->size))
		return -EFAULT;

	return piece->size;
}

static ssize_t write_piece(struct vmp_migration *mig, struct piece *piece,
			   const char __user *buf)
{
	__le64 raw = 0;
	int ret;

	if (copy_from_user(&raw, buf, piece->size))
		return -EFAULT;

	piece->value = le64_to_cpu(raw);
	ret = access_piece(mig, piece);
	if (ret)
		return ret;

	return piece->size;
}

/* What lies in one trap, or the run of bytes up to the next. */
static ssize_t access_run(struct vmp_migration *mig, char __user *buf,
			  size_t count, loff_t *ppos, bool is_write)
{
	struct vfio_device *core_vdev = &mig->core->vdev;
	u64 pos = *ppos & VFIO_PCI_OFFSET_MASK;
	struct piece piece = { .offset = pos, .is_write = is_write };
	ssize_t ret;
	u64 gap;

	piece.trap = find_trap(mig, VFIO_PCI_OFFSET_TO_INDEX(*ppos), pos, &gap);
	if (!piece.trap) {
		count = min_t(u64, count, gap);
		return is_write ?
			vfio_pci_core_write(core_vdev, buf, count, ppos) :
			vfio_pci_core_read(core_vdev, buf, count, ppos);
	}

	piece.size = piece_bytes(pos, count);
	ret = is_write ? write_piece(mig, &piece, buf) :
			 read_piece(mig, &piece, buf);
	if (ret > 0)
		*ppos += ret;
	return ret;
}

static ssize_t access_region(struct vmp_migration *mig, char __user *buf,
			     size_t count, loff_t *ppos, bool is_write)
{
	size_t done = 0;
	ssize_t ret;

	while (done < count) {
		ret = access_run(mig, buf + done, count - done, ppos, is_write);
		if (ret <= 0)
			return done ? (ssize_t)done : ret;

		done += ret;
	}

	return done;
}

ssize_t vmp_traps_read(struct vmp_migration *mig, char __user *buf,
		       size_t count, loff_t *ppos)
{
	return access_region(mig, buf, count, ppos, false);
}

ssize_t vmp_traps_write(struct vmp_migration *mig, const char __user *buf,
			size_t count, loff_t *ppos)
{
	/* Only read from, in this direction. */
	return access_region(mig, (char __user *)buf, count, ppos, true);
}
