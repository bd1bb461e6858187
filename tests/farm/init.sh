#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/farm/init.sh ROOT DIR WORKERS [GUEST]: a farm of LAVA's, as process 1 of namespaces of its
# own, which is how tests/farm/mmkit-farm starts it. A machine is ROOT and what it writes
# itself, which is kept in memory: a server (PostgreSQL, lava-server, the store of what the
# jobs name) and its workers, each with its processes in a namespace within ours. The
# network has nothing but a loopback. With process 1 all of it ends.
#   DIR/store   what the store serves; DIR/log/* what each part says; DIR/ready when it is up
# "init.sh worker NAME" starts one that was stopped.
set -euo pipefail

# machine NAME: its root file system, which outlives its processes.
machine() {
	local m=$mem/$1

	mkdir -p "$m"/{upper,work,root}
	mount -t overlay farm -o "lowerdir=$root,upperdir=$m/upper,workdir=$m/work" "$m/root"
	mount --rbind /dev "$m/root/dev"
	mount -t tmpfs shm "$m/root/dev/shm"
	mount -t tmpfs tmp "$m/root/tmp"
	echo "127.0.0.1 localhost $1" >"$m/root/etc/hosts"
	[ -z "$guest" ] || install -m 755 "$guest" "$m/root/usr/bin/qemu-system-x86_64"
}

# server COMMAND...
server() {
	chroot "$mem/server/root" "$@"
}

# background NAME COMMAND...: a part of the server.
background() {
	local name=$1

	shift
	server "$@" >"$dir/log/$name" 2>&1 </dev/null &
}

# worker NAME: all that it runs goes with the first process of its namespace, as with
# the power of a machine.
worker() {
	# shellcheck disable=SC2016  # for the inner shell
	setsid unshare --mount --pid --uts --fork --kill-child bash -euc '
		hostname "$1"
		mount -t proc proc "$2/proc"
		export HOME=/root LANG=C.UTF-8
		exec chroot "$2" lava-worker --name "$1" --url http://127.0.0.1:8000 \
			--ws-url http://127.0.0.1:8001/ws/ --ping-interval 5 --level DEBUG --log-file -' \
		bash "$1" "$mem/$1/root" >>"$dir/log/$1" 2>&1 </dev/null &
	echo $! >"$dir/$1.pid"
}

# until_works WHAT COMMAND...: as there is no word from who is awaited.
until_works() {
	local what=$1 i

	shift
	for ((i = 0; i < 240; i++)); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.5
	done
	echo "$what did not come up" >&2
	return 1
}

database() {
	local version

	version=$(basename "$(echo "$mem"/server/root/etc/postgresql/*)")
	server pg_ctlcluster --skip-systemctl-redirect "$version" main start
	until_works PostgreSQL server pg_isready
	server python3 /usr/share/lava-server/postinst.py --config --db
}

# With events a job is looked at when it comes, and not at the next look, 20 s later.
lava_server() {
	echo 'EVENT_NOTIFICATION: true' >"$mem/server/root/etc/lava-server/settings.d/10-farm.yaml"
	background scheduler lava-server manage lava-scheduler --level DEBUG --log-file -
	background publisher lava-server manage lava-publisher --level INFO --log-file - \
		--host 127.0.0.1 --port 8001
	background gunicorn gunicorn3 lava_server.wsgi --log-level info -u lavaserver \
		-g lavaserver --worker-class eventlet --workers 2 --bind 127.0.0.1:8000
	background store python3 -m http.server --bind 127.0.0.1 --directory /store 8080
}

# Who submits: one user, whose token nobody but this machine's root can use.
user() {
	local token

	token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	server lava-server manage users add farm --superuser --staff --passwd "$token"
	server lava-server manage tokens add --user farm --secret "$token" >/dev/null
	server lavacli identities add --uri http://127.0.0.1:8000/RPC2 --username farm \
		--token "$token" default
	until_works lava-server server lavacli system version
}

# A worker registers itself; then it can be given a device, which the scheduler must be
# able to describe from the first moment on.
devices() {
	local name device etc=$mem/server/root/etc/lava-server

	server lavacli device-types add qemu
	for name; do
		device=qemu-${name#worker-}
		echo "{% extends 'qemu.jinja2' %}" >"$etc/dispatcher-config/devices/$device.jinja2"
		# A dispatcher asks for its default route, and there is none.
		mkdir -p "$etc/dispatcher.d/$name"
		echo 'dispatcher_ip: 127.0.0.1' >"$etc/dispatcher.d/$name/dispatcher.yaml"
		until_works "$name" server lavacli workers show "$name"
		server lavacli devices add --type qemu --worker "$name" "$device"
	done
}

farm() {
	local names=() i

	# As who started us sees it: /proc is still the one of the outside.
	read -r pid _ </proc/self/stat
	echo "$pid" >"$dir/pid"
	mount -t tmpfs farm "$mem"
	ip link set lo up
	for ((i = 1; i <= workers; i++)); do
		names+=("worker-$i")
	done
	for name in server "${names[@]}"; do
		machine "$name"
	done
	mount -t proc proc /proc
	mount -t proc proc "$mem/server/root/proc"
	mkdir -p "$mem/server/root/store"
	mount --bind "$dir/store" "$mem/server/root/store"
	database
	lava_server
	user
	for name in "${names[@]}"; do
		worker "$name"
	done
	devices "${names[@]}"
	touch "$dir/ready"
}

export HOME=/root LANG=C.UTF-8
if [ "$1" = worker ]; then
	dir=$2 mem=$2/mem
	worker "$3"
	exit
fi
root=$1 dir=$2 workers=$3 guest=${4:-} mem=$2/mem
farm
# Whoever lost its parent is ours to wait for.
while :; do
	wait || true
	sleep 1
done
