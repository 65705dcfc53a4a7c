// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has a device open: its file descriptor, taken out of another process.
 * Whether a descriptor is the device's is up to match.c.
 */
#include "holder.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "match.h"

/* What the search met that it could not look into. */
struct search {
	const struct target *target;
	struct holder *holder;
	unsigned int nr_denied;
	unsigned int nr_others;
	int error;
};

static bool is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

/* Does the link of a descriptor say that it may be the device's? */
static bool may_be(const struct target *target, const char *link)
{
	return !strcmp(link, "anon_inode:[vfio-device]") ||
	       (*target->cdev && !strcmp(link, target->cdev));
}

static int copy_fd(pid_t pid, int number)
{
	int pidfd = pidfd_open(pid, 0);
	int fd;

	if (pidfd < 0)
		return -errno;
	fd = pidfd_getfd(pidfd, number, 0);
	if (fd < 0)
		fd = -errno;
	close(pidfd);
	return fd;
}

/* Return: whether it is the one. */
static bool try(struct search *search, pid_t pid, int number)
{
	int fd = copy_fd(pid, number);

	if (fd < 0) {
		search->nr_denied++;
		search->error = -fd;
		return false;
	}
	if (!match_fd(search->target, fd, pid, number)) {
		search->nr_others++;
		close(fd);
		return false;
	}
	*search->holder = (struct holder) { pid, number, fd };
	return true;
}

static bool search_process(struct search *search, pid_t pid)
{
	struct dirent *entry;
	bool is_found = false;
	char path[64];
	char link[64];
	DIR *directory;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	directory = opendir(path);
	if (!directory) {
		/* It may have ended just now. */
		if (errno != ENOENT) {
			search->nr_denied++;
			search->error = errno;
		}
		return false;
	}
	while (!is_found && (entry = readdir(directory))) {
		if (!is_number(entry->d_name))
			continue;
		length = readlinkat(dirfd(directory), entry->d_name, link,
				    sizeof(link) - 1);
		if (length < 0)
			continue;
		link[length] = 0;
		if (may_be(search->target, link))
			is_found = try(search, pid, atoi(entry->d_name));
	}
	closedir(directory);
	return is_found;
}

static void search_all(struct search *search)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	pid_t pid;

	if (!directory)
		return;
	while ((entry = readdir(directory))) {
		pid = is_number(entry->d_name) ? atoi(entry->d_name) : 0;
		if (pid && pid != getpid() && search_process(search, pid))
			break;
	}
	closedir(directory);
}

static const char as_root[] =
	"run vmpctl as root, where the machine runs (not in another container)";

static enum status find_in(struct search *search, pid_t pid, int number)
{
	if (kill(pid, 0) && errno == ESRCH)
		return fail(STATUS_UNREACHABLE, "leave out --pid to look for it",
			    "there is no process %d", pid);
	if (number < 0 ? search_process(search, pid) :
			 try(search, pid, number))
		return STATUS_DONE;
	errno = search->error;
	if (search->nr_denied)
		return fail(STATUS_UNREACHABLE, as_root,
			    "cannot take a file descriptor out of process %d: %m",
			    pid);
	return fail(STATUS_UNREACHABLE, "leave out --pid to look for it",
		    "process %d does not have %s open", pid,
		    search->target->uuid);
}

enum status holder_find(struct holder *holder, const struct target *target,
			pid_t pid, int number)
{
	struct search search = { .target = target, .holder = holder };

	*holder = (struct holder) { 0, -1, -1 };
	if (pid)
		return find_in(&search, pid, number);

	search_all(&search);
	errno = search.error;
	/* Whoever may not look into all cannot say that nobody has it. */
	if (holder->fd < 0 && search.nr_denied && geteuid())
		return fail(STATUS_UNREACHABLE, as_root,
			    "cannot look for who has %s open: %m",
			    target->uuid);
	return STATUS_DONE;
}
