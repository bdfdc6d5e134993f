#!/bin/sh
# A line `-NAME` cancels an earlier `NAME = VALUE` for systemd-sysctl. For sysctl of procps it does not.
#
# Programs:  systemd 252.39-1~deb12u2 and procps 2:4.0.2-3 of Debian 12, amd64
# Behaviour: In one file, `net.ipv4.tcp_keepalive_time = 60` comes before `-net.ipv4.tcp_keepalive_time`. systemd-sysctl
#            does not set the key, prints nothing and exits with 0. sysctl sets 60. sysctl.d(5) says of such a line only
#            that it keeps patterns away from the key.
# Seen:      2026-11-30, Linux 6.18.44; the lines under `seen` below
# Matters:   A drop-in takes effect when somebody tries it with `sysctl -p`, and no longer after a restart.
# Needs:     Debian 12, amd64; apt-get, dpkg-deb, unshare
set -eu

seen='systemd-sysctl: idle 7200, exit status 0
sysctl -p: idle 60, exit status 0'

cannot() {
    echo "cannot be tried here: $1" >&2
    exit 2
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download systemd=252.39-1~deb12u2 procps=2:4.0.2-3 ||
    cannot 'apt-get has no such packages; on Debian 12, run apt-get update'
for package in *.deb; do dpkg-deb -x "$package" .; done
export LD_LIBRARY_PATH="$folder/usr/lib/x86_64-linux-gnu/systemd"

# A command in a network namespace of its own, which begins with the kernel's values. The machine keeps its own.
apart() { unshare --map-root-user --net "$@"; }
key=/proc/sys/net/ipv4/tcp_keepalive_time
[ "$(apart sh -c "echo 61 >$key && cat $key")" = 61 ] || cannot 'no network namespace in which a sysctl can be set'

cat >drop-in.conf <<'END'
net.ipv4.tcp_keepalive_time = 60
-net.ipv4.tcp_keepalive_time
END

# idle NAME COMMAND...: the idle time that COMMAND leaves when it has applied the file.
idle() {
    name=$1
    shift
    # shellcheck disable=SC2016 # expands in the namespace
    apart sh -c 'key=$1; shift; status=0; "$@" >&2 || status=$?; echo "idle $(cat "$key"), exit status $status"' \
        sh "$key" "$@" "$folder/drop-in.conf" | sed "s/^/$name: /"
}
now=$(
    idle systemd-sysctl lib/systemd/systemd-sysctl
    idle 'sysctl -p' sbin/sysctl -q -p
)
echo "$now"
[ "$now" = "$seen" ] || {
    printf 'this has changed; seen before:\n%s\n' "$seen" >&2
    exit 1
}
