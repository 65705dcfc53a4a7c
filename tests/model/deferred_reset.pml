/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who takes the state lock of a migration, what they may wait for under it, and
 * the reset that must not wait. See docs/models.md for how to read this.
 *
 * What stands for what:
 *
 *	migration_lock()	vmp_migration_lock() of migration/migration.c,
 *				vmp_dirty_release_all() within
 *	migration_unlock()	vmp_migration_unlock(), do_as_reset()
 *	forget()		forget(), vmp_states_abandon() of states.c
 *	reset_prepare(), _done()	vmp_migration_reset_prepare(), _done()
 *	was_reset()		vmp_migration_was_reset() of device.h
 *	set_state()		set_state(), go_to()
 *	take_arc()		take() of states.c; vmp_access_begin(), end() of
 *				access.c; two accesses of the backend's
 *	read_piece()		data_file_read(), read_piece(), refill(),
 *				lock_device() of data_file.c; copy_to_user()
 *	migrator, reader	a VMM's ioctls, and its reads of the data file
 *	resetter		VFIO_DEVICE_RESET of vfio-pci-core
 *	config_writer		write_config() of mediation.c, as FLR of a guest
 *	fault			vfio_pci_mmap_page_fault(), by mmap_lock
 *	mapper			VFIO_IOMMU_MAP_DMA of type1, of memory that is a BAR
 *	neighbour		another function's hot reset
 *	closer			vmp_migration_close()
 *	root			the PCI device's file "reset" (with SYSFS)
 *
 * memory_lock is innermost for all but a reset, and type1's for us: what waits
 * for it and holds it for one access alone is one step.
 */

#include "locks.pml"

mtype = { RUNNING, STOPPED, COPYING };

bool device_lock;
bool set_lock;
bool file_lock;
bool state_lock;
bool reset_lock;		/* a spinlock */
bool type1_lock;
bool mmap_lock;			/* exclusive: any wait for it is one too many */
rwsem memory_lock;

/* struct vmp_migration, and the data file. */
mtype state = RUNNING;
bool is_reset_pending;
byte reset_seq;
bool has_stale_dma;
bool is_open = true;
bool has_file;			/* migration.file */
bool was_given;			/* the user has the file */
bool is_disabled;

/* What only the model knows. */
byte true_resets;		/* of the hardware */
byte marked_resets;		/* those that reset_done() has told */
byte known_resets;		/* those that the state takes into account */
bool is_in_reset;		/* without memory_lock */
byte nr_inside;			/* who is between lock and unlock */
byte marked_before;		/* marked_resets when it got there */
byte nr_users;			/* of the device's file */
byte nr_left;			/* processes that are not through */

/* The state lock. */

inline get_inside() {
	d_step {
		nr_inside++;
		marked_before = marked_resets;
		assert(nr_inside == 1)
	}
}

inline unpin() {
	!type1_lock
}

/* code: module/migration/migration.c: mutex_lock(&mig->lock); */
/* code: module/migration/migration.c: if (!mig->has_stale_dma) */
/* code: module/migration/migration.c: mig->has_stale_dma = false; */
/* code: module/migration/migration.c: vmp_dirty_release_all(mig); */
inline migration_lock() {
	lock(state_lock);
	get_inside();
	if
	:: has_stale_dma -> unpin(); has_stale_dma = false
	:: else
	fi
}

/* code: module/migration/migration.c: vmp_states_abandon(mig); */
/* code: module/migration/migration.c: mig->has_stale_dma = true; */
/* code: module/migration/migration.c: WRITE_ONCE(mig->state, VFIO_DEVICE_STATE_RUNNING); */
/* code: module/migration/data_file.c: WRITE_ONCE(df->is_disabled, true); */
inline forget(resets) {
#ifdef FILE_LOCK_TO_DISABLE
	lock(file_lock);
	unlock(file_lock);
#endif
#ifdef UNPIN_IN_RESET
	unpin();
#endif
	d_step {
		assert(nr_inside == 1);
		is_disabled = is_disabled || has_file;
		has_file = false;
#ifndef UNPIN_IN_RESET
		has_stale_dma = is_open;
#endif
		known_resets = resets;
		state = RUNNING
	}
}

/* code: module/migration/migration.c: mig->is_reset_pending = false; */
/* code: module/migration/migration.c: do_as_reset(mig); */
inline do_as_reset() {
	d_step {
		is_reset_pending = false;
		told = marked_resets;
		reset_lock = false
	}
	forget(told);
	told = 0
}

inline let_go() {
	assert(nr_inside == 1);
	/* After a reset it runs, and no reset that was told of is left. */
	assert(known_resets == marked_resets);
	assert(state == RUNNING || marked_resets == marked_before);
	nr_inside--;
	state_lock = false
}

/* code: module/migration/migration.c: spin_lock(&mig->reset_lock); */
/* code: module/migration/migration.c: while (mig->is_reset_pending) { */
/* code: module/migration/migration.c: mutex_unlock(&mig->lock); */
inline migration_unlock() {
#ifdef UNLOCK_DOES_NOT_LOOK
	atomic { let_go() }
#elif defined(UNLOCK_LOOKS_ONCE)
	lock(reset_lock);
	if
	:: is_reset_pending -> do_as_reset(); lock(reset_lock)
	:: else
	fi;
	atomic { let_go(); reset_lock = false }
#elif defined(UNLOCK_OUTSIDE_RESET_LOCK)
	do
	:: lock(reset_lock);
		if
		:: is_reset_pending -> do_as_reset()
		:: else -> reset_lock = false; break
		fi
	od;
	atomic { let_go() }
#else
	do
	:: lock(reset_lock);
		if
		:: is_reset_pending -> do_as_reset()
		:: else -> break
		fi
	od;
	atomic { let_go(); reset_lock = false }
#endif
}

/* Resets. */

inline reset_hardware() {
	true_resets++
}

inline mark() {
	d_step { marked_resets = true_resets; is_reset_pending = true }
}

inline try() {
	atomic {
		if
		:: !state_lock -> state_lock = true; has_it = true; get_inside()
		:: else -> has_it = false
		fi
	}
}

/* code: module/migration/migration.c: atomic_or(1, &mig->reset_seq); */
inline reset_prepare() {
#ifndef NO_PREPARE
	reset_seq = reset_seq | 1
#else
	skip
#endif
}

/* code: module/migration/migration.c: atomic_add(vmp_migration_is_in_reset(mig) ? 1 : 2, &mig->reset_seq); */
/* code: module/migration/migration.c: mig->is_reset_pending = true; */
/* code: module/migration/migration.c: if (!mutex_trylock(&mig->lock)) { */
/* code: module/migration/migration.c: vmp_migration_unlock(mig); */
inline reset_done() {
	reset_seq = (reset_seq & 1 -> reset_seq + 1 : reset_seq + 2);
#ifdef RESET_WAITS
	lock(reset_lock);
	mark();
	unlock(reset_lock);
	lock(state_lock);
	get_inside();
	migration_unlock();
#elif defined(MARK_AFTER_TRY)
	lock(reset_lock);
	try();
	if
	:: has_it
	:: else -> reset_lock = false; mark()
	fi;
	if
	:: has_it -> mark(); reset_lock = false; migration_unlock()
	:: else
	fi;
#elif defined(MARK_OUTSIDE_RESET_LOCK)
	try();
	if
	:: has_it -> mark(); migration_unlock()
	:: else -> mark()
	fi;
#else
	lock(reset_lock);
	mark();
	try();
	unlock(reset_lock);
	if
	:: has_it -> migration_unlock()
	:: else
	fi;
#endif
	has_it = false
}

inline reset_under_memory_lock() {
	reset_prepare();
	reset_hardware();
	reset_done();
	up_write(memory_lock)
}

#include "deferred_reset_who.pml"

#define USER(process) run process; nr_users++; nr_left++
#define OTHER(process) run process; nr_left++

/* Who meets whom: each of these is searched for itself, see cases. */
init {
	atomic {
		USER(migrator());
#if defined(CLOSING)
		USER(fault());
		OTHER(closer());
		OTHER(neighbour());
		OTHER(reader())
#elif defined(MAPPING)
		USER(resetter());
		USER(fault());
		USER(mapper());
		OTHER(reader())
#elif defined(CONFIG)
		USER(resetter());
		USER(config_writer());
		OTHER(neighbour())
#elif defined(BACKEND)
		USER(backend_resetter());
		USER(resetter());
		OTHER(reader())
#elif defined(SYSFS)
		OTHER(root());
		OTHER(reader())
#else
		USER(resetter());
		OTHER(neighbour());
		OTHER(reader())
#endif
	}
	/* No reset is lost. */
	atomic {
		nr_left == 0 ->
		assert(!is_reset_pending);
		assert(known_resets == true_resets)
	}
}
