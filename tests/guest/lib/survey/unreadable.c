// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that cannot be read or written.
 */
#include "survey/unreadable.h"

#include <stdlib.h>
#include <sys/mman.h>

void *unreadable_page(void)
{
	static char *page;

	if (page)
		return page;
	page = mmap(NULL, 2 * UNREADABLE_BEFORE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		abort();
	page += UNREADABLE_BEFORE;
	if (mprotect(page, UNREADABLE_BEFORE, PROT_NONE))
		abort();
	return page;
}
