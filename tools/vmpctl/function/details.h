/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What show says of one function beyond what list says of all.
 */
#ifndef VMPCTL_DETAILS_H
#define VMPCTL_DETAILS_H

#include "inventory.h"
#include "users.h"

#define MAX_SETTINGS 16
#define MAX_COUNTERS 32

/**
 * struct setting - a file that has a twin, NAME_effective
 * @name: of the file
 * @asked: what was asked for
 * @effective: what is in force; "" if the kernel does not say
 */
struct setting {
	char name[48];
	char asked[32];
	char effective[32];
};

/**
 * struct counter - a file without a twin: migration_NAME
 * @name: of the file
 * @value: what is in it
 */
struct counter {
	char name[48];
	char value[48];
};

/**
 * struct details - of one function
 * @setting: settings, if it is bound to our driver
 * @nr_settings: how many
 * @counter: what is to be known of its migration, likewise
 * @nr_counters: how many
 * @type: mdev type
 * @cdev: its device below /dev/vfio/devices, or ""
 * @link_speed: of a PCI Express link
 * @link_width: likewise, in lanes
 * @users: who has it open, if it is bound to our driver
 */
struct details {
	struct setting setting[MAX_SETTINGS];
	size_t nr_settings;
	struct counter counter[MAX_COUNTERS];
	size_t nr_counters;
	char type[64];
	char cdev[32];
	char link_speed[32];
	char link_width[16];
	struct users users;
};

void details_read(struct details *details, const struct function *fn);

#endif /* VMPCTL_DETAILS_H */
