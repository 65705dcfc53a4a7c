# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced by ../tables: the tables of bench/results/costs-*.json and
# repeat-*.json.

# What one operation costs, in each way and on each kernel.
# shellcheck disable=SC2016
costs='
def costs: [rows("cost")];
def of($kernel; $operation; $way): [.[] | select(.kernel == $kernel and .way == $way
	and .group == $operation[0] and .operation == $operation[1])][0];
def ratio($all): . as $r | ($all | of($r.kernel; [$r.group, $r.operation]; "vfio-pci")) as $stock
	| if $stock then $r.instructions / $stock.instructions else null end;
def cell($all): if . == null then "" else . as $r | ratio($all)
	| "\($r.instructions)" + (if . then " (\(fixed(3)))" else "" end) end;
def title: {"backend": "with a backend", "empty mdev": "an empty mdev"}[.] // .;
def cost_table(ways; groups): costs as $all
	| ($all | map(select(.group as $g | groups | index($g)))) as $mine
	| ($mine | in_order(.kernel)) as $kernels
	| table(["on", "operation"] + [$kernels[] as $k
			| ways[] | if . == "vfio-pci" then "\($k): \(.)" else title end];
		($mine | in_order([.group, .operation]))[] as $o
		| [first($mine[] | select([.group, .operation] == $o) | .device)[:-1],
		   "\($o[0]): \($o[1])"]
		+ [$kernels[] as $k | ways[] as $w | ($mine | of($k; $o; $w))
		   | if .way == "vfio-pci" then "\(.instructions)" else cell($all) end]);
'

# The highest of each kind, where a limit is aimed at.
# shellcheck disable=SC2016
goals='
def highest_by($way; $all; $kernel; what): [$all[] | select(.kernel == $kernel and .way == $way and what)
	| {ratio: ratio($all), name: "\(.group): \(.operation)"} | select(.ratio)] | max_by(.ratio)
	| if . then "\(.ratio | fixed(3)) (\(.name))" else "" end;
def highest($all; $kernel; what): highest_by("wrapped"; $all; $kernel; what);
def is_data: .group as $g | ["open and close", "reset", "bind and unbind"] | index($g) | not;
costs as $all | ($all | in_order(.kernel)) as $kernels
| table(["highest ratio to vfio-pci", "goal"] + $kernels;
	(["data path", "1.010"] + [$kernels[] as $k | highest($all; $k; is_data)]),
	(["open, close, reset", "1.020"] + [$kernels[] as $k | highest($all; $k;
		.group == "open and close" or .group == "reset")]),
	(["bind and create, to bind", "1.250"] + [$kernels[] as $k | highest($all; $k;
		.operation == "bind, and create")]),
	(["the same, with migration=0", "1.250"] + [$kernels[] as $k | highest($all; $k;
		.operation == "bind, and create with migration=0")]),
	(["an empty mdev, to bind", ""] + [$kernels[] as $k | highest_by("empty mdev"; $all; $k;
		.operation == "bind, and create")]))
'

# Numbers of the text: of the newest kernel, but for how often was measured.
# shellcheck disable=SC2016
cost_values='
costs as $all | $all[0].kernel as $kernel
| def instructions($operation; $way):
	($all | of($kernel; ["bind and unbind", $operation]; $way)).instructions;
  def times($operation; $way):
	instructions($operation; $way) / instructions($operation; "vfio-pci") | fixed(2);
  def runs(is_mine): [$all[] | select(is_mine) | .runs] | unique | join(" or ");
  value("runs"; runs(.group == "configuration space")),
  value("large-runs"; runs(.operation | endswith("GiB"))),
  value("busy-runs"; runs(.group == "bind and unbind")),
  value("empty-bind-times"; times("bind alone"; "empty mdev")),
  value("empty-times"; times("bind, and create"; "empty mdev")),
  value("wrapped-times"; times("bind, and create with migration=0"; "wrapped")),
  value("search"; (instructions("bind, and create"; "wrapped")
	- instructions("bind, and create with migration=0"; "wrapped")) / 1e6 | short)
'

# By how many percent ratios differed when all was measured again.
# shellcheck disable=SC2016
repeat_values='
def most(is_mine): [rows("repeat") | select(is_mine) | .percent] | max;
def sleeps: .group as $g | ["open and close", "reset", "bind and unbind"] | index($g);
value("repeat-awake"; most(sleeps | not) | fixed(2)),
value("repeat-asleep"; most(sleeps) | fixed(2))
'

# The newest kernel's is shown, and of others where it is.
# shellcheck disable=SC2016
cost_pictures='
[.[].machine.kernel] as [$first]
| def picture: "performance/costs-\(.).svg";
  def text: "Instructions of each operation on Linux \(.), by vfio-pci, wrapped, and with a backend";
  ($first | "![\(text)](\(picture))"),
  (.[1:][].machine.kernel | "", "[The same on Linux \(.)](\(picture))")
'

# cost_table NAME WAYS GROUP…
cost_table() {
	name=$1
	ways=$2
	shift 2
	groups=$(printf '%s\n' "$@" | jq -R . | jq -s -c .)
	make_table costs "$name" "$costs cost_table($ways; $groups)"
}

cost_tables() {
	all='["vfio-pci", "wrapped", "backend"]'
	make_table costs machine "$machine_table"
	make_table costs goals "$costs $goals"
	cost_table data "$all" "configuration space" \
		"registers of a BAR, by the file" "memory of a BAR, by the file" \
		"memory of a BAR, mapped"
	cost_table calls "$all" ioctls interrupts
	cost_table mappings "$all" "DMA mappings"
	cost_table life '["vfio-pci", "empty mdev", "wrapped"]' \
		"open and close" reset "bind and unbind"
	make_table costs pictures-of-costs "$cost_pictures"
	make_values costs "$costs $cost_values"
	make_values repeat "$repeat_values"
	value margin "$margin"
	value margin-to-bind "$margin_to_bind"
}
