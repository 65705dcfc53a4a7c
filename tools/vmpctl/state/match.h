/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a descriptor of a VFIO device is one of a certain device's.
 */
#ifndef VMPCTL_MATCH_H
#define VMPCTL_MATCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "target.h"

/*
 * Is @fd, a copy of descriptor @number of process @pid, of the device? The
 * guest notices nothing of the question.
 */
bool match_fd(const struct target *target, int fd, pid_t pid, int number);

#endif /* VMPCTL_MATCH_H */
