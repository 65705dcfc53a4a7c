# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced by ../pictures: the picture of bench/results/costs-KERNEL.json.

# A line for each operation that both can do: its name, and the instructions in
# each way, 0 if there is none.
# shellcheck disable=SC2016,SC2034
costs_data='
[.results[] | select(.measure == "cost")] as $all
| reduce $all[] as $r ([]; [$r.group, $r.operation] as $o
	| if index([$o]) then . else . + [$o] end)
| .[] as $o
| ["vfio-pci", "wrapped", "backend"]
| map(. as $way | first($all[] | select([.group, .operation] == $o and .way == $way)
	| .instructions) // 0)
| select(.[0] > 0)
| ["\"\($o | join(": "))\""] + . | join(" ")
'

# draw_costs KERNEL: $work/data, as SVG. The text and the lines are of a grey that
# can be read on white and on black, as the picture has no background.
draw_costs() {
	nr=$(wc -l < "$work/data")
	gnuplot <<END
set terminal svg size 960,$((nr * 30 + 90)) font 'sans-serif,11' noenhanced name 'costs'
set title 'Instructions, on $1; numbers: ratio to vfio-pci' textcolor rgb '#808080'
set border 3 linecolor rgb '#808080'
set grid xtics linecolor rgb '#808080' dashtype 3
set tics textcolor rgb '#808080' nomirror
set key top right outside horizontal textcolor rgb '#808080'
set logscale x
set xrange [100:1000000000]
set yrange [$nr - 0.4:-0.6]
set lmargin 56
set rmargin 4
set format x '%.0s%c'
set style fill solid noborder
h = 0.28
plot for [way=1:3] '$work/data' \
	using (100):(\$0 + (way - 2) * h):(100):(column(way + 1) > 0 ? column(way + 1) : 100):(\$0 + (way - 2.5) * h):(\$0 + (way - 1.5) * h) \
	with boxxyerror \
	linecolor rgb word('#808080 #1f9e89 #d9822b', way) \
	title way == 1 ? 'vfio-pci' : way == 2 ? 'wrapped' : 'with a backend', \
	for [way=2:3] '$work/data' \
	using (column(way + 1) > 0 ? column(way + 1) : NaN):(\$0 + (way - 2) * h):(sprintf(' %.3f', column(way + 1) / column(2))) \
	with labels left font ',8' textcolor rgb '#808080' notitle, \
	'$work/data' using (100):0:ytic(1) with points pointtype -2 notitle
END
}
