/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device that is kept busy: its thread, and what is counted of it.
 */

#ifndef LOAD_H
#define LOAD_H

#include <linux/atomic.h>
#include <linux/ktime.h>
#include <linux/pci.h>

struct load;

/**
 * struct load - one device
 * @round: keeps the device busy for a moment, and judges what it did; called
 *         again and again
 * @thread: what calls it
 * @last: when the last operation ended; the thread's own
 * @operations: that were begun
 * @interrupts: by which operations ended
 * @wrong: results
 * @lost: interrupts that did not come
 * @extra: interrupts that nothing called for
 * @longest_ms: time from the end of one operation to the end of the next
 */
struct load {
	void (*round)(struct load *load);
	struct task_struct *thread;
	ktime_t last;
	atomic_t operations;
	atomic_t interrupts;
	atomic_t wrong;
	atomic_t lost;
	atomic_t extra;
	atomic_t longest_ms;
};

extern const struct attribute_group *load_groups[];
extern struct pci_driver edu_load_driver;
extern struct pci_driver ivshmem_load_driver;

int load_start(struct load *load, struct pci_dev *pdev);
void load_stop(struct load *load);
void load_begin(struct load *load);
void load_end(struct load *load, bool is_right);

#endif
