/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a backend is: the part that knows one device, so that its state can be
 * saved and loaded. The state machine, the stream, files, locks, resets and
 * dirty tracking are the framework's; docs/writing-a-backend.md teaches it.
 *
 * A backend is a module of its own. It says which functions are its own
 * (@ids, and an alias by which it is found), and fills in &struct vmp_backend:
 *
 *	RUNNING --quiesce--> RUNNING_P2P --stop--> STOP --save--> STOP_COPY
 *	RUNNING <--resume--- RUNNING_P2P <-start-- STOP <--load-- RESUMING
 *
 * One call at a time: the framework never calls two of a device's operations
 * at once, so a backend needs no locks. All of them may sleep. None may be
 * called before attach or after detach; what touches the device is called only
 * while a user has it open.
 */
#ifndef VMP_BACKEND_H
#define VMP_BACKEND_H

#include <linux/bits.h>
#include <linux/device/driver.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/types.h>

#include "device.h"

/* Payload of one record at most, and kinds of them. */
#define VMP_RECORD_MAX_BYTES (1024 * 1024)
#define VMP_MAX_RECORD_TYPES 32

/**
 * struct vmp_record - a piece of a device's state
 * @type: number of a line in the backend's @records
 * @length: bytes at @data
 * @data: the piece, little-endian. In save, where @length comes as 0: room for
 *	the @max_bytes of every type, to be filled. In load: @length bytes
 *	within the type's bounds, of which each may be hostile.
 */
struct vmp_record {
	u32 type;
	u32 length;
	void *data;
};

/* There may be several of it; each is loaded at once, and not kept. */
#define VMP_RECORD_MANY BIT(0)
/* May be absent. */
#define VMP_RECORD_OPTIONAL BIT(1)

/**
 * struct vmp_record_type - what may be in a backend's records
 * @min_bytes: length at least
 * @max_bytes: length at most, VMP_RECORD_MAX_BYTES or less
 * @flags: VMP_RECORD_MANY, VMP_RECORD_OPTIONAL
 *
 * Its index in @records is its number, in the stream and in &struct
 * vmp_record. A record without VMP_RECORD_MANY comes at most once, and is
 * loaded at the end, when the stream is known to be whole and the guest's
 * memory to be complete. One with it is loaded as soon as it arrives: for
 * state that is too large to be kept.
 */
struct vmp_record_type {
	u32 min_bytes;
	u32 max_bytes;
	u32 flags;
};

/**
 * struct vmp_trap - registers that the backend stands in front of
 * @bar: BAR they are in
 * @offset: of the first byte, a multiple of 8
 * @bytes: how many, a multiple of 8
 * @read: the user reads @size (1, 2, 4 or 8) bytes at @offset of the BAR,
 *	naturally aligned and within the trap; NULL if the device shall answer.
 *	Returns 0 or -errno, which the user gets.
 * @write: the user writes; NULL if the device shall have it. Returns 0 or
 *	-errno, which the user gets.
 *
 * The pages that they are in cannot be mapped by users any more, all others
 * can. Both are called in every state of migration: what starts DMA must be
 * kept for later unless vmp_is_running().
 */
struct vmp_trap {
	u8 bar;
	u32 offset;
	u32 bytes;
	int (*read)(struct vmp_device *dev, u32 offset, unsigned int size,
		    u64 *value);
	int (*write)(struct vmp_device *dev, u32 offset, unsigned int size,
		     u64 value);
};

/**
 * struct vmp_sizes - how much state there is
 * @precopy_bytes: what is to be sent before the device stops, if it stopped
 *	writing now; an estimate
 * @stopped_bytes: what would be sent if the device were stopped now; an
 *	estimate that had better be too high
 */
struct vmp_sizes {
	u64 precopy_bytes;
	u64 stopped_bytes;
};

/**
 * struct vmp_backend - what knows one kind of device
 * @name: its name, unique, at most 15 characters; part of each stream
 * @owner: THIS_MODULE
 * @ids: the functions it is for, ended by an empty entry
 * @priv_bytes: size of a device's @priv
 * @version: version of what it saves, from 1
 * @oldest_reader: the oldest version of itself that can load that; 0 for
 *	@version
 * @oldest_readable: the oldest version of a stream that it can load; 0 for
 *	@version
 * @records: the kinds of records it saves
 * @nr_records: how many kinds, at most VMP_MAX_RECORD_TYPES
 * @traps: registers it stands in front of
 * @nr_traps: how many traps
 * @bars: a bit for each BAR whose registers it uses
 * @ignores_pci_reset: PCI's ways to reset a function do not reset this device,
 *	so @reset is called in addition
 * @tracks_dirty: it tells of every page that the device writes, see
 *	vmp_dma_begin(). If not, all memory is taken for dirty.
 *
 * @attach: an mdev was created on the function. The device must not be touched
 *	yet. Optional. Returns 0 or -errno, with which the mdev's creation
 *	fails.
 * @detach: the mdev is going. Optional.
 *
 * @quiesce: let the device begin no DMA by itself any more, and wait until
 *	what it began is complete; interrupts still come through, and registers
 *	still answer. Called whenever a guest is paused, so it should be quick.
 *	Returns 0, or -errno if the device does not come to rest; then the
 *	framework calls resume, and the device runs on.
 * @resume: undo quiesce. After a load it comes after start. Optional.
 *	Returns 0 or -errno; then the state is ERROR.
 * @stop: let nothing change in the device by itself. It is quiesced. Optional.
 *	Returns 0, or -errno; then the device stays quiesced.
 * @start: undo stop. Optional.
 *	Returns 0 or -errno; then the state is ERROR.
 *
 * @save_begin: the device is stopped, and its state is about to be saved.
 *	Optional; the place for what needs vmp_scratch_get(). What it does to
 *	the device it must have undone when it returns, as a migration that
 *	fails goes on at the source. Returns 0 or -errno; then nothing is saved.
 * @save: fill @record with a piece of the stopped device's state, of the kind
 *	that its @type says. It is asked for each kind in turn: once, or with
 *	VMP_RECORD_MANY again and again until there is none. Returns 1 if it
 *	did, 0 if there is none (left) of this kind, or -errno.
 * @precopy_begin: saving begins with the device running. Optional; without
 *	it nothing of the device's is saved before it stops. Returns 0 or -errno.
 * @precopy: fill @record with the next piece, of a VMP_RECORD_MANY kind that it
 *	chooses (@type is 0), that may be saved while the device runs. Returns
 *	1 if it did; 0 if there is none just now, it will be asked again; or
 *	-errno. Needed with precopy_begin.
 * @save_end: saving is over, complete or not. Frees what save_begin and
 *	precopy_begin allocated. Also called if one of them failed. No register
 *	access, no vmp_dma_end(): it may run within a reset. Optional.
 * @get_sizes: how much there is to save. Sets what is not 0. Optional if no
 *	record is VMP_RECORD_MANY: then it is one of each kind of the largest
 *	size, and nothing before the device stops.
 *
 * @load_begin: a stream is about to arrive, for a stopped device. Optional.
 *	Returns 0 or -errno; then nothing is loaded.
 * @load: put a piece of state into the stopped device. Records without
 *	VMP_RECORD_MANY come in the order of their types, and may use
 *	vmp_scratch_get(). Returns 0; -EINVAL if the piece makes no sense;
 *	another -errno. Then the stream is refused, and the device reset before
 *	anybody uses it again.
 * @load_end: loading is over, complete or not. Also called if load_begin
 *	failed. As little as save_end. Optional.
 *
 * @reset: bring the device to the state it has after power-on, and make it
 *	forget its user's data. For devices that PCI cannot reset; else NULL.
 *	May use vmp_scratch_get(). Then what starts the device's DMA is to be
 *	trapped; and if that fails with -ENODEV, so does this, with the device
 *	at rest: it is called again when there is an IOMMU domain. Returns 0 or
 *	-errno.
 * @was_reset: the device has just been reset, by PCI or by @reset. Forget what
 *	was known of it; no register access. Also called at each open and close.
 *	Optional.
 *
 * Guarantees: the state that the device is in when an operation is called is
 * the one drawn above. A device that is not there any more reads as all ones.
 * If the device is reset while an operation runs, its answer does not matter.
 */
struct vmp_backend {
	const char *name;
	struct module *owner;
	const struct pci_device_id *ids;
	size_t priv_bytes;
	u32 version;
	u32 oldest_reader;
	u32 oldest_readable;
	const struct vmp_record_type *records;
	unsigned int nr_records;
	const struct vmp_trap *traps;
	unsigned int nr_traps;
	unsigned long bars;
	bool ignores_pci_reset;
	bool tracks_dirty;

	int (*attach)(struct vmp_device *dev);
	void (*detach)(struct vmp_device *dev);

	int (*quiesce)(struct vmp_device *dev);
	int (*resume)(struct vmp_device *dev);
	int (*stop)(struct vmp_device *dev);
	int (*start)(struct vmp_device *dev);

	int (*save_begin)(struct vmp_device *dev);
	int (*save)(struct vmp_device *dev, struct vmp_record *record);
	int (*precopy_begin)(struct vmp_device *dev);
	int (*precopy)(struct vmp_device *dev, struct vmp_record *record);
	void (*save_end)(struct vmp_device *dev);
	void (*get_sizes)(struct vmp_device *dev, struct vmp_sizes *sizes);

	int (*load_begin)(struct vmp_device *dev);
	int (*load)(struct vmp_device *dev, const struct vmp_record *record);
	void (*load_end)(struct vmp_device *dev);

	int (*reset)(struct vmp_device *dev);
	void (*was_reset)(struct vmp_device *dev);
};

/**
 * module_vmp_backend() - a module that is one backend and nothing else
 * @_backend: the backend
 */
#define module_vmp_backend(_backend) \
	module_driver(_backend, vmp_backend_register, vmp_backend_unregister)

/**
 * VMP_BACKEND_ALIAS() - let the module be found for a device
 * @_vendor: PCI vendor id as the alias has it: eight digits, capital
 *	hexadecimal, as in "00001234"
 * @_device: PCI device id, likewise
 */
#define VMP_BACKEND_ALIAS(_vendor, _device) \
	MODULE_ALIAS("vmp:v" _vendor "d" _device "sv*sd*bc*sc*i*")

/**
 * vmp_backend_register() - offer a backend to functions whose mdev is created
 *	later
 * @backend: the backend; stays as it is until it is unregistered
 *
 * Context: Process context, may sleep.
 * Return: 0; -EINVAL if a needed member is missing or two contradict each
 *	other, which the kernel log explains; -EBUSY if there is a backend of
 *	this name.
 */
int vmp_backend_register(const struct vmp_backend *backend);

/**
 * vmp_backend_unregister() - undo vmp_backend_register()
 * @backend: the backend; no device has it, as each would hold its module
 *
 * Context: Process context, may sleep.
 */
void vmp_backend_unregister(const struct vmp_backend *backend);

#endif /* VMP_BACKEND_H */
