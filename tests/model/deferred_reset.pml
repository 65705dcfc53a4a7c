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
 *	reset_done()		vmp_migration_reset_done()
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
byte nr_resets;
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

/* code: module/migration/migration.c: atomic_inc(&mig->nr_resets); */
/* code: module/migration/migration.c: mig->is_reset_pending = true; */
/* code: module/migration/migration.c: if (!mutex_trylock(&mig->lock)) { */
/* code: module/migration/migration.c: vmp_migration_unlock(mig); */
inline reset_done() {
	nr_resets++;
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
	reset_hardware();
	reset_done();
	up_write(memory_lock)
}

/* The backend. */

inline sample() {
	d_step {
		seen = nr_resets;
		base = true_resets
	}
}

inline access() {
	atomic {
		!memory_lock.writer && memory_lock.waiting == 0 ->
		assert(is_open && nr_inside == 1);
		is_overtaken = is_overtaken || is_in_reset || true_resets != base
	}
}

/* memory_lock for writing, to set or clear bits of the command register. */
/* code: module/migration/access.c: down_write(&mig->core->memory_lock); */
inline access_command() {
	!memory_lock.writer && memory_lock.readers == 0
}

inline judge(is_good) {
	atomic {
#ifdef NO_GENERATION
		is_good = true;
#else
		is_good = nr_resets == seen;
#endif
#ifndef SYSFS
		/*
		 * What a reset has overtaken does not succeed. But root's goes
		 * on without memory_lock, and is told of only at its end.
		 */
		assert(!is_good || !is_overtaken);
#endif
		is_overtaken = false
	}
}

/* The state machine. */

/* code: module/migration/states.c: if (was_overtaken(mig, nr_resets)) */
inline take_arc(to, is_good) {
	at_arc = nr_resets;
#ifndef NO_CHECK_BETWEEN_ARCS
	is_good = nr_resets == seen;
#endif
	if
	:: is_good -> run_arc(to, is_good)
	:: else
	fi
}

/* code: module/migration/states.c: cookie = vmp_access_begin(mig); */
/* code: module/migration/states.c: ret = arcs[mig->state][to](mig); */
/* code: module/migration/states.c: return was_overtaken(mig, nr_resets) ? -EAGAIN : ret; */
inline run_arc(to, is_good) {
	access_command();
	/* No arc begins after a reset that was there when it was looked for. */
	assert(at_arc == seen);
	base = true_resets;
#ifdef OPERATION_UNDER_MEMORY_LOCK
	down_read(memory_lock);
	access();
	access();
	up_read(memory_lock);
#else
	access();
	access();
#endif
#ifdef DISABLE_TAKES_FILE_LOCK
	lock(file_lock);
	unlock(file_lock);
#endif
	if
	:: access_command()
	:: true		/* it was on before */
	fi;
	judge(is_good);
	d_step {
		if
		:: is_good && to == COPYING -> has_file = true
		:: is_good && state == COPYING -> has_file = false; is_disabled = true
		:: else
		fi;
		if
		:: is_good -> state = to
		:: else
		fi
	}
}

/* code: module/migration/migration.c: mutex_lock(&core_vdev->dev_set->lock); */
/* code: module/migration/migration.c: int nr_resets = atomic_read(&mig->nr_resets); */
/* code: module/migration/migration.c: ret = vmp_states_take_arc(mig, next, nr_resets); */
/* code: module/migration/migration.c: if (atomic_read(&mig->nr_resets) != nr_resets) */
inline set_state(to) {
	lock(set_lock);
	migration_lock();
	seen = nr_resets;
	is_good = true;
	do
	:: !is_good || state == to -> break
	:: is_good && state == RUNNING && to != RUNNING -> take_arc(STOPPED, is_good)
	:: is_good && state == STOPPED && to != STOPPED -> take_arc(to, is_good)
	:: is_good && state == COPYING && to != COPYING -> take_arc(STOPPED, is_good)
	od;
	atomic {
		was_given = was_given || has_file && nr_resets == seen;
		seen = 0;
		at_arc = 0;
		base = 0
	}
	migration_unlock();
	unlock(set_lock)
}

inline through() {
	d_step { nr_left--; nr_users-- }
}

proctype migrator() {
	bool is_good;
	bool is_overtaken;
	byte seen;
	byte at_arc;
	byte base;
	byte told;

	set_state(STOPPED);
	set_state(COPYING);
	if
	:: set_state(STOPPED)
	:: true
	fi;
	is_good = false;
	through()
}

/* The data file. */

/* A page of the user's may be a BAR; or never come, by userfaultfd. */
inline copy_to_user() {
	lock(mmap_lock);
	!memory_lock.writer && memory_lock.waiting == 0;
	unlock(mmap_lock);
	if
	:: true
	:: nr_left-- -> goto stuck
	fi
}

/* code: module/migration/data_file.c: vmp_migration_lock(df->mig); */
/* code: module/migration/data_file.c: if (!df->is_disabled) { */
/* code: module/migration/data_file.c: nr_resets = atomic_read(&mig->nr_resets); */
/* code: module/migration/data_file.c: if (atomic_read(&mig->nr_resets) != nr_resets) */
inline refill(is_good) {
	migration_lock();
	is_good = false;
	if
#ifdef READ_DOES_NOT_LOOK
	:: true ->
#else
	:: !is_disabled ->
#endif
		access_command();
		sample();
		access();
		judge(is_good);
		if
		:: access_command()
		:: true
		fi
#ifndef READ_DOES_NOT_LOOK
	:: else
#endif
	fi;
	d_step { seen = 0; base = 0 }
#ifdef COPY_UNDER_STATE_LOCK
	if
	:: is_good -> copy_to_user()
	:: else
	fi;
#endif
	migration_unlock()
}

/* code: module/migration/data_file.c: mutex_lock(&df->lock); */
/* code: module/migration/data_file.c: if (copy_to_user(buf, data, length)) */
inline read_piece() {
	lock(file_lock);
	if
	:: !is_disabled ->
		refill(is_good);
#ifndef COPY_UNDER_STATE_LOCK
		if
		:: is_good -> copy_to_user()
		:: else
		fi;
#endif
		is_good = false
	:: else
	fi;
	unlock(file_lock)
}

/* Its file outlives the device's. */
proctype reader() {
	bool is_good;
	bool is_overtaken;
	byte seen;
	byte base;
	byte told;

	was_given || nr_users == 0;
	if
	:: was_given -> read_piece(); read_piece()
	:: else
	fi;
	nr_left--;
	goto out;
stuck:
end_stuck:
	false;
out:
	skip
}

/* Who else has the device open. */

proctype resetter() {
	bool has_it;
	byte told;

	down_write(memory_lock);
	reset_under_memory_lock();
	through()
}

/* code: module/migration/migration.c: ret = vmp_states_reset(mig); */
/* code: module/migration/migration.c: mutex_lock(set_lock); */
/* VFIO_DEVICE_RESET of a device that its backend resets. */
proctype backend_resetter() {
	byte told;

	lock(set_lock);
	migration_lock();
	nr_resets++;
	atomic {
		!memory_lock.writer && memory_lock.waiting == 0 ->
		true_resets++;
		marked_resets = true_resets
	}
	forget(marked_resets);
	migration_unlock();
	unlock(set_lock);
	through()
}

/* code: module/migration/mediation.c: ssize_t ret = lock_config(mig); */
/* code: module/migration/mediation.c: unlock_config(mig); */
proctype config_writer() {
	bool has_it;
	byte told;

#ifdef MEMORY_LOCK_BEFORE_STATE_LOCK
	down_write(memory_lock);
	migration_lock();
#else
	migration_lock();
	down_write(memory_lock);
#endif
	reset_under_memory_lock();
	migration_unlock();
	through()
}

proctype fault() {
	lock(mmap_lock);
	!memory_lock.writer && memory_lock.waiting == 0;
	unlock(mmap_lock);
	through()
}

proctype mapper() {
	lock(type1_lock);
	lock(mmap_lock);
	!memory_lock.writer && memory_lock.waiting == 0;
	unlock(mmap_lock);
	unlock(type1_lock);
	through()
}

/* Who has not. */

proctype neighbour() {
	bool has_it;
	byte told;

	lock(set_lock);
	down_write_trylock(memory_lock, has_it);
	if
	:: has_it -> reset_under_memory_lock()
	:: else
	fi;
	unlock(set_lock);
	nr_left--
}

/* code: module/pci_driver.c: .reset_done = vmp_mediation_reset_done, */
proctype root() {
	bool has_it;
	byte told;

	lock(device_lock);
	d_step { true_resets++; is_in_reset = true }
	is_in_reset = false;
	reset_done();
	unlock(device_lock);
	nr_left--
}

/* code: module/migration/migration.c: mig->is_open = false; */
proctype closer() {
	byte told;

	nr_users == 0;
	lock(set_lock);
#ifdef CLOSE_WITHOUT_STATE_LOCK
	get_inside();
	forget(known_resets);
	d_step { is_open = false; has_stale_dma = false; nr_inside-- }
#else
	migration_lock();
	forget(known_resets);
	d_step { is_open = false; has_stale_dma = false }
	migration_unlock();
#endif
	unlock(set_lock);
	nr_left--
}

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
