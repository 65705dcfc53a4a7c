# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced by ../tables: the tables of bench/results/scale-*.json.

# shellcheck disable=SC2016
common_scale='
def of($all; $n; $way): first($all[] | select(.functions == $n and .way == $way));
def sizes($all): [$all[] | .functions] | unique | .[];
'

# What one takes if there are so many: thousands of instructions. What all take:
# milliseconds.
# shellcheck disable=SC2016
steps='
def steps($operation): [rows("scale") | select(.operation == $operation)] as $all
| table(["kernel", "functions", "in turn: vfio-pci", "wrapped", "ratio", "at once: vfio-pci", "wrapped", "ratio",
	"in turn, ms: vfio-pci", "wrapped", "at once, ms: vfio-pci", "wrapped"];
	($all | in_order(.kernel))[] as $kernel
	| [$all[] | select(.kernel == $kernel)] as $mine
	| [$mine[] | select(.order == "one after the other")] as $turn
	| [$mine[] | select(.order == "all at once")] as $once
	| sizes($mine) as $n
	| [$kernel, "\($n)"]
	+ ([$turn, $once] | map((of(.; $n; "vfio-pci").instructions / $n) as $stock
		| (of(.; $n; "wrapped").instructions / $n) as $wrapped
		| ($stock / 1000 | round | tostring), ($wrapped / 1000 | round | tostring),
		  ($wrapped / $stock | fixed(2))))
	+ ([$turn, $once] | map(. as $o | ["vfio-pci", "wrapped"][] as $way
		| of($o; $n; $way).elapsed_ns | ms)));
'

# Of few functions, pages tell nothing: processors keep some that are free.
# shellcheck disable=SC2016
memory='
[rows("memory")] as $all
| table(["kernel", "functions", "objects of one, B: vfio-pci", "wrapped", "more", "all pages of one, KiB: vfio-pci", "wrapped"];
	($all | in_order(.kernel))[] as $kernel
	| [$all[] | select(.kernel == $kernel)] as $mine
	| sizes($mine) as $n
	| of($mine; $n; "vfio-pci") as $stock | of($mine; $n; "wrapped") as $wrapped
	| [$kernel] + ([$n, $stock.slab_bytes / $n, $wrapped.slab_bytes / $n,
		($wrapped.slab_bytes - $stock.slab_bytes) / $n,
		($stock, $wrapped | if $n < 64 then "" else .all_bytes / $n / 1024 end)]
		| map(if type == "number" then round else . end | tostring)))
'

# The newest kernel's is shown, and of others where it is.
# shellcheck disable=SC2016
scale_pictures='
[.[].machine.kernel] as [$first]
| ([rows("scale").functions] | max) as $most
| def picture: "performance/scale-\(.).svg";
  ($first | "![What it takes to lend up to \($most) functions: instructions, and memory](\(picture))"),
  (.[1:][].machine.kernel | "", "[The same on Linux \(.)](\(picture))")
'

# Of the newest kernel, and the highest number of functions.
# shellcheck disable=SC2016
scale_values='
[rows("scale")] as $all | $all[0].kernel as $kernel
| [$all[] | select(.kernel == $kernel)] as $mine
| ([$mine[].functions] | max) as $n
| [$mine[] | select(.functions == $n and .operation == "lend")] as $lend
| def ms_each($order): first($lend[] | select(.order == $order and .way == "wrapped"))
	| .elapsed_ns / $n | ms;
  [rows("memory") | select(.kernel == $kernel)] as $memory
| value("most-functions"; $n),
  value("turn-ms"; ms_each("one after the other")),
  value("once-ms"; ms_each("all at once")),
  value("held"; of($memory; $n; "wrapped").slab_bytes / $n | size),
  value("held-stock"; of($memory; $n; "vfio-pci").slab_bytes / $n | size)
'

scale_tables() {
	make_table scale lend "$common_scale $steps steps(\"lend\")"
	make_table scale take-back "$common_scale $steps steps(\"take back\")"
	make_table scale held "$common_scale $memory"
	make_table scale pictures-of-scale "$scale_pictures"
	make_values scale "$common_scale $scale_values"
	value controllers "$(grep -c '^device nvme,' lab/machines/scale-bench)"
}
