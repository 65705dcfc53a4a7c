# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced by ../tables: the table of bench/results/nested-*.json, and what the
# guest does. Needs data.sh.

# Wall-clock time: only ratios of the same run say something, and how they vary.
# shellcheck disable=SC2016
guests='
[.[] | .machine.load as $load | [.] | rows("guest") | . + {load: $load}] as $all
| table(["work", "kernel", "load of the computer", "runs", "vfio-pci, ms", "wrapped, ms", "ratio, median", "least", "most"];
	($all | in_order([.kernel, .work]))[] as $name
	| [$all[] | select([.kernel, .work] == $name)]
	| (map(select(.way == "vfio-pci").ms)) as $stock
	| (map(select(.way == "wrapped").ms)) as $wrapped
	| ([group_by(.run)[] | (map(select(.way == "wrapped").ms) | add)
		/ (map(select(.way == "vfio-pci").ms) | add)]) as $ratios
	| [$name[1], $name[0], (.[0].load | tostring), ($ratios | length | tostring),
	   ($stock | median | tostring), ($wrapped | median | tostring),
	   ($ratios | median | fixed(2)), ($ratios | min | fixed(2)), ($ratios | max | fixed(2))])
'

guest_tables() {
	make_table nested guests "$guests"
	make_values nested 'value("qemu"; .[0].machine.qemu)'
	value random-blocks "$nr_random"
	value block-kib $((block_bytes / 1024))
	value known-mib $((nr_pieces * piece_bytes / 1024 / 1024))
	value piece-kib $((piece_bytes / 1024))
}
