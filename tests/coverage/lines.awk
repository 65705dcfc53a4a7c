# SPDX-License-Identifier: GPL-2.0-only
#
# Reads the file "explained", then what gcov --stdout printed of all objects, in
# one file for each run, on a kernel of "release". Prints a table of the module's
# files, and each line that was not reached and is not explained. Fails if an
# explanation is of no such line (but for those that begin with "by luck:"), or if
# fewer than "least" percent of all lines were reached.

# "on 7: …" is of releases that begin with "7.".
function is_of_another_kernel(why) {
	if (!match(why, /^on [0-9.]+: /))
		return 0
	return index(release, substr(why, 4, RLENGTH - 5) ".") != 1
}

FNR == NR {
	if (/^#/ || !NF)
		next
	split($0, part, "\t")
	if (is_of_another_kernel(part[3]))
		next
	nr_explained++
	in_file[nr_explained] = part[1]
	pattern[nr_explained] = part[2]
	used[nr_explained] = part[3] ~ /^by luck:/
	next
}

# "    count:   number:text", or "-" for no code and "#####" for never. Linux 7.x
# builds a module in its own directory, and names its files from there.
{
	if (!match($0, /^ *[^:]*: *[0-9]+:/))
		next
	head = substr($0, 1, RLENGTH)
	text = substr($0, RLENGTH + 1)
	split(head, field, ":")
	count = field[1]
	number = field[2] + 0
	gsub(/[ *]/, "", count)
	if (number == 0) {
		if (text ~ /^Source:/) {
			file = substr(text, 8)
			is_ours = sub(/^.*\/module\//, "", file) ||
				  file !~ /^\//
		}
		next
	}
	if (!is_ours || count == "-")
		next
	key = file SUBSEP number
	if (!(key in reached))
		order[++nr_lines] = key
	reached[key] += count + 0
	line[key] = text
}

function is_explained(file, text, i, found) {
	for (i = 1; i <= nr_explained; i++) {
		if (in_file[i] == file && text ~ pattern[i]) {
			used[i] = 1
			found = 1
		}
	}
	return found
}

END {
	for (i = 1; i <= nr_lines; i++) {
		split(order[i], part, SUBSEP)
		file = part[1]
		if (!(file in all))
			files[++nr_files] = file
		all[file]++
		nr_all++
		if (reached[order[i]]) {
			hit[file]++
			nr_hit++
		} else if (is_explained(file, line[order[i]])) {
			explained[file]++
			nr_told++
		} else {
			missing[++nr_missing] = sprintf("%s:%d:%s", file,
				part[2], line[order[i]])
		}
	}
	if (!nr_all) {
		print "there are no counts of the module's" >"/dev/stderr"
		exit 1
	}
	printf "%-32s %6s %8s %10s %8s\n", "file", "lines", "reached",
		"explained", "percent"
	for (i = 1; i <= nr_files; i++) {
		file = files[i]
		printf "%-32s %6d %8d %10d %7.1f%%\n", file, all[file],
			hit[file], explained[file], 100 * hit[file] / all[file]
	}
	printf "%-32s %6d %8d %10d %7.1f%%\n", "all", nr_all, nr_hit, nr_told,
		100 * nr_hit / nr_all
	printf "# summary: %.1f %% of the module's lines were reached\n",
		100 * nr_hit / nr_all
	print "\nnot reached, and not explained:"
	for (i = 1; i <= nr_missing; i++)
		print missing[i]
	for (i = 1; i <= nr_explained; i++) {
		if (used[i])
			continue
		printf "explained, but reached or not there: %s: %s\n",
			in_file[i], pattern[i] >"/dev/stderr"
		is_wrong = 1
	}
	if (100 * nr_hit / nr_all < least) {
		printf "%d of %d lines are reached: fewer than %s %%\n",
			nr_hit, nr_all, least >"/dev/stderr"
		is_wrong = 1
	}
	exit is_wrong
}
