# SPDX-License-Identifier: GPL-2.0-only
#
# Reads a console log and says what the kernel complained about, as one line
# KIND<TAB>COUNT<TAB>FIRST-LINE, where KIND is panic, oops or clean.
#
# Only what the kernel itself printed counts, so a match needs its time stamp;
# a program's own words may stand before it on the same line.

function message(line) {
	if (!match(line, /\[ *[0-9]+\.[0-9]+\](\[ *[TC][0-9]+\])? /))
		return ""
	return substr(line, RSTART + RLENGTH)
}

BEGIN {
	# Where a complaint begins, at the start of a message …
	starts = "^(BUG[: ]|WARNING: |Oops[: ]|INFO: |UBSAN: |KASAN: |KFENCE: " \
		"|KCSAN: |refcount_t: |general protection fault|double fault" \
		"|stack segment: |invalid opcode: |divide error: |PANIC: " \
		"|Call Trace:|list_(add|del) corruption|ODEBUG: |DEBUG_LOCKS_WARN)"
	# … and anywhere in one.
	anywhere = "(kernel BUG at |BUG: |refcount_t: |rcu: INFO: " \
		"|[1-9][0-9]* new suspected memory leaks" \
		"|Objects remaining in |unregister_netdevice: waiting for " \
		"|cannot create duplicate filename|Unable to handle kernel)"
	kind = "clean"
}

{
	sub(/\r$/, "")
	text = message($0)
	if (text ~ /^Kernel panic - not syncing/) {
		kind = "panic"
		panic = text
	} else if (text ~ starts || text ~ anywhere) {
		if (!count++)
			first = text
	}
}

END {
	if (kind == "panic")
		first = panic
	else if (count)
		kind = "oops"
	printf "%s\t%d\t%s\n", kind, count, first
}
