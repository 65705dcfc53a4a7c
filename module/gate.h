/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The gate: may this function be opened now, by what name, and has the last
 * user let go. Who opens and closes it is not decided here, see mdev.h.
 */
#ifndef VMP_GATE_H
#define VMP_GATE_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>

struct mdev_device;
struct vfio_pci_core_device;

/**
 * struct vmp_gate - what stands between the group node and the function
 * @core: the function's vfio device; set once by vmp_gate_init()
 * @lock: protects @mdev, and writing @is_in_use; innermost lock, held for a
 *	few instructions only, never while waiting
 * @mdev: the mdev that keeps the gate open, NULL while it is closed; not
 *	counted, the mdev closes the gate before it goes
 * @is_in_use: the device is open, between vmp_gate_enter() and
 *	vmp_gate_leave(); written under @lock, also read without
 * @left: woken when @is_in_use falls
 */
struct vmp_gate {
	struct vfio_pci_core_device *core;
	struct mutex lock; /* protects mdev, and writing is_in_use */
	struct mdev_device *mdev;
	bool is_in_use;
	wait_queue_head_t left;
};

/**
 * vmp_gate_init() - prepare a closed gate
 * @gate: gate to prepare
 * @core: vfio device behind the gate; must outlive it
 *
 * Context: Any.
 */
void vmp_gate_init(struct vmp_gate *gate, struct vfio_pci_core_device *core);

/**
 * vmp_gate_fini() - undo vmp_gate_init()
 * @gate: closed gate that nobody can reach any more
 *
 * Context: Any.
 */
void vmp_gate_fini(struct vmp_gate *gate);

/**
 * vmp_gate_open() - let users in, on behalf of an mdev
 * @gate: gate to open
 * @mdev: the mdev whose UUID becomes a name of the device; the caller closes
 *	the gate before it is freed
 *
 * Context: Process context, may sleep.
 * Return: 0, or -EBUSY if another mdev holds the gate open.
 */
int vmp_gate_open(struct vmp_gate *gate, struct mdev_device *mdev);

/**
 * vmp_gate_close() - let nobody in any more, and wait for who is inside
 * @gate: gate to close
 *
 * Closes first, so that no open can slip in, then asks the user through the
 * request interrupt to let go, again every ten seconds, and returns when the
 * last one has. Like vfio_unregister_group_dev() it waits on after a signal.
 *
 * Context: Process context; sleeps for as long as users want. The caller must
 *	hold no lock that closing a device file takes (the device set's lock,
 *	the group's).
 */
void vmp_gate_close(struct vmp_gate *gate);

/**
 * vmp_gate_enter() - the device's first file is being opened
 * @gate: gate to pass
 *
 * Context: Process context, under the device set's lock.
 * Return: 0, or -ENODEV if the gate is closed. Each success is followed by
 *	one vmp_gate_leave().
 */
int vmp_gate_enter(struct vmp_gate *gate);

/**
 * vmp_gate_leave() - the device's last file has been closed
 * @gate: gate that vmp_gate_enter() passed
 *
 * Context: Process context, under the device set's lock.
 */
void vmp_gate_leave(struct vmp_gate *gate);

/**
 * vmp_gate_translate_name() - turn a user's name into vfio-pci's
 * @gate: gate of the function that is asked
 * @name: what the user passed to VFIO_GROUP_GET_DEVICE_FD: a UUID or a PCI
 *	address, and perhaps a space and options behind it
 *
 * Puts the PCI address in place of the mdev's UUID and keeps the rest, so
 * that vfio_pci_core_match() can judge the options.
 *
 * Context: Process context, may sleep.
 * Return: a string to kfree(); NULL if the gate is closed, in which case no
 *	name is good; ERR_PTR(-ENOMEM).
 */
char *vmp_gate_translate_name(struct vmp_gate *gate, const char *name);

#endif /* VMP_GATE_H */
