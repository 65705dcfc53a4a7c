# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Does what the documents tell their readers to do: the blocks that begin with
# ```sh run, one after the other in one shell. Needs lib.sh.

docs=$(cd "$(dirname "$0")/../../docs" && pwd)

# commands DOCUMENT ADDRESS: as they stand there, for a device that is here. They
# name it as the PCI bus does, and libvirt.
commands() {
	awk '/^```sh run$/ { is_block = 1; next }
		/^```$/ { is_block = 0 }
		is_block' "$docs/$1.md" |
		sed "s/0000:01:00\.0/$2/g; s/0000_01_00_0/$(echo "$2" | tr :. __)/g"
}

# follow DOCUMENT ADDRESS
follow() {
	commands "$1" "$2" > /tmp/commands
	cat /tmp/commands
	grep -q . /tmp/commands
	# shellcheck source=/dev/null
	. /tmp/commands
}
