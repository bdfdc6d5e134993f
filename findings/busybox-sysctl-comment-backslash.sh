#!/bin/sh
# A comment that ends in a backslash takes the next line with it for sysctl of busybox. Others read that line.
#
# Programs:  busybox 1:1.35.0-4+deb12u1+b1, procps 2:4.0.2-3 and systemd 252.39-1~deb12u2 of Debian 12, amd64
# Behaviour: In one file, a comment that ends in a folder's name (`# from D:\bundles\`) comes before
#            `net.ipv4.tcp_keepalive_time = 60`. busybox joins both to one comment, sets nothing, prints nothing and exits
#            with 0. sysctl of procps and systemd-sysctl set 60.
# Seen:      2026-11-30, Linux 6.18.44; the lines under `seen` below
# Matters:   Alpine and OpenWrt apply their files with busybox. A file that works on Debian leaves the default there.
# Needs:     Debian 12, amd64; apt-get, dpkg-deb, unshare
set -eu

seen='busybox sysctl -p: idle 7200, exit status 0
sysctl -p: idle 60, exit status 0
systemd-sysctl: idle 60, exit status 0'

cannot() {
    echo "cannot be tried here: $1" >&2
    exit 2
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download \
    busybox=1:1.35.0-4+deb12u1+b1 procps=2:4.0.2-3 systemd=252.39-1~deb12u2 ||
    cannot 'apt-get has no such packages; on Debian 12, run apt-get update'
for package in *.deb; do dpkg-deb -x "$package" .; done
export LD_LIBRARY_PATH="$folder/usr/lib/x86_64-linux-gnu/systemd"

# A command in a network namespace of its own, which begins with the kernel's values. The machine keeps its own.
apart() { unshare --map-root-user --net "$@"; }
key=/proc/sys/net/ipv4/tcp_keepalive_time
[ "$(apart sh -c "echo 61 >$key && cat $key")" = 61 ] || cannot 'no network namespace in which a sysctl can be set'

cat >drop-in.conf <<'END'
# from D:\bundles\
net.ipv4.tcp_keepalive_time = 60
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
    idle 'busybox sysctl -p' bin/busybox sysctl -q -p
    idle 'sysctl -p' sbin/sysctl -q -p
    idle systemd-sysctl lib/systemd/systemd-sysctl
)
echo "$now"
[ "$now" = "$seen" ] || {
    printf 'this has changed; seen before:\n%s\n' "$seen" >&2
    exit 1
}
