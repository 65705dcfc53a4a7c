// SPDX-License-Identifier: GPL-2.0-only
/*
 * A result, as a line of JSON.
 */
#include "result.h"

#include <stdio.h>

void result_begin(const char *measure)
{
	printf(RESULT_MARK "{\"measure\":\"%s\"", measure);
}

void result_text(const char *name, const char *text)
{
	printf(",\"%s\":\"%s\"", name, text);
}

void result_number(const char *name, uint64_t number)
{
	printf(",\"%s\":%llu", name, (unsigned long long)number);
}

void result_end(void)
{
	puts("}");
}
