"""A segment of two namespaces on which any number of hosts answer ARP: one program answers for all of them.

    with Hosts("10.80.0.0/22", live=600, late_seconds=0.3, loss=0.02) as hosts:
        hosts.lab_command([...])

Unlike the namespaces of tests/lab.py a broadcast is not copied for each host, so that 1,300 of them cost nothing.
"""

from __future__ import annotations

import heapq
import ipaddress
import itertools
import json
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "tests")]

from lab import NO_CAPABILITY, ONLY_NET_RAW, ip_batch, remove_namespaces, run, unprivileged_id  # noqa: E402 - paths first

_serial = itertools.count(1)
_ARP = struct.Struct("!6s6sHHHBBH6s4s6s4s")


def mac_of(address: str) -> str:
    """The MAC of a host that answers."""
    return "00:1b:21:" + ipaddress.ip_address(address).packed[-3:].hex(":")


class Hosts:
    """The segment; `truth` is address → MAC of everybody who answers, the agent sits at the last address."""

    def __init__(self, network: str, live: int, *, late_seconds: float = 0.0, loss: float = 0.0, seed: int = 1) -> None:
        self.network = ipaddress.IPv4Network(network)
        every = [str(address) for address in self.network.hosts()]
        self.agent = every.pop()
        self.truth = {each: mac_of(each) for each in random.Random(seed).sample(every, live)}  # noqa: S311 - no secret
        self._prefix = f"st{os.getpid()}-b{next(_serial)}"
        self._settings = {"live": list(self.truth), "late_seconds": late_seconds, "loss": loss, "seed": seed}

    def __enter__(self) -> Hosts:
        self.agent_namespace, self.hosts_namespace = f"{self._prefix}-agent", f"{self._prefix}-hosts"
        ip_batch([f"netns add {self.agent_namespace}", f"netns add {self.hosts_namespace}"])
        ip_batch([f"link add name eth0 netns {self.agent_namespace} type veth peer eth0 netns {self.hosts_namespace}"])
        for namespace in (self.agent_namespace, self.hosts_namespace):
            run("ip", "netns", "exec", namespace, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
            ip_batch(["link set lo up", "link set eth0 up"], namespace)
        ip_batch([f"addr add {self.agent}/{self.network.prefixlen} dev eth0"], self.agent_namespace)
        self._responder = subprocess.Popen(
            ["ip", "netns", "exec", self.hosts_namespace, sys.executable, __file__],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._responder.stdin
        assert self._responder.stdout
        self._responder.stdin.write(json.dumps(self._settings) + "\n")
        self._responder.stdin.flush()
        self._responder.stdout.readline()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._responder.kill()
        self._responder.communicate()
        remove_namespaces(iter([self.agent_namespace, self.hosts_namespace]))

    def command(self, line: list[str], *, privilege: str = "all") -> list[str]:
        """A command in the agent's namespace; privilege `all`, `raw` (CAP_NET_RAW alone) or `none`."""
        before = ["ip", "netns", "exec", self.agent_namespace]
        if privilege != "all":
            user = unprivileged_id()
            before += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs"]
            before += ONLY_NET_RAW if privilege == "raw" else NO_CAPABILITY
        return [*before, *line]

    def sweep(self, *, privilege: str, **limits: Any) -> dict[str, Any]:
        """The agent's discovery of the whole network: what tests/agent/discovery/sweep_in_lab.py prints."""
        named = str(self.network)
        asked = json.dumps({"network": named, "limits": {"networks": [named]} | limits, "root": "/"})
        script = str(ROOT / "tests/agent/discovery/sweep_in_lab.py")
        line = self.command([sys.executable, script, asked], privilege=privilege)
        environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'proto'}"}
        done = subprocess.run(line, env=environment, capture_output=True, text=True, check=True, cwd=ROOT)
        return dict(json.loads(done.stdout))


# ------------------------------------------------------------------------------------------------ the program


def answer_for_all(live: list[str], late_seconds: float, loss: float, seed: int) -> None:
    """Answer ARP requests for everybody who lives here, some late, some not at all."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    chance = random.Random(seed)  # noqa: S311 - no secret
    macs = {socket.inet_aton(address): bytes.fromhex(mac_of(address).replace(":", "")) for address in live}
    waiting: list[tuple[float, int, bytes]] = []
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806)) as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
        wire.bind(("eth0", 0x0806))
        print("ready", flush=True)
        for number in itertools.count():
            timeout = max(0.0, waiting[0][0] - time.monotonic()) if waiting else 1.0
            heard = wire.recv(128) if select.select([wire], [], [], timeout)[0] else b""
            if heard and (reply := answer(heard, macs)) and chance.random() >= loss:
                late = chance.random() * late_seconds if chance.random() < 0.2 else 0.0
                heapq.heappush(waiting, (time.monotonic() + late, number, reply))
            while waiting and waiting[0][0] <= time.monotonic():
                wire.send(heapq.heappop(waiting)[2])


def answer(frame: bytes, macs: dict[bytes, bytes]) -> bytes:
    """The reply to an ARP request for somebody who lives here, else nothing."""
    _, _, _, _, _, _, _, operation, asker_mac, asker, _, wanted = _ARP.unpack_from(frame)
    mac = macs.get(wanted)
    if operation != 1 or mac is None:
        return b""
    return _ARP.pack(asker_mac, mac, 0x0806, 1, 0x0800, 6, 4, 2, mac, wanted, asker_mac, asker)


if __name__ == "__main__":
    answer_for_all(**json.loads(sys.stdin.readline()))
