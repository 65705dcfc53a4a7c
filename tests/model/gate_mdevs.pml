/* SPDX-License-Identifier: GPL-2.0-only */
/* mdevs, and the settings of the function. A part of gate.pml. */

inline put_mdev(nr) {
	atomic {
		mdev_refs[nr]--;
		if
		:: mdev_refs[nr] == 0 -> is_last = true
		:: else
		fi
	}
	if
	:: is_last ->
		atomic { !mdev_list_lock -> touch(); instances++; is_last = false }
		d_step { touch(); type_refs-- }
	:: else
	fi
}

/* code: module/mdev.c: vmp_gate_close(mp->gate); */
/* code: module/mdev.c: mp->listener->going(mp->gate->core); */
inline remove_common(nr) {
	d_step { touch(); is_on_bus[nr] = false }
#ifdef REMOVE_TAKES_DEVICE_LOCK
	lock(device_lock);
	unlock(device_lock);
#endif
#ifdef GOING_BEFORE_CLOSE
	has_migration = false;
#endif
	close_gate();
	atomic {
		touch();
		assert(!is_enabled && !is_in_use && gate_mdev == NOBODY);
		has_migration = false
	}
	put_mdev(nr)
}

/* code: module/mdev.c: if (!READ_ONCE(mdev->type->devices_kobj)) */
/* code: module/mdev.c: ret = mp->listener->created(mp->gate->core); */
/* code: module/mdev.c: ret = vmp_gate_open(mp->gate, mdev); */
/* code: module/gate.c: gate->mdev = mdev; */
inline probe_mdev(nr, is_probed) {
	d_step {
		touch();
#ifdef NO_DEVICES_CHECK
		is_probed = true;
#else
		is_probed = has_devices_kobj;
#endif
		has_migration = has_migration || is_probed
	}
	if
	:: is_probed ->
		atomic {
			!gate_lock ->
			touch();
			assert(gate_mdev == NOBODY && !is_in_use);
			assert(is_listed);
			gate_mdev = nr
		}
		/* mdev_create_sysfs_files() links it there. */
		d_step { assert(has_devices_kobj); is_active[nr] = true }
	:: else
	fi
}

/* code: module/mdev.c: .max_instances = 1, */
#ifdef NO_MAX_INSTANCES
#define MAY_CREATE true
#else
#define MAY_CREATE (instances > 0)
#endif

#ifdef CREATE_WAITS_FOR_UNREG_SEM
inline enter_parent(has_it) { down_read(unreg_sem) }
#else
inline enter_parent(has_it) { down_read_trylock(unreg_sem, has_it) }
#endif

inline create_mdev(nr, is_created) {
	atomic {
		!mdev_list_lock ->
		touch();
		is_created = MAY_CREATE;
		instances = instances - is_created;
		mdev_refs[nr] = is_created;
		type_refs = type_refs + is_created
	}
	if
	:: is_created ->
		enter_parent(is_created);
		if
		:: is_created ->
			is_on_bus[nr] = true;
			probe_mdev(nr, is_created);
			d_step { is_on_bus[nr] = is_created; unreg_sem.readers-- }
		:: else
		fi;
		if
		:: is_created
		:: else -> put_mdev(nr)
		fi
	:: else
	fi
}

/*
 * Without MDEV_CORE_IS_SLOW all that the mdev core does between the file that
 * removes itself and unreg_sem is one step: see docs/models.md.
 */
inline start_remove(nr, is_mine) {
#ifdef MDEV_CORE_IS_SLOW
	is_mine = is_on_bus[nr];
	if
	:: is_mine ->
		atomic {
			!mdev_list_lock ->
			is_mine = mdev_refs[nr] > 0 && is_active[nr];
			is_active[nr] = false
		}
		if
		:: is_mine -> touch(); down_read_trylock(unreg_sem, is_mine)
		:: else
		fi
	:: else
	fi
#else
	atomic {
		!mdev_list_lock ->
		is_mine = is_on_bus[nr] && is_active[nr] &&
			  !unreg_sem.writer && unreg_sem.waiting == 0;
		is_active[nr] = false;
		unreg_sem.readers = unreg_sem.readers + is_mine
	}
#endif
}

/* Creates an mdev, and may remove it. */
proctype manager(byte nr) {
	bool has_it;
	bool is_last;

	create_file.is_there || is_bind_over;
	kernfs_get(create_file, has_it);
	if
	:: has_it ->
		create_mdev(nr, has_it);
		kernfs_put(create_file);
		if
		:: has_it ->
			start_remove(nr, has_it);
			if
			:: has_it -> remove_common(nr); up_read(unreg_sem)
			:: else		/* unbinding takes it away, or has */
			fi
		:: true
		fi
	:: else
	fi
}

/* Looks at the bus, as udev and lsmdev do, and holds an mdev a moment longer. */
proctype walker() {
	bool is_last;

	if
	:: atomic { is_on_bus[0] -> mdev_refs[0]++ }
		put_mdev(0)
	:: true
	fi
}

/* Settings. */

/* code: module/settings.c: lockdep_assert_held(&core_vdev->dev_set->lock); */
/* code: module/settings.c: if (!core_vdev->open_count) */
/* code: module/settings.c: assign_bit(setting, &settings->asked, value); */
inline write_setting(value) {
#ifdef SETTING_TAKES_DEVICE_LOCK
	lock(device_lock);
#endif
#ifdef ASK_WITHOUT_SET_LOCK
	if
	:: open_count == 0 -> asked = value; effective = value
	:: open_count > 0 -> asked = value
	fi;
#else
	lock(set_lock);
	d_step {
		touch();
		asked = value;
		if
		:: open_count == 0 -> assert(!is_enabled); effective = value
		:: else
		fi;
		set_lock = false
	}
#endif
#ifdef SETTING_TAKES_DEVICE_LOCK
	unlock(device_lock);
#endif
	skip
}

proctype setter() {
	bool has_it;

	settings_file.is_there || is_bind_over;
	kernfs_get(settings_file, has_it);
	if
	:: has_it -> write_setting(true); kernfs_put(settings_file)
	:: else
	fi
}
