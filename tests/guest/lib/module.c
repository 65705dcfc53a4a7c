// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading and unloading kernel modules.
 * Where a module's file lies is modprobe's business.
 */
#include "module.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "failure.h"
#include "mdev.h"
#include "sysfs.h"

extern char **environ;

/* The kernel's name of a module has underscores where its file has hyphens. */
static void kernel_name(char *to, size_t size, const char *name)
{
	size_t i;

	for (i = 0; name[i] && i < size - 1; i++)
		to[i] = name[i] == '-' ? '_' : name[i];
	to[i] = '\0';
}

static int run_modprobe(const char *name, const char *parameter,
			const posix_spawn_file_actions_t *actions)
{
	char *arguments[5] = { "modprobe", (char *)name };
	unsigned int nr_arguments = 2;
	int status;
	pid_t pid;
	int ret;

	/* Only tests of migration want a backend, and turn it on. */
	if (!strcmp(name, DRIVER_NAME))
		arguments[nr_arguments++] = "migration=0";
	if (parameter)
		arguments[nr_arguments++] = (char *)parameter;
	if (sysfs_is_verbose)
		fprintf(stderr, "# modprobe %s %s\n", name,
			parameter ? parameter : "");
	ret = posix_spawnp(&pid, "modprobe", actions, NULL, arguments,
			   environ);
	if (ret)
		return failure_set(ret, "cannot run modprobe");
	if (waitpid(pid, &status, 0) != pid || status)
		return failure_set(EIO, "modprobe could not load %s", name);
	return 0;
}

int module_load(const char *name, const char *parameter)
{
	return run_modprobe(name, parameter, NULL);
}

int module_load_silently(const char *name)
{
	posix_spawn_file_actions_t actions;
	int ret;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
					 O_WRONLY, 0);
	ret = run_modprobe(name, NULL, &actions);
	posix_spawn_file_actions_destroy(&actions);
	return ret;
}

/* Modules that use it, such as a driver's backends, if nothing uses those. */
static void unload_holders(const char *module)
{
	char path[128];
	struct dirent *entry;
	DIR *holders;

	snprintf(path, sizeof(path), "/sys/module/%s/holders", module);
	holders = opendir(path);
	if (!holders)
		return;
	while ((entry = readdir(holders))) {
		if (entry->d_name[0] != '.')
			module_unload(entry->d_name);
	}
	closedir(holders);
}

int module_unload(const char *name)
{
	char module[64];

	kernel_name(module, sizeof(module), name);
	unload_holders(module);
	if (sysfs_is_verbose)
		fprintf(stderr, "# rmmod %s\n", name);
	if (syscall(SYS_delete_module, module, O_NONBLOCK))
		return failure_set(errno, "cannot unload %s", name);
	return 0;
}

bool module_is_loaded(const char *name)
{
	char module[64];

	kernel_name(module, sizeof(module), name);
	return sysfs_exists("/sys/module/%s", module);
}

int module_use_count(const char *name)
{
	long long count;
	char module[64];
	int ret;

	kernel_name(module, sizeof(module), name);
	ret = sysfs_read_number(&count, "/sys/module/%s/refcnt", module);
	return ret ? ret : (int)count;
}
