// SPDX-License-Identifier: GPL-2.0-only
/*
 * What goes wrong: each a line of the table at the end, with the errors that
 * are clear answers to it. Whether the device survives it is the test's to see.
 *
 * What the kernel's own core does not survive is kept apart: the head of
 * storm.c says what and why.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <linux/pci_regs.h>

#include "aer.h"
#include "check.h"
#include "faults.h"
#include "lab.h"
#include "module.h"
#include "sysfs.h"

#define STORM_PROCESSES 4
#define STORM_ROUNDS 4

static int unbind(struct faults *faults)
{
	return sysfs_write(faults->function->address,
			   PCI_DRIVERS "/" DRIVER_NAME "/unbind");
}

static int bind(struct faults *faults)
{
	int ret = pci_override(faults->function->address, DRIVER_NAME);

	return ret ? ret : sysfs_write(faults->function->address, PCI_DRIVERS
				       "/" DRIVER_NAME "/bind");
}

static int create(struct faults *faults)
{
	return mdev_create_now(faults->function->address,
			       faults->function->uuid);
}

static int remove_mdev(struct faults *faults)
{
	return mdev_remove(faults->function->uuid);
}

/* One of the processes of a storm. Another's mdev may be there, or ours be. */
static void come_and_go(struct faults *faults)
{
	char uuid[MDEV_UUID_SIZE];
	unsigned int i;

	for (i = 0; i < STORM_ROUNDS; i++) {
		mdev_new_uuid(uuid);
		if (!mdev_create_now(faults->function->address, uuid))
			mdev_remove(uuid);
	}
}

static int storm_of_mdevs(struct faults *faults)
{
	pid_t children[STORM_PROCESSES];
	unsigned int i;
	int ret = 0;

	for (i = 0; i < STORM_PROCESSES; i++) {
		children[i] = fork();
		if (!children[i]) {
			signal(SIGALRM, SIG_DFL);
			come_and_go(faults);
			_exit(0);
		}
	}
	for (i = 0; i < STORM_PROCESSES; i++) {
		if (children[i] > 0 && !ret)
			ret = faults_reap(children[i]);
	}
	return ret;
}

static int change_setting(struct faults *faults)
{
	static const char * const names[] = {
		"nointxmask", "disable_vga", "disable_idle_d3",
		"hot_reset_siblings",
	};

	return sysfs_write(draw_below(&faults->draw, 2) ? "1" : "0",
			   PCI_DEVICES "/%s/vfio_mdev_pci/%s",
			   faults->function->address,
			   names[draw_below(&faults->draw,
					    ARRAY_SIZE(names))]);
}

static int read_files(struct faults *faults)
{
	static const char * const none[] = { NULL };

	return sysfs_read_tree(none, PCI_DEVICES "/%s/vfio_mdev_pci",
			       faults->function->address);
}

static int reset(struct faults *faults)
{
	return sysfs_write("1", PCI_DEVICES "/%s/reset",
			   faults->function->address);
}

/* The function, and with it the port above it, may sleep in D3hot. */
static int allow_sleep(struct faults *faults)
{
	char port[PCI_ADDRESS_SIZE];

	if (faults->port && !lab_address(port, faults->port))
		sysfs_write("auto", PCI_DEVICES "/%s/power/control", port);
	return sysfs_write(draw_below(&faults->draw, 2) ? "auto" : "on",
			   PCI_DEVICES "/%s/power/control",
			   faults->function->address);
}

static int take_from_bus(struct faults *faults)
{
	return sysfs_write("1", PCI_DEVICES "/%s/remove",
			   faults->function->address);
}

static int rescan(struct faults *faults)
{
	(void)faults;
	return sysfs_write("1", "/sys/bus/pci/rescan");
}

static int unload(struct faults *faults)
{
	(void)faults;
	return module_unload(DRIVER_NAME);
}

static int load(struct faults *faults)
{
	(void)faults;
	return module_load_silently(DRIVER_NAME);
}

int faults_switch_power(struct faults *faults, bool is_on)
{
	const uint16_t off = PCI_EXP_SLTCTL_PWR_OFF |
			     PCI_EXP_SLTCTL_PWR_IND_OFF;
	char port[PCI_ADDRESS_SIZE];
	uint16_t control;
	unsigned int at;
	int ret;

	ret = lab_address(port, faults->port);
	if (ret)
		return ret;
	at = pci_find_capability(port, PCI_CAP_ID_EXP);
	if (!at)
		return failure_set(ENODEV, "%s is no port", port);
	at += PCI_EXP_SLTCTL;
	control = pci_read_config16(port, at);
	control = is_on ? control & ~off : control | off;
	ret = pci_write_config16(port, at, control);
	if (!ret)
		faults->is_dark = !is_on;
	return ret;
}

/* Config space reads all ones from now on, and nobody told the driver. */
static int cut_power(struct faults *faults)
{
	if (faults->is_dark)
		return FAULTS_NOT_NOW;
	return faults_switch_power(faults, false);
}

/*
 * A fatal error has the kernel reset the link, and then drivers put back what
 * their devices have lost. vfio-pci-core does so when a device is closed; one
 * that nobody has open stays without its addresses until it is found anew,
 * whichever of the two drivers it has.
 */
static bool draw_whether_fatal(struct faults *faults)
{
	bool is_fatal = draw_below(&faults->draw, 2);

	faults->is_wiped |= is_fatal;
	return is_fatal;
}

static int report_error(struct faults *faults)
{
	return lab_inject_error(faults->id, draw_whether_fatal(faults) ?
				"DLP" : "COMP_TIME");
}

/* The kernel's own error, which no device has made. */
static int inject_error(struct faults *faults)
{
	if (module_load_silently("aer_inject"))
		return FAULTS_NOT_NOW;
	return aer_inject(faults->function->address,
			  draw_whether_fatal(faults) ? PCI_ERR_UNC_DLP :
						       PCI_ERR_UNC_COMP_TIME);
}

/*
 * As far as a suspended machine gets that must come back to its tests: all
 * processes are stopped wherever they are, and go on. Further down, the
 * machine's root file system would lose its device.
 */
static int freeze_processes(struct faults *faults)
{
	int ret;

	(void)faults;
	ret = sysfs_write("freezer", "/sys/power/pm_test");
	if (!ret)
		ret = sysfs_write("0", "/sys/module/suspend/parameters/pm_test_delay");
	if (ret)
		return FAULTS_NOT_NOW;
	ret = sysfs_write("freeze", "/sys/power/state");
	sysfs_write("none", "/sys/power/pm_test");
	return ret;
}

static int wait_a_moment(struct faults *faults)
{
	const struct timespec pause = {
		.tv_nsec = 1000000L * draw_below(&faults->draw, 200),
	};

	nanosleep(&pause, NULL);
	return 0;
}

#define ALL_STEPS (FAULTS_REMOVES | FAULTS_UNBINDS | FAULTS_LOADS | \
		   FAULTS_BINDS)

const struct faults_operation faults_operations[] = {
	{ .name = "client begins", .run = faults_start_worker, .weight = 8 },
	{ .name = "client is killed", .run = faults_kill_worker, .weight = 8 },
	{ .name = "moment", .run = wait_a_moment, .weight = 6 },
	{
		.name = "unbind", .run = unbind, .weight = 2, .is_step = true,
		.clashes = FAULTS_UNBINDS,
		.must_not_meet = FAULTS_REMOVES | FAULTS_UNBINDS | FAULTS_LOADS,
		.errors = { ENODEV, ENOENT },
	}, {
		/* It is bound, being bound, gone, or does not answer. */
		.name = "bind", .run = bind, .weight = 3, .is_step = true,
		.clashes = FAULTS_BINDS, .must_not_meet = FAULTS_LOADS,
		.errors = { ENODEV, EBUSY, ENOENT, EIO, EINVAL },
	}, {
		/* There is one, its function is not bound, or the last is going. */
		.name = "create", .run = create, .weight = 4, .is_step = true,
		.errors = { EEXIST, ENOENT, ENODEV, EUSERS, EAGAIN },
	}, {
		/* ENODEV: another process removes it. */
		.name = "remove", .run = remove_mdev, .weight = 3,
		.is_step = true, .clashes = FAULTS_REMOVES,
		.must_not_meet = FAULTS_UNBINDS,
		.errors = { ENOENT, ENODEV, EAGAIN },
	}, {
		.name = "storm of mdevs", .run = storm_of_mdevs,
		.is_step = true, .clashes = FAULTS_REMOVES,
		.must_not_meet = FAULTS_UNBINDS | FAULTS_REMOVES,
	}, {
		.name = "setting", .run = change_setting, .weight = 2,
		.is_step = true,
		.errors = { ENOENT, ENODEV, EOPNOTSUPP, EACCES, EIO, EINVAL },
	}, {
		.name = "read files", .run = read_files, .is_step = true,
		.errors = { ENOENT },
	}, {
		.name = "reset by sysfs", .run = reset, .is_step = true,
		.errors = { ENOENT, ENOTTY, EAGAIN, EINVAL, ENODEV, EIO },
	}, {
		/* It waits for the device's lock, which an unbinding may hold. */
		.name = "sleep", .run = allow_sleep, .is_step = true,
		.errors = { ENOENT },
	}, {
		.name = "removal from the bus", .run = take_from_bus,
		.is_step = true, .clashes = FAULTS_UNBINDS,
		.must_not_meet = FAULTS_REMOVES | FAULTS_UNBINDS | FAULTS_LOADS,
		.errors = { ENOENT, ENODEV },
	}, {
		.name = "rescan", .run = rescan, .is_step = true, .weight = 2,
		.clashes = FAULTS_BINDS, .must_not_meet = FAULTS_LOADS,
	}, {
		.name = "unload", .run = unload, .weight = 2, .is_step = true,
		.clashes = FAULTS_UNBINDS | FAULTS_LOADS,
		.must_not_meet = ALL_STEPS,
		.errors = { EAGAIN, EBUSY, ENOENT },
	}, {
		.name = "load", .run = load, .weight = 3, .is_step = true,
		.clashes = FAULTS_LOADS, .must_not_meet = ALL_STEPS,
		.errors = { EIO },
	}, {
		.name = "power cut", .run = cut_power,
		.needs = FAULTS_HAS_POWER,
	}, {
		.name = "error of the device", .run = report_error,
		.needs = FAULTS_HAS_ERRORS, .weight = 2,
		.errors = { EINVAL, EIO },
	}, {
		.name = "error of the kernel's", .run = inject_error,
		.needs = FAULTS_HAS_ERRORS, .weight = 2,
		.must_not_meet = ALL_STEPS,
		.errors = { ENODEV, EPROTONOSUPPORT, EINVAL, ENOENT, EIO },
	}, {
		/* EBUSY: one that waits for a device cannot be stopped. */
		.name = "freeze", .run = freeze_processes,
		.must_not_meet = ALL_STEPS,
		.errors = { EBUSY },
	},
	{ }
};
