/* SPDX-License-Identifier: GPL-2.0-only */
/* Users: who finds, opens and closes the device. A part of gate.pml. */

inline put_registration() {
	d_step { assert(registration > 0); registration-- }
}

/* code: module/vfio_ops.c: name = vmp_gate_translate_name(&fn->gate, buf); */
/* code: module/gate.c: is_open = gate->mdev; */
inline match(has_it) {
	lock(group_list_lock);
	atomic {
		if
		:: is_listed ->
			!gate_lock;
			touch();
			has_it = gate_mdev != NOBODY && registration > 0;
			registration = registration + has_it
		:: else
		fi;
		group_list_lock = false
	}
}

#ifdef NO_MODULE_COUNT
#define MODULE_REF 0
#else
#define MODULE_REF 1
#endif

inline put_module() {
	d_step {
		assert(module_refs >= MODULE_REF);
		module_refs = module_refs - MODULE_REF
	}
}

/* Resets in open and close take the device's lock only if it is free. */
inline reset_function() {
#ifdef CLOSE_WAITS_FOR_DEVICE_LOCK
	lock(device_lock);
	unlock(device_lock)
#else
	if
	:: atomic { !device_lock -> device_lock = true }
		unlock(device_lock)
	:: device_lock
	fi
#endif
}

/* code: module/vfio_ops.c: ret = vmp_gate_enter(&fn->gate); */
/* code: module/vfio_ops.c: ret = vfio_pci_core_enable(&fn->core); */
inline open_device(is_open) {
	enter_gate(is_open);
	if
	:: is_open ->
		/* It opens as it was asked for. */
		d_step {
			touch();
			assert(effective == asked);
			is_enabled = true
		}
	:: else
	fi
}

/* code: module/vfio_ops.c: changed = vmp_settings_before_close(&fn->settings); */
/* code: module/vfio_ops.c: vfio_pci_core_close_device(core_vdev); */
/* code: module/vfio_ops.c: vmp_gate_leave(&fn->gate); */
inline close_device() {
	/* vmp_settings_before_close(), then vfio_pci_core_disable() */
	d_step {
		touch();
		assert(has_migration && is_in_use);
#ifndef CLOSE_FORGETS_SETTINGS
		effective = asked
#endif
	}
	reset_function();
	d_step { touch(); is_enabled = false }
	leave_gate()
}

#ifdef LINUX_6_1

inline open_file(is_open) {
	d_step {
		is_open = !is_module_going;
		module_refs = module_refs + MODULE_REF * is_open
	}
	if
	:: is_open ->
		lock(set_lock);
		open_count++;
		if
		:: open_count == 1 ->
			lock(group_lock);
			open_device(is_open);
			unlock(group_lock)
		:: else
		fi;
		d_step {
			open_count = open_count - !is_open;
			set_lock = false
		}
		if
		:: is_open
		:: else -> put_module()
		fi
	:: else
	fi
}

inline close_file() {
#ifdef PUT_BEFORE_CLOSE
	put_registration();
#endif
	lock(set_lock);
	lock(group_lock);
	if
	:: open_count == 1 -> close_device()
	:: else
	fi;
	d_step { group_lock = false; open_count--; set_lock = false }
	put_module();
#ifndef PUT_BEFORE_CLOSE
	put_registration()
#endif
}

#else

inline open_file(is_open) {
	lock(group_lock);
	lock(set_lock);
	d_step {
		open_count++;
		is_open = open_count > 1 || !is_module_going;
		if
		:: open_count == 1 -> module_refs = module_refs + MODULE_REF * is_open
		:: else
		fi
	}
	if
	:: is_open && open_count == 1 ->
		open_device(is_open);
		if
		:: is_open
		:: else -> put_module()
		fi
	:: else
	fi;
	d_step {
		open_count = open_count - !is_open;
		set_lock = false;
		group_lock = false
	}
}

inline close_file() {
#ifdef PUT_BEFORE_CLOSE
	put_registration();
#endif
	lock(group_lock);
	lock(set_lock);
	if
	:: open_count == 1 -> close_device(); put_module()
	:: else
	fi;
	d_step { open_count--; set_lock = false; group_lock = false }
#ifndef PUT_BEFORE_CLOSE
	put_registration()
#endif
}

#endif

/* A user with one file; two of them make a device's second file. */
proctype client() {
	bool has_it;
	bool setting;

	match(has_it);
	if
	:: has_it ->
		open_file(has_it);
		if
		:: has_it ->
			d_step {
				touch();
				assert(is_enabled && is_in_use && has_migration);
				setting = effective;
				has_it = false
			}
			d_step {
				touch();
				assert(is_enabled && is_in_use && has_migration);
				assert(setting == effective);
				setting = false
			}
			close_file()
		:: else -> put_registration()
		fi
	:: else
	fi
}
