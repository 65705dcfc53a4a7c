/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A function as JSON, and its group in words.
 */
#ifndef VMPCTL_DESCRIBE_H
#define VMPCTL_DESCRIBE_H

#include <jansson.h>

#include "inventory.h"

/* What list and show print of a function: docs/vmpctl-json.md. */
json_t *describe_function(const struct inventory *inventory,
			  const struct function *fn);

/*
 * Who else is in its group, "0000:00:1f.2 (ahci), 0000:00:1f.3", in @text of
 * @size bytes; "" if it is alone.
 */
const char *describe_neighbours(const struct inventory *inventory,
				const struct function *fn, char *text,
				size_t size);

#endif /* VMPCTL_DESCRIBE_H */
