/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations whose every allocation, and every copy from and to user space,
 * fails once: the kernel's fault injection, as in its
 * Documentation/fault-injection/fault-injection.rst, "fail-nth".
 */
#ifndef LIB_FAIL_NTH_H
#define LIB_FAIL_NTH_H

/* Errnos that a sweep allows on top of -ENOMEM and -EFAULT. */
#define FAIL_NTH_MAX_ERRORS 4

/**
 * struct fail_nth_sweep - An operation, and what must hold when it fails
 * @name: What it is called
 * @prepare: Makes things ready for it, whatever was before; or NULL
 * @run: The operation; 0 or more, or a -errno. Should do little else than call
 *	 the kernel, as all that it calls there is made to fail.
 * @check_failed: Asserts that the failure did no harm; or NULL
 * @check_done: Asserts that the operation did what it shall, and takes it back;
 *		or NULL
 * @errors: Errnos with which it may fail on top of ENOMEM and EFAULT, positive
 */
struct fail_nth_sweep {
	const char *name;
	void (*prepare)(void *arg);
	int (*run)(void *arg);
	void (*check_failed)(void *arg, int error);
	void (*check_done)(void *arg);
	int errors[FAIL_NTH_MAX_ERRORS];
};

/**
 * fail_nth_require() - Have the kernel ready to fail
 *
 * Skips the test if this kernel has no fault injection.
 */
void fail_nth_require(void);

/**
 * fail_nth_run() - Have an operation fail at each of its points in turn
 * @sweep: The operation
 * @arg: What its functions are given
 *
 * An operation that failed must succeed when it is tried again. One that
 * succeeds all the same, as the kernel could do without what failed, must have
 * done what it shall. Prints how many points there were, and fails the test if
 * there were none.
 */
void fail_nth_run(const struct fail_nth_sweep *sweep, void *arg);

#endif
