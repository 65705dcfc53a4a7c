// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread of a device, and its file "counts". What a round does is a matter
 * of the device's driver.
 */

#include <linux/kthread.h>
#include <linux/sysfs.h>

#include "load.h"

/* Read by ../vm.sh. */
#define COUNTS_FORMAT \
	"%d operations, %d interrupts, %d wrong, %d lost, %d extra, " \
	"longest gap %d ms\n"

static int keep_busy(void *data)
{
	struct load *load = data;

	load->last = ktime_get();
	while (!kthread_should_stop())
		load->round(load);
	return 0;
}

/* Start to keep @pdev busy; its drvdata is @load from here on. */
int load_start(struct load *load, struct pci_dev *pdev)
{
	pci_set_drvdata(pdev, load);
	load->thread = kthread_run(keep_busy, load, "load %s", pci_name(pdev));
	return PTR_ERR_OR_ZERO(load->thread);
}

void load_stop(struct load *load)
{
	kthread_stop(load->thread);
}

void load_begin(struct load *load)
{
	atomic_inc(&load->operations);
}

void load_end(struct load *load, bool is_right)
{
	ktime_t now = ktime_get();
	s64 ms = ktime_ms_delta(now, load->last);

	load->last = now;
	if (ms > atomic_read(&load->longest_ms))
		atomic_set(&load->longest_ms, ms);
	if (!is_right)
		atomic_inc(&load->wrong);
}

static ssize_t counts_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct load *load = dev_get_drvdata(dev);

	return sysfs_emit(buf, COUNTS_FORMAT,
			  atomic_read(&load->operations),
			  atomic_read(&load->interrupts),
			  atomic_read(&load->wrong),
			  atomic_read(&load->lost),
			  atomic_read(&load->extra),
			  atomic_read(&load->longest_ms));
}
static DEVICE_ATTR_RO(counts);

static struct attribute *load_attrs[] = {
	&dev_attr_counts.attr,
	NULL
};

static const struct attribute_group load_group = {
	.attrs = load_attrs,
};

const struct attribute_group *load_groups[] = { &load_group, NULL };
