# SPDX-License-Identifier: GPL-2.0-only
#
# Reads a stream of test results (TAP, the output of one program after the
# other between "# lab: begin NAME" and "# lab: end NAME status=S") and sums it
# up as lines: passed N, failed N, skipped N, last WORDS, lost WORDS…, bad
# WORDS…, finished S. What these mean for the whole run is lab/judge's to say.

function open_program(name) {
	close_program()
	program = name
	planned = -1
	seen = 0
	is_open = 1
}

# The end of a program: is everything there that it announced?
function close_program() {
	if (!is_open)
		return
	if (planned < 0 && seen)
		lost(program " gave no plan")
	else if (planned < 0 && is_named)
		lost(program " reported nothing")
	else if (planned != seen && planned >= 0)
		lost(program " announced " planned " tests and reported " seen)
	is_open = 0
	is_named = 0
}

function lost(words) {
	lost_lines[++nr_lost] = words
}

function bad(words) {
	bad_lines[++nr_bad] = words
}

function result(line) {
	if (!is_open)
		open_program("the stream")
	seen++
	last = program ": " line
	if (line ~ /# *[Ss][Kk][Ii][Pp]/) {
		skipped++
	} else if (line ~ /^ok/) {
		passed++
	} else {
		failed++
		bad(program ": " line)
	}
}

function plan(line) {
	if (!is_open)
		open_program("the stream")
	number = line
	sub(/^1\.\./, "", number)
	if (planned < 0)
		planned = 0
	# A program may run several groups, each with a plan.
	planned += number + 0
	if (number + 0 == 0 && line ~ /# *[Ss][Kk][Ii][Pp]/)
		skipped++
}

BEGIN {
	finished = "none"
	last = "nothing"
}

{
	sub(/\r$/, "")
}

# A program that does not end its last line must not hide a mark.
match($0, /# lab: (begin|end|finished) /) {
	words = substr($0, RSTART)
	split(words, field, " ")
	status = words
	sub(/.*status=/, "", status)
}

/# lab: begin / {
	open_program(field[4])
	is_named = 1
	last = program ", which had not reported yet"
	next
}

/# lab: end / {
	if (!is_open || field[4] != program)
		lost("the end of " field[4] " came without its beginning")
	else if (status != "0" && !index(status, "=") && seen == planned)
		ends_badly(status)
	close_program()
	last = field[4] " (it had ended)"
	next
}

/# lab: finished / {
	if (is_named)
		lost(program " did not end")
	close_program()
	finished = status
	next
}

/^1\.\.[0-9]+/ { plan($0) }
/^(not )?ok([ \t]|$)/ { result($0) }
/^Bail out!/ { bad(program ": " $0); failed++ }

# cmocka ends with the number of failed tests: that was said already.
function ends_badly(status) {
	if (!failures_of_program())
		bad(program " ended with status " status)
}

function failures_of_program(   i, n) {
	for (i = 1; i <= nr_bad; i++)
		if (index(bad_lines[i], program ": ") == 1)
			n++
	return n + 0
}

END {
	if (is_open && finished == "none" && is_named)
		lost(program " did not end")
	printf "passed %d\nfailed %d\nskipped %d\n", passed, failed, skipped
	print "last " last
	print "finished " finished
	for (i = 1; i <= nr_lost; i++)
		print "lost " lost_lines[i]
	for (i = 1; i <= nr_bad; i++)
		print "bad " bad_lines[i]
}
