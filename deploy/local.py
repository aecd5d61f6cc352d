"""Starts a collector and agents as processes of one machine, below one folder: what `make run` and `make demo` share.

It types the commands that an operator would type, so it knows nothing that the README does not tell.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 10.0


class LocalError(Exception):
    """What could not be started, and where it said why."""


@dataclass
class Local:
    """The processes below one folder. Commands run with their output kept beside the data."""

    folder: Path
    agents_port: int = 8443
    web_port: int = 8444
    running: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)

    def collector(self, *words: str) -> str:
        """Run a command of the collector and return what it prints."""
        return self._command("collector", "--config", str(self._collector_config()), "--log-level", "error", *words)

    def start_collector(self) -> None:
        """Start serving; returns when it answers."""
        command = [sys.executable, "-m", "collector", "--config", str(self._collector_config()), "serve"]
        self._start("collector", command)
        self._wait("collector", "pages at")

    def start_agent(self, name: str, school: str, *, networks: Sequence[str] = (), extra: str = "") -> None:
        """Enrol an agent of a school, once, and let it work."""
        config = self._agent_config(name, networks, extra)
        state = self.folder / name
        if not (state / "agent.crt").exists() and not list(state.glob("*.json")):
            self._enrol(config, school, state)
        self._start(name, [sys.executable, "-m", "agent", "--config", str(config), "run"])

    def wait(self) -> None:
        """Until Ctrl-C, or until a process ends by itself."""
        try:
            while all(process.poll() is None for _, process in self.running):
                time.sleep(0.5)
        except KeyboardInterrupt:
            return
        ended = next(name for name, process in self.running if process.poll() is not None)
        raise LocalError(f"{ended} ended; it says why in {self._log(ended)}")

    def stop(self) -> None:
        """End what was started, the last first."""
        for _, process in reversed(self.running):
            process.terminate()
        for _, process in reversed(self.running):
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()

    def _enrol(self, config: Path, school: str, state: Path) -> None:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        token = state / "token"
        token.touch(0o600)
        token.write_text(self.collector("token", "--school", school))
        try:
            self._command("agent", "--config", str(config), "enrol", "--token-file", str(token), "--sweep-none")
        finally:
            token.unlink()

    def _collector_config(self) -> Path:
        path = self.folder / "collector.toml"
        text = (
            f'data = "{self.folder / "collector"}"\n'
            f'agents_listen = "127.0.0.1:{self.agents_port}"\nweb_listen = "127.0.0.1:{self.web_port}"\n'
            'sync_interval = "30s"\n'
        )
        return _written(path, text)

    def _agent_config(self, name: str, networks: Sequence[str], extra: str) -> Path:
        listed = ", ".join(f'"{network}"' for network in networks)
        text = (
            f'name = "{name}"\nstate_directory = "{self.folder / name}"\ncollector = "127.0.0.1:{self.agents_port}"\n'
            f"networks = [{listed}]\nnetwork_limits = [{listed}]\n{extra}"
        )
        return _written(self.folder / f"{name}.toml", text)

    def _command(self, module: str, *words: str) -> str:
        command = [sys.executable, "-m", module, *words]
        done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise LocalError((done.stderr or done.stdout).strip())
        return done.stdout.strip()

    def _start(self, name: str, command: list[str]) -> None:
        with self._log(name).open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=log, stderr=subprocess.STDOUT)
        self.running.append((name, process))

    def _wait(self, name: str, sign: str) -> None:
        process = next(process for known, process in self.running if known == name)
        deadline = time.monotonic() + START_SECONDS
        while sign not in self._log(name).read_text("utf-8", "replace"):
            if process.poll() is not None or time.monotonic() > deadline:
                said = self._log(name).read_text("utf-8", "replace").strip().splitlines()[-3:]
                raise LocalError(f"the {name} did not start: " + " / ".join(said))
            time.sleep(0.05)

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


def stop_on_sigterm() -> None:
    """Let SIGTERM end a script as Ctrl-C does, so that it takes its processes with it."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


def fresh(folder: Path) -> Path:
    """An empty folder in place of what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    return made(folder)


def made(folder: Path) -> Path:
    """A folder that only its owner can enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def _environment() -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "proto")])
    return os.environ | {"PYTHONPATH": paths, "PYTHONUNBUFFERED": "1"}
