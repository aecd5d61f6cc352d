"""A school's segment with a real agent and a real collector, each in a network namespace of its own.

    with Lab(hosts=250, snmpd=("v1", "v2c", "v3"), collector=True) as lab, Segment(lab) as segment:
        segment.start_collector()
        segment.enrol(lab.truth.network)
        segment.start_agent()
        rows = segment.wait_for(lambda rows: len(rows) >= 253)

Both programs are started by the commands that an operator types; what an operator asks the running collector by its
command line is asked from here, by the same words.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from collector import cli, show
from collector.store import Store, places, register
from fresh_store import fresh_store
from lab import COLLECTOR_ADDRESS, COMMUNITY, V3_AUTH_KEY, V3_PRIVACY_KEY, V3_USER, Lab, unprivileged_id

PORT = 8443
Row = dict[str, Any]


class Segment:
    """The two programs on a lab's segment. Everything they write lies in a folder that goes with the context."""

    def __init__(self, lab: Lab, *, network_limits: tuple[str, ...] = (), agent_settings: str = "") -> None:
        self.lab = lab
        self.folder = Path(tempfile.mkdtemp(prefix="stseg-"))
        self.folder.chmod(0o711)
        self.limits = network_limits or (lab.truth.network,)
        self.agent_settings = agent_settings
        self.collector_process: subprocess.Popen[str] | None = None
        self.agent_process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Segment:
        (self.folder / "collector.toml").write_text(
            f'data = "{self.folder / "data"}"\nagents_listen = "{COLLECTOR_ADDRESS}:{PORT}"\n'
            f'web_listen = "127.0.0.1:8444"\nsync_interval = "10s"\nsweep_interval = "1d"\n'
        )
        fresh_store(self.folder / "data" / "stocktake.db").close()
        self.collector("init", "--trust", "Elm Trust", "--school", "Oak Lane")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (self.agent_process, self.collector_process):
            if process and process.poll() is None:
                process.kill()
                process.wait()
        if error is not None:
            for log in self.folder.glob("*.log"):
                print(f"--- {log.name}\n" + "\n".join(log.read_text("utf-8", "replace").splitlines()[-30:]))
        shutil.rmtree(self.folder, ignore_errors=True)

    # -------------------------------------------------------------------------------------------- the collector

    def collector(self, *words: str, said: str = "") -> str:
        """Run a command of the collector, without a process of its own; `said` is typed on its stdin."""
        typed, printed, complained = io.StringIO(said), io.StringIO(), io.StringIO()
        before, sys.stdin = sys.stdin, typed
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complained):
                status = cli.main(["--config", str(self.folder / "collector.toml"), *words])
        finally:
            sys.stdin = before
        assert status == 0, complained.getvalue()
        return printed.getvalue().strip()

    def start_collector(self) -> None:
        """Start serving; returns when it answers."""
        command = [sys.executable, "-m", "collector", "--config", self.folder / "collector.toml", "serve"]
        log = self.folder / "collector.log"
        if log.exists():
            log.rename(log.with_name(f"collector-{time.monotonic_ns()}.log"))
        self.collector_process = self._start("collector", command, node="collector")
        self._wait_log(log, "pages at", self.collector_process)

    def kill_collector(self) -> None:
        """kill -9: nothing is finished, nothing is said."""
        assert self.collector_process
        self.collector_process.kill()
        self.collector_process.wait()

    def add_credentials(self) -> None:
        """Tell the collector how to ask the lab's snmpds: community for v1 and v2c, user for v3."""
        self.collector("credential", "communities", "--snmp", "2c", said=f"{COMMUNITY}\n")
        self.collector("credential", "old", "--snmp", "1", said=f"{COMMUNITY}\n")
        self.collector(
            "credential", "users", "--snmp", "3", "--user", V3_USER, said=f"{V3_AUTH_KEY}\n{V3_PRIVACY_KEY}\n"
        )

    def devices(self) -> list[Row]:
        """The register as it stands now, read beside the running collector."""
        with Store.glance(f"sqlite:///{self.folder / 'data' / 'stocktake.db'}") as connection:
            rows = register.devices(connection, places.trust_ids(connection)[0][0], limit=100_000)
        found: list[Row] = json.loads(show.devices_json(rows))
        return found

    def wait_for(self, enough: Callable[[list[Row]], bool], patience_seconds: float = 90) -> list[Row]:
        """The register, as soon as it holds enough."""
        deadline = time.monotonic() + patience_seconds
        rows: list[Row] = []
        while time.monotonic() < deadline:
            rows = self.devices()
            if enough(rows):
                return rows
            assert self.agent_process is None or self.agent_process.poll() is None, "the agent ended"
            time.sleep(0.2)
        raise AssertionError(f"after {patience_seconds} s the register holds {len(rows)} devices")

    # -------------------------------------------------------------------------------------------- the agent

    def enrol(self, *networks: str, unprivileged: bool = False) -> None:
        """Make the lab's agent node an agent of the school."""
        state = self.folder / "agent"
        state.mkdir(mode=0o700, exist_ok=True)
        (self.folder / "agent.toml").write_text(
            f'name = "server-1"\nstate_directory = "{state}"\ncollector = "{COLLECTOR_ADDRESS}:{PORT}"\n'
            f'sync_interval = "30s"\n{self.agent_settings}'
        )
        token = state / "token"
        token.write_text(self.collector("token", "--school", "Oak Lane"))
        user = unprivileged_id() if unprivileged else 0
        for path in (state, token):
            os.chown(path, user, user)
        sweep = ["--sweep", *networks] if networks else ["--sweep-none"]
        words = ["enrol", "--token-file", str(token), *sweep, "--limit", *self.limits]
        done = self.lab.exec(self._agent(*words), unprivileged=unprivileged, check=False)
        assert done.returncode == 0, done.stderr
        token.unlink()

    def start_agent(self, *, unprivileged: bool = False, net_raw: bool = False) -> None:
        """Let the agent work."""
        self.agent_process = self._start("agent", self._agent("run"), unprivileged=unprivileged, net_raw=net_raw)

    def stop_agent(self) -> None:
        """SIGTERM, and wait."""
        assert self.agent_process
        self.agent_process.terminate()
        self.agent_process.wait(20)
        self.agent_process = None

    def status(self) -> str:
        """What the agent says of itself."""
        return self.lab.exec(self._agent("status"), check=False).stdout

    def _agent(self, *words: str) -> list[str | Path]:
        return [sys.executable, "-m", "agent", "--config", self.folder / "agent.toml", *words]

    # -------------------------------------------------------------------------------------------- processes

    def _start(self, name: str, command: list[str | Path], **where: Any) -> subprocess.Popen[str]:
        with (self.folder / f"{name}.log").open("a") as log:
            return self.lab.popen(command, stdout=log, stderr=subprocess.STDOUT, **where)

    @staticmethod
    def _wait_log(log: Path, sign: str, process: subprocess.Popen[str], patience_seconds: float = 30) -> None:
        begun = time.monotonic()
        while sign not in log.read_text("utf-8", "replace"):
            assert process.poll() is None, log.read_text()[-2000:]
            assert time.monotonic() - begun < patience_seconds, log.read_text()[-2000:]
            time.sleep(0.05)
