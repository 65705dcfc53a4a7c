// SPDX-License-Identifier: GPL-2.0-only
/*
 * Has one call of a kernel function fail, if a given module makes it: the
 * function is not entered, and the caller gets a value of the test's choice.
 * So the error paths of a driver can be walked on kernels without fault
 * injection. Or it is held up, so that others can get in before it; its caller
 * must be one that may sleep. One function at a time; x86-64.
 */

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/kprobes.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/objtool.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/wait_bit.h>

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

static DECLARE_COMPLETION(let_go);

static int let_go_set(const char *written, const struct kernel_param *param)
{
	complete_all(&let_go);
	return 0;
}

static const struct kernel_param_ops let_go_ops = {
	.set = let_go_set,
};
module_param_cb(let_go, &let_go_ops, NULL, 0200);
MODULE_PARM_DESC(let_go, "let the call go on, by writing anything");

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

/*
 * Where a call goes that is held up: the function's arguments are kept, and with
 * the last return it is called again, as if it had not been.
 */
asmlinkage void fail_call_wait(void);
static unsigned long fail_call_entry __used;
asm(".pushsection .text, \"ax\"\n"
	".type fail_call_wait, @function\n"
	"fail_call_wait:\n"
	ASM_ENDBR
	"pushq fail_call_entry(%rip)\n"
	"pushq %rdi\n"
	"pushq %rsi\n"
	"pushq %rdx\n"
	"pushq %rcx\n"
	"pushq %r8\n"
	"pushq %r9\n"
	"call fail_call_hold_up\n"
	"popq %r9\n"
	"popq %r8\n"
	"popq %rcx\n"
	"popq %rdx\n"
	"popq %rsi\n"
	"popq %rdi\n"
	ASM_RET
	".size fail_call_wait, .-fail_call_wait\n"
	".popsection\n");
STACK_FRAME_NON_STANDARD(fail_call_wait);

static atomic_t nr_held = ATOMIC_INIT(0);

/* Called by fail_call_wait() alone. */
asmlinkage void fail_call_hold_up(void);
asmlinkage void fail_call_hold_up(void)
{
	wait_for_completion_timeout(&let_go, msecs_to_jiffies(hold_ms));
	if (atomic_dec_and_test(&nr_held))
		wake_up_var(&nr_held);
}

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

static void go_on_at(struct pt_regs *regs, void (*there)(void))
{
	instruction_pointer_set(regs, (unsigned long)there);
}

static int before_call(struct kprobe *probe, struct pt_regs *regs)
{
	if (!is_from_caller(regs) || nr_calls++ != nth)
		return 0;

	if (hold_ms) {
		fail_call_entry = (unsigned long)probe->addr;
		atomic_inc(&nr_held);
		go_on_at(regs, fail_call_wait);
	} else {
		regs_set_return_value(regs, value);
		go_on_at(regs, fail_call_return);
	}
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
	if (!hold_ms)
		return;

	/* Who is held up leaves this code before it goes. */
	complete_all(&let_go);
	wait_var_event(&nr_held, !atomic_read(&nr_held));
	synchronize_rcu_tasks();
}
module_exit(fail_call_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Has one call of a kernel function fail, for tests");
