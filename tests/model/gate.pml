/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The gate, and all who meet there: users, mdevs, unbinding, unloading, sysfs.
 * See docs/models.md for how to read this. Migration is in deferred_reset.pml.
 *
 * What stands for what, in the order of the code:
 *
 *	bind()			pci_driver_probe() of pci_driver.c, from "closed
 *				gate" on; mdev_type_add() of the mdev core
 *	release_function()	pci_driver_remove(); mdev_unregister_parent(),
 *				wait_for_last_put() of mdev.c,
 *				vfio_unregister_group_dev()
 *	create_mdev()		create_store(), mdev_device_create(); from "probe"
 *				on mdev_probe() of mdev.c
 *	remove_mdev()		mdev_device_remove()
 *	remove_common()		mdev_device_remove_common(), mdev_remove() of mdev.c
 *	put_mdev()		mdev_device_release()
 *	close_gate()		vmp_gate_close() of gate.c, wait_event() within
 *	enter_gate()		vmp_gate_enter()
 *	leave_gate()		vmp_gate_leave(), wake_up_all() within
 *	match()			vfio_device_get_from_name(), match() of vfio_ops.c,
 *				vmp_gate_translate_name()
 *	open_file()		vfio_df_group_open(), vfio_df_open(), first open;
 *				open_device() of vfio_ops.c
 *	close_file()		vfio_df_group_close(), last close; close_device()
 *				of vfio_ops.c, vmp_settings_before_close()
 *	write_setting()		store_asked(), ask() of attributes.c,
 *				vmp_settings_ask() of settings.c
 *	unloader		delete_module(), vmp_exit() of main.c
 *
 * LINUX_6_1 orders locks and steps as Linux 6.1 does, else as 6.12 does.
 */

#include "locks.pml"

/* Locks, as in ARCHITECTURE.md; the last two are the kernel's own. */
bool device_lock;
rwsem unreg_sem;
bool group_lock;
bool set_lock;
bool gate_lock;
bool mdev_list_lock;
bool group_list_lock;	/* vfio_group.device_lock */

/* Files of sysfs: are they there, and how many users are in their store(). */
typedef kernfs {
	bool is_there;
	byte users
};
kernfs create_file;
kernfs settings_file;
kernfs unbind_file;

/* The function. */
bool is_alive;			/* its memory */
bool is_bound;
bool is_bind_over;
bool is_listed;			/* clients find it in its group */
byte registration;		/* vfio_device.refcount */
byte open_count;		/* vfio_device.open_count */
bool is_enabled;		/* between vfio_pci_core_enable() and disable() */
bool has_migration;		/* vmp_function.migration */

/* The gate: who holds it open (a manager's number), or NOBODY. */
#define NOBODY 2
byte gate_mdev = NOBODY;
bool is_in_use;
bool is_queued;			/* the closer, in the wait queue */

/* Settings: one bit will do. */
bool asked;
bool effective;

/* mdevs, one for each manager. */
byte instances = 1;		/* mdev_parent.available_instances */
bool has_devices_kobj;		/* mdev_type.devices_kobj */
byte type_refs;			/* mdevs that hold the type */
byte mdev_refs[2];
bool is_on_bus[2];
bool is_active[2];

/* The module. */
byte module_refs;
bool is_module_going;
bool is_module_gone;

/* Code or data of the module is used. */
inline touch() {
	assert(is_alive && !is_module_gone)
}

inline kernfs_get(file, has_it) {
	d_step {
		has_it = file.is_there;
		file.users = file.users + has_it
	}
}

inline kernfs_put(file) {
	d_step { assert(file.users > 0); file.users-- }
}

inline kernfs_remove(file) {
	file.is_there = false;
	file.users == 0
}

/*
 * The gate. Its lock is innermost and nobody waits under it, so what is done
 * under it is one step.
 */

/* code: module/gate.c: wait_event_timeout(gate->left, !gate_is_in_use(gate), period); */
/* code: module/gate.c: return READ_ONCE(gate->is_in_use); */
inline wait_for_leave() {
	is_queued = true;
	if
	:: !is_in_use -> is_queued = false
	:: is_in_use -> !is_queued	/* not 10 s at most: that would hide a lost wake-up */
	fi
}

/* code: module/gate.c: while (gate_is_in_use(gate)) { */
inline wait_until_left() {
	do
	:: is_in_use -> wait_for_leave()
	:: !is_in_use -> break
	od
}

/* code: module/gate.c: gate->mdev = NULL; */
inline shut_gate() {
	atomic { !gate_lock -> touch(); gate_mdev = NOBODY }
}

inline close_gate() {
#ifdef WAIT_BEFORE_CLOSE
	wait_until_left();
	shut_gate()
#elif defined(WAIT_UNDER_GATE_LOCK)
	shut_gate();
	lock(gate_lock);
	wait_until_left();
	unlock(gate_lock)
#elif defined(WAIT_UNDER_SET_LOCK)
	lock(set_lock);
	shut_gate();
	wait_until_left();
	unlock(set_lock)
#else
	shut_gate();
	wait_until_left()
#endif
}

/* code: module/gate.c: if (gate->mdev) { */
/* code: module/gate.c: WRITE_ONCE(gate->is_in_use, true); */
inline enter_gate(may_enter) {
#ifdef ENTER_WITHOUT_LOCK
	may_enter = gate_mdev != NOBODY;
	is_in_use = is_in_use || may_enter
#else
	atomic {
		!gate_lock ->
		touch();
		may_enter = gate_mdev != NOBODY;
		is_in_use = is_in_use || may_enter
	}
#endif
}

/* code: module/gate.c: WRITE_ONCE(gate->is_in_use, false); */
/* code: module/gate.c: wake_up_all(&gate->left); */
inline leave_gate() {
#ifdef WAKE_BEFORE_LEAVE
	is_queued = false;
	atomic { !gate_lock -> touch(); is_in_use = false }
#else
	atomic { !gate_lock -> touch(); is_in_use = false }
	d_step { touch(); is_queued = false }
#endif
}

#include "gate_users.pml"
#include "gate_mdevs.pml"

/* Binding, and the three ways to undo it. */

/* code: module/pci_driver.c: ret = vfio_pci_core_register_device(&fn->core); */
/* code: module/pci_driver.c: ret = vmp_attributes_create(fn); */
/* code: module/pci_driver.c: ret = vmp_mdev_parent_register(&fn->mdev_parent, &fn->gate, */
inline bind() {
	lock(device_lock);
	is_alive = true;
#ifdef PARENT_COMES_FIRST
	create_file.is_there = true;
	has_devices_kobj = true;
#endif
	atomic { registration = 1; is_listed = true }
	settings_file.is_there = true;
	create_file.is_there = true;
#ifdef BIND_FAILS
	/* mdev_type_add() has no memory for "devices" */
	kernfs_remove(create_file);
	kernfs_remove(settings_file);
	unregister_vfio();
	is_alive = false;
#else
	has_devices_kobj = true;
	is_bound = true;
#endif
	is_bind_over = true;
	unlock(device_lock)
}

inline unregister_vfio() {
#ifdef LINUX_6_1
	put_registration();
	registration == 0;
	lock(group_list_lock);
	is_listed = false;
	unlock(group_list_lock)
#else
	lock(group_list_lock);
	is_listed = false;
	unlock(group_list_lock);
	put_registration();
	registration == 0
#endif
}

/* code: module/mdev.c: mdev_unregister_parent(&mp->parent); */
/* code: module/mdev.c: while (kref_read(kref) > 1) { */
inline unregister_parent() {
	down_write(unreg_sem);
	if
	:: is_on_bus[0] -> remove_common(0)
	:: is_on_bus[1] -> remove_common(1)
	:: else
	fi;
	kernfs_remove(create_file);
	up_write(unreg_sem);
#ifndef NO_WAIT_FOR_LAST_PUT
	type_refs == 0
#endif
}

/* With the device's lock. */
/* code: module/pci_driver.c: vmp_mdev_parent_unregister(&fn->mdev_parent); */
/* code: module/pci_driver.c: vmp_attributes_remove(fn); */
/* code: module/pci_driver.c: vfio_pci_core_unregister_device(&fn->core); */
inline release_function() {
	if
	:: is_bound ->
#ifdef PARENT_GOES_LAST
		kernfs_remove(settings_file);
		unregister_vfio();
		unregister_parent();
#elif defined(SETTINGS_STAY)
		unregister_parent();
		unregister_vfio();
#else
		unregister_parent();
		kernfs_remove(settings_file);
		unregister_vfio();
#endif
		d_step {
			assert(!is_enabled && open_count == 0);
			is_bound = false;
			is_alive = false
		}
	:: else
	fi
}

/*
 * By sysfs; or the function is pulled out, and no file of sysfs is in the way;
 * or it stays.
 */
proctype unbinder() {
	bool has_it;
	bool is_last;
	bool is_by_sysfs;

	is_bind_over;
	if
	:: atomic { unbind_file.is_there -> unbind_file.users++; is_by_sysfs = true; has_it = true }
	:: has_it = true
	:: true
	fi;
	if
	:: has_it ->
		lock(device_lock);
		release_function();
		unlock(device_lock);
		if
		:: is_by_sysfs -> kernfs_put(unbind_file)
		:: else
		fi
	:: else
	fi
}

/* code: module/main.c: pci_unregister_driver(&vmp_pci_driver); */
proctype unloader() {
	bool is_last;

	is_bind_over;
	atomic {
		if
		:: module_refs == 0 ->
			is_module_going = true;
			/* 6.12 counts in the open, so files that open may be about to fail */
			assert(!is_enabled)
		:: else -> goto refused
		fi
	}
	kernfs_remove(unbind_file);
	lock(device_lock);
	release_function();
	unlock(device_lock);
	is_module_gone = true;
refused:
	skip
}

/* What meets what: each of these is searched for itself, see cases. */
init {
	atomic {
		unbind_file.is_there = true;
#if defined(MDEVS)
		run client();
		run manager(0);
		run manager(1);
		run walker();
		run unbinder();
		run unloader()
#elif defined(BINDING)
		run client();
		run setter();
		run manager(0);
		run walker();
		run unbinder()
#else
		run client();
		run client();
		run setter();
		run manager(0);
		run unbinder()
#endif
#ifndef BINDING
		;
		is_alive = true;
		registration = 1;
		is_listed = true;
		settings_file.is_there = true;
		create_file.is_there = true;
		has_devices_kobj = true;
		is_bound = true;
		is_bind_over = true
#endif
	}
#ifdef BINDING
	bind()
#endif
}
