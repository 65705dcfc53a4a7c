// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which files of a function's devices are open: screens, sound, input, disks as
 * wholes, serial ports, whatever has a number and stands below the function.
 */
#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "below.h"
#include "occupancy.h"
#include "patient.h"
#include "sysroot.h"

/* Who only looks at a new device, as udev does, has done so by then: 5 s. */
#define LOOK_MS 5000
#define LOOK_PAUSE_MS 100

#define DEV "/dev/"

static const char *const directories[] = { "/sys/dev/block", "/sys/dev/char" };

/* The file's name below /dev is udev's to make, but the kernel's to say. */
static bool read_name(char name[64], const char *directory, const char *number)
{
	FILE *file = sysroot_open("%s/%s/uevent", directory, number);
	bool is_found = false;
	char line[128];

	while (file && !is_found && fgets(line, sizeof(line), file))
		is_found = sscanf(line, "DEVNAME=%63s", name) == 1;
	if (file)
		fclose(file);
	return is_found;
}

static void add(struct names *files, const char *name)
{
	char **longer = realloc(files->name,
				(files->nr + 1) * sizeof(*longer));

	if (!longer)
		return;
	files->name = longer;
	if (asprintf(&longer[files->nr], DEV "%s", name) >= 0)
		files->nr++;
}

/* What VFIO has of a function is looked for by occupancy_of(). */
static struct names list_files(const char *bdf)
{
	struct names files = { NULL, 0 };
	struct names numbers;
	char real[PATH_MAX];
	char name[64];
	size_t i;
	size_t j;

	for (i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		numbers = sysroot_list("%s", directories[i]);
		for (j = 0; j < numbers.nr; j++) {
			if (sysroot_real(real, "%s/%s", directories[i],
					 numbers.name[j]) ||
			    !path_is_below(real, bdf) ||
			    !read_name(name, directories[i], numbers.name[j]) ||
			    !strncmp(name, "vfio/", 5))
				continue;
			add(&files, name);
		}
		names_free(&numbers);
	}
	return files;
}

static bool stay_open(const struct names *files)
{
	const char *const *path = (const char *const *)files->name;
	const struct timespec pause = { .tv_nsec = LOOK_PAUSE_MS * 1000000 };
	struct users users = users_find_files(path, files->nr);
	long left = patient_ms() < LOOK_MS ? patient_ms() : LOOK_MS;

	for (; users.nr && left > 0; left -= LOOK_PAUSE_MS) {
		nanosleep(&pause, NULL);
		users = users_find_files(path, files->nr);
	}
	return users.nr;
}

void files_find_uses(struct hazards *hazards, const char *bdf)
{
	struct names files = list_files(bdf);
	bool are_open = files.nr && stay_open(&files);
	struct users users;
	const char *path;
	char who[160];
	size_t i;

	for (i = 0; are_open && i < files.nr; i++) {
		path = files.name[i];
		users = users_find_files(&path, 1);
		if (!users.nr)
			continue;
		occupancy_name(&users, who, sizeof(who));
		hazards_add(hazards, HAZARD_OPEN, bdf, "%s is open in %s",
			    path + strlen(DEV), who);
	}
	names_free(&files);
}
