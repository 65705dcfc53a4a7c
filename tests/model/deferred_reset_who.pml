/* SPDX-License-Identifier: GPL-2.0-only */
/* Who takes the state lock, and who resets. A part of deferred_reset.pml. */

/* The backend. */

/* code: module/migration/device.h: return (reset_seq & 1) || atomic_read(&mig->reset_seq) != reset_seq; */
#define was_reset(seq) (((seq) & 1) || reset_seq != (seq))

inline sample() {
	d_step {
		seen = reset_seq;
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
		is_good = !was_reset(seen);
#endif
		/* What a reset has overtaken does not succeed. */
		assert(!is_good || !is_overtaken);
		is_overtaken = false
	}
}

/* The state machine. */

/* code: module/migration/states.c: if (vmp_migration_was_reset(mig, reset_seq)) */
inline take_arc(to, is_good) {
	at_arc = reset_seq;
#ifndef NO_CHECK_BETWEEN_ARCS
	is_good = !was_reset(seen);
#endif
	if
	:: is_good -> run_arc(to, is_good)
	:: else
	fi
}

/* code: module/migration/states.c: cookie = vmp_access_begin(mig); */
/* code: module/migration/states.c: ret = arcs[mig->state][to](mig); */
/* code: module/migration/states.c: return vmp_migration_was_reset(mig, reset_seq) ? -EAGAIN : ret; */
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
/* code: module/migration/migration.c: int reset_seq = atomic_read(&mig->reset_seq); */
/* code: module/migration/migration.c: ret = vmp_states_take_arc(mig, next, reset_seq); */
/* code: module/migration/migration.c: if (vmp_migration_was_reset(mig, reset_seq)) */
inline set_state(to) {
	lock(set_lock);
	migration_lock();
	seen = reset_seq;
	is_good = true;
	do
	:: !is_good || state == to -> break
	:: is_good && state == RUNNING && to != RUNNING -> take_arc(STOPPED, is_good)
	:: is_good && state == STOPPED && to != STOPPED -> take_arc(to, is_good)
	:: is_good && state == COPYING && to != COPYING -> take_arc(STOPPED, is_good)
	od;
	atomic {
		was_given = was_given || has_file && !was_reset(seen);
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
/* code: module/migration/data_file.c: if (!df->is_disabled && !vmp_migration_is_in_reset(df->mig)) { */
/* code: module/migration/data_file.c: reset_seq = atomic_read(&mig->reset_seq); */
/* code: module/migration/data_file.c: if (vmp_migration_was_reset(mig, reset_seq)) */
inline refill(is_good) {
	migration_lock();
	is_good = false;
	if
#ifdef READ_DOES_NOT_LOOK
	:: true ->
#else
	:: !is_disabled && !(reset_seq & 1) ->
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
	reset_seq = reset_seq + 2;
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

/* code: module/pci_driver.c: .reset_prepare = vmp_mediation_reset_prepare, */
/* code: module/pci_driver.c: .reset_done = vmp_mediation_reset_done, */
proctype root() {
	bool has_it;
	byte told;

	lock(device_lock);
	reset_prepare();
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
