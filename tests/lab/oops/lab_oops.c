// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the kernel complain when it is loaded, so that the lab can show that
 * it notices. Not part of the driver.
 */
#include <linux/module.h>

static int __init lab_oops_init(void)
{
	WARN(1, "the lab must notice this\n");
	return 0;
}

static void __exit lab_oops_exit(void)
{
}

module_init(lab_oops_init);
module_exit(lab_oops_exit);

MODULE_DESCRIPTION("Makes the kernel complain");
MODULE_LICENSE("GPL");
