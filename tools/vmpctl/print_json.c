// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON for programs.
 */
#include "print_json.h"

#include <stdio.h>

json_t *json_text(const char *text)
{
	json_t *string = *text ? json_string(text) : NULL;

	return string ? string : json_null();
}

void print_json(json_t *object)
{
	json_dumpf(object, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(object);
}
