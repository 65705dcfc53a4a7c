// SPDX-License-Identifier: GPL-2.0-only
/*
 * Has one call of a kernel function fail, if a given module makes it: the
 * function is not entered, and the caller gets a value of the test's choice.
 * So the error paths of a driver can be walked on kernels without fault
 * injection. Or it is held up, so that others can get in before it. One
 * function at a time; x86-64.
 */

#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/string.h>

static char *function = "";
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "kernel function to fail");

static char *caller = "";
module_param(caller, charp, 0444);
MODULE_PARM_DESC(caller, "module whose calls count, as /proc/modules has it; all if empty");

static uint nth;
module_param(nth, uint, 0444);
MODULE_PARM_DESC(nth, "which of its calls to fail, from 0");

static long value = -ENOMEM;
module_param(value, long, 0444);
MODULE_PARM_DESC(value, "what the caller gets");

static uint hold_ms;
module_param(hold_ms, uint, 0444);
MODULE_PARM_DESC(hold_ms, "hold the call up instead of failing it, for so long at most");

static bool is_held = true;
module_param(is_held, bool, 0644);
MODULE_PARM_DESC(is_held, "let the call go on by writing N");

static uint nr_calls;
module_param(nr_calls, uint, 0444);
MODULE_PARM_DESC(nr_calls, "calls that there were");

/* Where a failed call goes instead: back. */
asmlinkage void fail_call_return(void);
asm(".pushsection .text, \"ax\"\n"
	".type fail_call_return, @function\n"
	"fail_call_return:\n"
	ASM_ENDBR
	ASM_RET
	".size fail_call_return, .-fail_call_return\n"
	".popsection\n");

/* Before the function's first instruction the return address is on top. */
static bool is_from_caller(struct pt_regs *regs)
{
	unsigned long from = *(unsigned long *)kernel_stack_pointer(regs);
	char symbol[KSYM_SYMBOL_LEN];
	char wanted[64];

	if (!*caller)
		return true;

	snprintf(wanted, sizeof(wanted), "[%s]", caller);
	snprintf(symbol, sizeof(symbol), "%ps", (void *)from);
	return strstr(symbol, wanted);
}

/* No other thread runs here meanwhile; what waits for this processor does next. */
static void hold_up(void)
{
	uint left;

	for (left = hold_ms; left && READ_ONCE(is_held); left--)
		mdelay(1);
}

static int before_call(struct kprobe *probe, struct pt_regs *regs)
{
	if (!is_from_caller(regs) || nr_calls++ != nth)
		return 0;

	if (hold_ms) {
		hold_up();
		return 0;
	}

	regs_set_return_value(regs, value);
	instruction_pointer_set(regs, (unsigned long)fail_call_return);
	return 1;
}

static struct kprobe probe = {
	.pre_handler = before_call,
};

static int __init fail_call_init(void)
{
	probe.symbol_name = function;
	return register_kprobe(&probe);
}
module_init(fail_call_init);

static void __exit fail_call_exit(void)
{
	unregister_kprobe(&probe);
}
module_exit(fail_call_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Has one call of a kernel function fail, for tests");
