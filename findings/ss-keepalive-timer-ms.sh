#!/bin/sh
# ss prints a keep-alive timer of less than ten seconds as seconds with three decimals, and calls them ms.
#
# Programs:  iproute2 6.1.0-3 of Debian 12, amd64
# Behaviour: A socket is to be probed after 4 s without traffic. Right after that is set, `ss -tno` shows a timer such as
#            `keepalive,3.908ms`: 3.908 seconds, and not milliseconds. At 20 s it shows `keepalive,19sec`.
# Seen:      2026-11-30, Linux 6.18.44; the lines under `seen` below, where N is any digit
# Matters:   ss is how people look whether an idle time is in force. Here it seems to be a thousandth of what it is.
# Needs:     Debian 12, amd64; apt-get, dpkg-deb, the libraries of iproute2, Node.js
set -eu

seen='idle 4 s: keepalive,3.NNNms
idle 20 s: keepalive,19sec'

cannot() {
    echo "cannot be tried here: $1" >&2
    exit 2
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download iproute2=6.1.0-3 ||
    cannot 'apt-get has no such package; on Debian 12, run apt-get update'
dpkg-deb -x ./*.deb .
bin/ss -V >/dev/null || cannot 'ss does not start; install the libraries of iproute2'

# A connection over loopback that nobody uses, and what ss says of its end that asked for keep-alive.
cat >look.cjs <<'END'
const { execFileSync } = require('node:child_process')
const { connect, createServer } = require('node:net')
const seconds = Number(process.argv[2])
const server = createServer().listen(0, '127.0.0.1', () => {
  const { port } = server.address()
  const socket = connect(port, '127.0.0.1', () => {
    socket.setKeepAlive(true, seconds * 1000)
    const line = execFileSync('bin/ss', ['-Htno', 'dport', '=', `:${port}`], { encoding: 'utf8' })
    const [, timer = line] = /timer:\((keepalive,[^,]+)/.exec(line) ?? []
    console.log(`idle ${seconds} s: ${timer.replace(/\.\d{3}/, '.NNN')}`)
    process.exit()
  })
})
END
now=$(
    node look.cjs 4
    node look.cjs 20
)
echo "$now"
[ "$now" = "$seen" ] || {
    printf 'this has changed; seen before:\n%s\n' "$seen" >&2
    exit 1
}
