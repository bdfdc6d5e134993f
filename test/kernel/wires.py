"""Opens TCP connections with keep-alive between network namespaces, loses packets, and prints the traffic.

Reads one JSON document from standard input:
  limit: seconds after which everything ends
  machines: each with a drop-in `conf` and its `connections`: which probes are lost, where (`cut`: in the peer or at the
  switch), after how many ms the peer greets (0: never), and for how many ms the connection is observed.
Prints one JSON document: the kernel's values after each drop-in was applied, the packets of each connection with the
kernel's own times, and the longest delay (ms) with which this process woke.

Must be started in a network and a mount namespace of its own. All namespaces end with this process.
"""

import ctypes
import errno
import json
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
SO_TIMESTAMPNS = 35
ETH_P_ALL = 3
PACKET_OUTGOING = 4
SYN, RST, ACK = 2, 4, 16
ESTABLISHED = 1
PORT = 7000
CUTS = ("peer", "cable")
PEER_ON_SWITCH = "10.200.255.1"
PEER_MAC_ON_SWITCH = "02:00:00:04:00:00"
LOOK_EVERY = 0.01
LINE = re.compile(r"(?:#.*|net\.ipv4\.tcp_keepalive_(?:time|intvl|probes) = [0-9]+|)")

libc = ctypes.CDLL(None, use_errno=True)


def checked(answer):
    if answer != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


class Namespace:
    """A network namespace. The process that holds it ends when its standard input closes, at the latest with this."""

    def __init__(self, new=True):
        if new:
            checked(libc.unshare(CLONE_NEWNET))
        self.file = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        self.holder = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.pid = self.holder.pid

    def enter(self):
        checked(libc.setns(self.file, CLONE_NEWNET))

    def ip(self, *commands):
        self.enter()
        subprocess.run(["ip", "-b", "-"], input="\n".join(commands), text=True, check=True)


def mac(kind, number=0):
    return f"02:00:00:{kind:02x}:{number >> 8:02x}:{number & 255:02x}"


class Link:
    """A machine's way to the peer: a veth pair of its own, or a cable to the switch to which the peer is connected."""

    def __init__(self, cut, number):
        place = f"{number >> 8}.{number & 255}"
        own = cut == "peer"
        self.cut = cut
        self.bits = 30 if own else 16
        self.here = f"10.1{place}.1" if own else f"10.200.{place}"
        self.there = f"10.1{place}.2" if own else PEER_ON_SWITCH
        self.here_mac = mac(1 if own else 2, number)
        self.there_mac = mac(3, number) if own else PEER_MAC_ON_SWITCH
        self.far_end = f"{cut}{number}"
        self.far_mac = self.there_mac if own else mac(5, number)
        self.packets = None

    def make(self, machine, peer, switch):
        far = peer if self.cut == "peer" else switch
        # Neighbours are fixed, so that only TCP decides which packets go out when the peer is gone.
        machine.ip(
            f"link add {self.cut} address {self.here_mac} type veth peer name {self.far_end} address {self.far_mac}",
            f"link set {self.far_end} netns {far.pid}",
            f"addr add {self.here}/{self.bits} dev {self.cut}",
            f"link set {self.cut} up",
            f"neigh replace {self.there} lladdr {self.there_mac} dev {self.cut} nud permanent",
        )
        self.packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.packets.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.packets.bind((self.cut, ETH_P_ALL))
        self.packets.setblocking(False)

    def commands_at_peer(self):
        known = f"neigh replace {self.here} lladdr {self.here_mac} nud permanent dev"
        if self.cut == "cable":
            return [f"{known} cable"]
        return [
            f"addr add {self.there}/{self.bits} dev {self.far_end}",
            f"link set {self.far_end} up",
            f"{known} {self.far_end}",
        ]

    def commands_at_switch(self):
        return [f"link set {self.far_end} master switch", f"link set {self.far_end} up"] if self.cut == "cable" else []


class Connection:
    def __init__(self, number, given, link):
        self.given = given
        self.link = link
        self.port = 20_000 + number
        self.events = []
        self.socket = None
        self.accepted = None
        self.first = None
        self.life = None
        self.error = None
        self.noticed = None
        self.open = None

    def rules(self):
        """Rules for packets without SYN or RST: the peer gets the handshake, the answer to a greeting, some probes."""
        verdicts = [(2 if self.given["greet"] else 1, "accept")]
        for lost in self.given["lost"]:
            verdicts += [(lost, "drop"), (1, "accept")]
        spans, at = [], 0
        for count, verdict in verdicts:
            if count > 0:
                spans.append(f"{at}-{at + count - 1} : {verdict}")
                at += count
        spans.append(f"{at}-999 : {'drop' if self.given['vanishes'] else 'accept'}")
        match = f"ip saddr {self.link.here} tcp sport {self.port} tcp flags & (syn | rst) == 0"
        chain = f"c{self.port}"
        return (
            f"add chain ip wires {chain}\n"
            f"add rule ip wires {chain} numgen inc mod 1000 vmap {{ {', '.join(spans)} }}\n"
            f"add rule ip wires arriving {match} goto {chain}\n"
        )

    def connect(self):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self.socket.bind((self.link.here, self.port))
        self.socket.settimeout(5)
        self.socket.connect((self.link.there, PORT))
        self.socket.setblocking(False)

    def see(self, when, outgoing, sequence, flags, length):
        """Takes one packet of this connection; times count from the last incoming packet before the first probe."""
        if outgoing and flags & SYN:
            self.first = sequence
        elif not outgoing and (flags & SYN or length > 0):
            self.life = when
        elif outgoing and flags & RST:
            self.events.append(("dropped", when))
        elif outgoing and length == 0 and sequence == self.first:
            self.events.append(("probe", when))
        elif not outgoing and flags & ACK:
            self.events.append(("answer", when))

    def fail(self):
        self.noticed = time.time_ns()
        self.error = errno.errorcode.get(self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), "none")

    def finish(self):
        """Records whether the connection is still established once its time is over."""
        over = self.life is not None and (time.time_ns() - self.life) / 1e6 > self.given["until"]
        if over and self.error is None and self.open is None:
            state = self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
            self.open = state == ESTABLISHED

    def since_life(self, when):
        return None if when is None or self.life is None else (when - self.life) / 1e6

    def told(self):
        return {
            "happenings": [{"kind": kind, "at": self.since_life(when)} for kind, when in self.events],
            "error": self.error,
            "noticed": self.since_life(self.noticed),
            "open": bool(self.open),
        }


def apply(conf):
    """Applies a drop-in in the namespace of this process; refuses one that sets anything but keep-alive."""
    with open(conf, encoding="ascii") as file:
        if not all(LINE.fullmatch(line) for line in file.read().split("\n")):
            raise ValueError(f"{conf} sets more than keep-alive")
    subprocess.run(["sysctl", "-p", conf], check=True, stdout=subprocess.DEVNULL)
    values = {}
    for name in ("time", "intvl", "probes"):
        with open(f"/proc/sys/net/ipv4/tcp_keepalive_{name}", encoding="ascii") as file:
            values[name] = int(file.read())
    return values


def read_packets(link, by_port):
    while True:
        try:
            frame, extra, _, address = link.packets.recvmsg(200, 64)
        except BlockingIOError:
            return
        if frame[12:14] != b"\x08\x00" or frame[23] != socket.IPPROTO_TCP:
            continue
        head = 14 + (frame[14] & 15) * 4
        source, target, sequence, _, offset, flags = struct.unpack_from("!HHIIBB", frame, head)
        outgoing = address[2] == PACKET_OUTGOING
        connection = by_port.get(source if outgoing else target)
        if connection is None or connection.link is not link:
            continue
        length = struct.unpack_from("!H", frame, 16)[0] - (head - 14) - (offset >> 4) * 4
        stamps = [data for _, kind, data in extra if kind == SO_TIMESTAMPNS]
        seconds, nanoseconds = struct.unpack("ll", stamps[0][:16])
        connection.see(seconds * 10**9 + nanoseconds, outgoing, sequence, flags, length)


class Machine:
    """A namespace with a drop-in applied, its links, and its connections."""

    def __init__(self, number, given, peer, switch):
        self.namespace = Namespace()
        self.links = {cut: Link(cut, number) for cut in CUTS if any(one["cut"] == cut for one in given["connections"])}
        for link in self.links.values():
            link.make(self.namespace, peer, switch)
        self.connections = [
            Connection(number * 10 + index, one, self.links[one["cut"]])
            for index, one in enumerate(given["connections"])
        ]
        self.namespace.enter()
        self.values = apply(given["conf"])


def network():
    """Makes the peer, which is the namespace in which this process started, and the switch that connects it."""
    peer = Namespace(new=False)
    switch = Namespace()
    switch.ip(
        "link add name switch type bridge",
        "link set switch up",
        f"link add peer type veth peer name cable address {PEER_MAC_ON_SWITCH}",
        f"link set cable netns {peer.pid}",
        "link set peer master switch",
        "link set peer up",
    )
    peer.ip(f"addr add {PEER_ON_SWITCH}/16 dev cable", "link set cable up")
    return peer, switch


def lose(connections):
    """Loads the rules of all connections into the namespace of this process."""
    rules = "add table ip wires\nadd chain ip wires arriving { type filter hook prerouting priority 0 ; }\n"
    rules += "".join(one.rules() for one in connections if one.link.cut == "peer")
    subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)


def connect(machines, peer, switch):
    """Opens all connections, and pulls the cable soon after those that use it; returns when to greet which socket."""
    peer.enter()
    listener = socket.create_server(("0.0.0.0", PORT), backlog=1000)
    greetings = []
    for cut in CUTS:
        for machine in machines:
            machine.namespace.enter()
            for one in machine.connections:
                if one.link.cut == cut:
                    one.connect()
                    one.accepted, _ = listener.accept()
                    if one.given["greet"]:
                        greetings.append((time.monotonic() + one.given["greet"] / 1000, one.accepted))
    if any("cable" in machine.links for machine in machines):
        switch.ip("link set peer down")
    return greetings


def watch(connections, links, greetings, ends):
    """Reads packets until every connection is over; returns the longest delay, in ms, with which this process woke."""
    by_port = {one.port: one for one in connections}
    by_file = {one.socket.fileno(): one for one in connections}
    ways = {link.packets.fileno(): link for link in links}
    epoll = select.epoll()
    for file in ways:
        epoll.register(file, select.EPOLLIN)
    for file in by_file:
        epoll.register(file, 0)
    lag = 0
    while time.monotonic() < ends and any(one.error is None and one.open is None for one in connections):
        before = time.monotonic()
        ready = epoll.poll(LOOK_EVERY)
        now = time.monotonic()
        if not ready:
            lag = max(lag, now - before - LOOK_EVERY)
        for file, _ in ready:
            if file in ways:
                read_packets(ways[file], by_port)
            else:
                by_file[file].fail()
                epoll.unregister(file)
        for greeting in [one for one in greetings if one[0] <= now]:
            greeting[1].send(b"!")
            greetings.remove(greeting)
        for one in connections:
            one.finish()
    for link in links:
        read_packets(link, by_port)
    return lag * 1000


def main():
    given = json.load(sys.stdin)
    signal.alarm(int(given["limit"]) + 60)
    peer, switch = network()
    machines = [Machine(number, one, peer, switch) for number, one in enumerate(given["machines"], start=1)]
    links = [link for machine in machines for link in machine.links.values()]
    connections = [one for machine in machines for one in machine.connections]
    peer.ip(*(command for link in links for command in link.commands_at_peer()))
    switch.ip(*(command for link in links for command in link.commands_at_switch()))
    peer.enter()
    lose(connections)
    greetings = connect(machines, peer, switch)
    lag = watch(connections, links, greetings, time.monotonic() + given["limit"])
    told = [{"values": one.values, "connections": [each.told() for each in one.connections]} for one in machines]
    json.dump({"lag": lag, "machines": told}, sys.stdout)


main()
