/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's locks as both models see them. A lock does not know its owner,
 * so who takes it twice waits for ever, as in the kernel.
 *
 * A semaphore is fair: readers wait behind a writer that waits. So two readers
 * can block each other with a writer in between, as in the kernel.
 */

typedef rwsem {
	byte readers;
	byte waiting;	/* writers */
	bool writer
};

inline lock(mutex) {
	atomic { !mutex -> mutex = true }
}

inline unlock(mutex) {
	d_step { assert(mutex); mutex = false }
}

inline down_read(sem) {
	atomic { !sem.writer && sem.waiting == 0 -> sem.readers++ }
}

/* Like the kernel's it also fails while a writer waits. */
inline down_read_trylock(sem, has_it) {
	d_step {
		has_it = !sem.writer && sem.waiting == 0;
		sem.readers = sem.readers + has_it
	}
}

inline up_read(sem) {
	d_step { assert(sem.readers > 0); sem.readers-- }
}

inline down_write(sem) {
	sem.waiting++;
	atomic {
		!sem.writer && sem.readers == 0 ->
		sem.writer = true;
		sem.waiting--
	}
}

inline down_write_trylock(sem, has_it) {
	d_step {
		has_it = !sem.writer && sem.readers == 0 && sem.waiting == 0;
		sem.writer = sem.writer || has_it
	}
}

inline up_write(sem) {
	d_step { assert(sem.writer); sem.writer = false }
}
