# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced by ../pictures: the picture of bench/results/scale-KERNEL.json.

# A line for each number of functions: millions of instructions to lend them by
# vfio-pci in turn, wrapped in turn, by vfio-pci at once, wrapped at once; then
# KiB of objects, by vfio-pci and wrapped.
# shellcheck disable=SC2016,SC2034
scale_data='
.results as $all
| ($all | map(.functions) | unique)[] as $n
| [$n]
+ [("one after the other", "all at once") as $order | ("vfio-pci", "wrapped") as $way
   | $all[] | select(.measure == "scale" and .operation == "lend" and .functions == $n
	and .order == $order and .way == $way) | .instructions / 1e6]
+ [("vfio-pci", "wrapped") as $way | $all[]
   | select(.measure == "memory" and .functions == $n and .way == $way)
   | .slab_bytes / 1024]
| map(tostring) | join(" ")
'

# draw_scale KERNEL: $work/data, as SVG. A straight line goes from nothing through
# what all of the functions take: so much would be linear. The grey can be read
# on white and on black, as the picture has no background.
draw_scale() {
	gnuplot <<END
set terminal svg size 960,420 font 'sans-serif,11' noenhanced name 'scale'
set multiplot layout 1,2
set border 3 linecolor rgb '#808080'
set grid linecolor rgb '#808080' dashtype 3
set tics textcolor rgb '#808080' nomirror
set key top left textcolor rgb '#808080'
way(i) = i % 2 ? 'vfio-pci' : 'wrapped'
set xrange [0:*]
set yrange [0:*]
set xlabel 'functions' textcolor rgb '#808080'
stats '$work/data' using 1 nooutput
last = STATS_max
stats '$work/data' using 3 nooutput
turn = STATS_max
stats '$work/data' using 7 nooutput
objects = STATS_max
set title 'to lend them, on $1: million instructions' textcolor rgb '#808080'
plot turn / last * x title 'a straight line' with lines dashtype 2 linecolor rgb '#808080', \
	for [i=1:4] '$work/data' using 1:i+1 with linespoints pointtype 7 pointsize 0.5 \
	linecolor rgb word('#4878a8 #1f9e89 #8fb4dc #d9822b', i) \
	title way(i).(i < 3 ? ', in turn' : ', at once')
set title 'their objects in the kernel: KiB' textcolor rgb '#808080'
plot objects / last * x title 'a straight line' with lines dashtype 2 linecolor rgb '#808080', \
	for [i=1:2] '$work/data' using 1:i+5 with linespoints pointtype 7 pointsize 0.5 \
	linecolor rgb word('#4878a8 #1f9e89', i) title way(i)
unset multiplot
END
}
