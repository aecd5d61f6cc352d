"""The command line as its users meet it: real processes, their output, their exit codes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from far_end import FarEnd, enrolled_state, running
from rich.console import Console

from agent import asking
from agent.asking import Enrolment
from agent.commands import status
from agent.config import Config
from agent.errors import ConfigurationError, EnrolmentFailed
from agent.examine import Target
from agent.examiner import Answer
from agent.scan import Screen
from agent.state import STATUS, StateDirectory
from stocktake import savefile
from stocktake.values import Binding, Examination, GroupResult, Method, Outcome, SnmpBindings, Subject, SubjectKind
from stocktake.wire import decode_report

ROOT = Path(__file__).parents[2]
IDLE_LIMIT_KILOBYTES = 40_000


def environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{ROOT / 'proto'}", "HOME": "/nonexistent"}


def agent(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "agent", *arguments]
    return subprocess.run(command, env=environment(), input=stdin, capture_output=True, text=True, check=False)


def configured(folder: Path, text: str = "") -> str:
    file = folder / "agent.toml"
    file.write_text(f'state_directory = "{folder / "state"}"\n{text}')
    return str(file)


# ------------------------------------------------------------------------------------------------ words


def test_every_word_has_help_and_the_version_is_told() -> None:
    assert all(word in agent("--help").stdout for word in ("run", "scan", "enrol", "status", "check-config"))
    assert agent("--version").stdout.startswith("stocktake-agent ")
    assert agent("scan").returncode == 2


def test_check_config_says_what_is_set_and_the_example_is_one(tmp_path: Path) -> None:
    done = agent("--config", configured(tmp_path, 'sweep_interval = "2h"\n'), "check-config")
    assert done.returncode == 0
    assert 'sweep_interval = "2h"' in done.stdout
    assert "[[credential]]" in agent("check-config", "--example").stdout


def test_a_mistake_in_the_configuration_is_one_sentence_on_standard_error(tmp_path: Path) -> None:
    done = agent("--config", configured(tmp_path, "sweep_intervall = 3\n"), "run")
    assert done.returncode == 2
    assert done.stderr.strip().endswith(
        'agent.toml:2: there is no setting "sweep_intervall"; did you mean sweep_interval?'
    )
    assert done.stdout == ""


# ------------------------------------------------------------------------------------------------ scan


def test_a_scan_of_a_network_that_is_none_says_what_to_write() -> None:
    done = agent("scan", "10.1.0.7/24")
    assert done.returncode == 2
    assert 'write "10.1.0.0/24"' in done.stderr


def test_a_scan_needs_no_state_and_saves_evidence_that_can_be_read_again(tmp_path: Path) -> None:
    file = tmp_path / "evidence"
    done = agent("--config", configured(tmp_path), "scan", "127.0.0.1", "--save", str(file))
    assert done.returncode == 0, done.stderr
    assert "0 addresses answered, 0 devices by SNMP" in done.stdout.replace("\n", " ")
    assert not (tmp_path / "state").exists()
    with file.open("rb") as saved:
        (body,) = [decode_report(raw).body for raw in savefile.read(saved)]
    assert isinstance(body, Examination)
    assert body.relayed
    assert body.subject == Subject(SubjectKind.NETWORK, network="127.0.0.1/32")
    again = agent("--config", configured(tmp_path), "scan", "127.0.0.1", "--save", str(file))
    assert again.returncode == 2
    assert "is there already" in again.stderr


def test_a_dry_run_sends_nothing_and_says_so(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(0.2)
        text = f"snmp_port = {listener.getsockname()[1]}\n"
        credentials = tmp_path / "credentials.toml"
        credentials.touch(0o600)
        credentials.write_text('[[credential]]\nname = "x"\nversion = "2c"\ncommunity = "public"\n')
        done = agent(
            "--config", configured(tmp_path, text), "scan", "127.0.0.1", "--dry-run", "--credentials", str(credentials)
        )
        assert done.returncode == 0, done.stderr
        assert "Nothing was sent." in done.stdout.replace("\n", " ")
        with pytest.raises(TimeoutError):
            listener.recv(100)


def test_what_a_device_says_cannot_draw_on_the_terminal() -> None:
    hostile = b"\x1b[2J[bold red]owned[/]\xe2\x80\xae\r\nsecond line"
    content = SnmpBindings((Binding("1.3.6.1.2.1.1.5.0", 4, hostile), Binding("1.3.6.1.2.1.1.1.0", 4, b"\xff" * 9000)))
    groups = (GroupResult("system", Outcome.COMPLETE, content),)
    examination = Examination(Subject(SubjectKind.ADDRESS, "10.1.0.5"), Method.SNMP_V2C, groups)
    output = StringIO()
    screen = Screen(Console(file=output, width=200, force_terminal=False))
    with screen.shown():
        screen.examining(1)
        screen.answered(Answer(Target("10.1.0.5"), examination))
    shown = output.getvalue()
    assert "\\x1b[2J[bold red]owned[/]\\u202e second line" in shown
    assert "\x1b" not in shown
    assert all(character == "\n" or " " <= character <= "~" for character in shown.replace("…", ""))


def test_a_saved_file_that_was_cut_or_damaged_gives_what_is_before_and_says_where() -> None:
    whole = BytesIO()
    writer = savefile.Writer(whole)
    writer.write(b"first")
    writer.write(b"second")
    raw = whole.getvalue()
    assert list(savefile.read(BytesIO(raw))) == [b"first", b"second"]
    for damaged, words in (
        (raw[:-2], "in the middle of a report"),
        (raw[:-12], "in the middle"),
        (raw[:-1] + b"X", "checksum"),
        (raw[:34] + b"\xff\xff\xff\xff" + raw[38:], "a report of"),
    ):
        found: list[bytes] = []
        with pytest.raises(savefile.SaveFileError, match=words):
            found.extend(savefile.read(BytesIO(damaged)))
        assert found == [b"first"]
    with pytest.raises(savefile.SaveFileError, match="no file of evidence"):
        list(savefile.read(BytesIO(b"PK\x03\x04")))


# ------------------------------------------------------------------------------------------------ enrol and status


def test_a_machine_is_enrolled_from_a_token_on_standard_input_and_then_has_a_status(tmp_path: Path) -> None:
    end, config = FarEnd(), configured(tmp_path)
    assert agent("--config", config, "status").returncode == 3
    arguments = ("--config", config, "enrol", "--sweep", "127.0.1.0/30", "--limit", "127.0.0.0/16")
    with running(end, mutual=False):
        done = agent(*arguments, "--collector", end.address, stdin=end.authority.token() + "\n")
        assert done.returncode == 0, done.stderr
        twice = agent(*arguments, "--collector", end.address, stdin=end.authority.token() + "\n")
    assert "agent of Oak Lane (Main)" in done.stdout
    assert "may name networks inside 127.0.0.0/16" in done.stdout
    assert twice.returncode == 4
    assert "--again" in twice.stderr
    told = agent("--config", config, "status")
    assert told.returncode == 0
    assert "networks     127.0.1.0/30" in told.stdout
    assert "It has not run yet" in told.stdout


def test_an_enrolment_that_nobody_answers_for_must_say_what_to_sweep(tmp_path: Path) -> None:
    done = agent(
        "--config", configured(tmp_path), "enrol", "--collector", "127.0.0.1:9", stdin=FarEnd().authority.token()
    )
    assert done.returncode == 2
    assert "--sweep-none" in done.stderr


def test_a_token_is_never_taken_from_the_command_line(tmp_path: Path) -> None:
    assert agent("--config", configured(tmp_path), "enrol", "--token", "stk1.a.b").returncode == 2


@pytest.mark.parametrize(
    ("answers", "networks", "limits"),
    [
        (["10.1.0.0/24", "10.1.0.0/16"], ("10.1.0.0/24",), ("10.1.0.0/16",)),
        (["10.1.0.0/24", ""], ("10.1.0.0/24",), ("10.1.0.0/24",)),
        (["none", "10.0.0.0/8"], (), ("10.0.0.0/8",)),
        (["none", "none"], (), ()),
    ],
)
def test_the_technician_is_asked_what_to_sweep_and_how_far_the_collector_may_go(
    tmp_path: Path, answers: list[str], networks: tuple[str, ...], limits: tuple[str, ...]
) -> None:
    end, state = FarEnd(), tmp_path / "state"
    (tmp_path / "token").write_text("\n")
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return answers[len(asked) - 1]

    with running(end, mutual=False):
        (tmp_path / "token").write_text(end.authority.token())
        wanted = Enrolment(collector=end.address, token_file=tmp_path / "token")
        asyncio.run(asking.enrol(Config(state_directory=state), wanted, ask=ask))
    identity = StateDirectory(state).identity()
    assert identity is not None
    assert (identity.networks, identity.network_limits) == (networks, limits)
    assert "This machine stands on:" in asked[0]
    assert "outer limit" in asked[1]


def test_a_network_outside_the_answered_limit_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(FarEnd().authority.token())
    wanted = Enrolment("127.0.0.1:9", tmp_path / "token", ("10.1.0.0/24",), ("10.2.0.0/16",))
    with pytest.raises(ConfigurationError, match="outside the outer limit"):
        asyncio.run(asking.enrol(Config(state_directory=tmp_path / "s"), wanted))


def test_nobody_at_the_collector_s_address_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(FarEnd().authority.token())
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    wanted = Enrolment(address, tmp_path / "token", (), ())
    with pytest.raises(EnrolmentFailed, match="There is no way to"):
        asyncio.run(asking.enrol(Config(state_directory=tmp_path / "s"), wanted))
    assert list((tmp_path / "s").iterdir()) == []


def test_status_tells_in_words_what_happened_when(tmp_path: Path) -> None:
    state = enrolled_state(tmp_path / "state", FarEnd(address="127.0.0.1:443"))
    now = datetime.now(UTC)
    numbers = {"last_sweep_time": (now - timedelta(hours=3)).isoformat(), "last_sweep_sightings": 250, "spool_bytes": 5}
    told = {"sync": (now - timedelta(minutes=4)).isoformat(), "sync_state": {"numbers": numbers, "troubles": ["a\x1b"]}}
    state.save(STATUS, told)
    lines, enrolled = status(Config(state_directory=tmp_path / "state"), now)
    assert enrolled
    assert "last sweep   3 hours ago: 250 addresses, 0 by SNMP" in lines
    assert "last sync    4 minutes ago" in lines
    assert "last push    never" in lines
    late, _ = status(Config(state_directory=tmp_path / "state"), now + timedelta(days=400))
    assert any("enrol this machine again" in line for line in late)


# ------------------------------------------------------------------------------------------------ run


def pss_kilobytes(root: int) -> int:
    """Proportional memory of a process and its children."""
    total = 0
    for process in (each for each in Path("/proc").iterdir() if each.name.isdigit()):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            if root in (int(process.name), parent):
                lines = (process / "smaps_rollup").read_text().splitlines()
                total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except OSError:
            continue
    return total


def test_an_enrolled_agent_that_waits_is_small_and_ends_when_told(tmp_path: Path) -> None:
    config = configured(tmp_path)
    with running(FarEnd()) as end:
        enrolled_state(tmp_path / "state", end)
        process = subprocess.Popen(
            [sys.executable, "-m", "agent", "--config", config, "run"], env=environment(), stderr=subprocess.PIPE
        )
        try:
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline and not (end.batches and end.syncs):
                time.sleep(0.1)
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            while time.monotonic() < deadline and children.read_text().strip():
                time.sleep(0.1)
            assert pss_kilobytes(process.pid) < IDLE_LIMIT_KILOBYTES
        finally:
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=10)
    assert process.returncode == 0, log.decode()
    assert json.loads((tmp_path / "state" / STATUS).read_text())["sync"]


def test_a_machine_that_is_not_enrolled_waits_for_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "agent", "--config", configured(tmp_path), "run"]
    process = subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert "waiting for: stocktake-agent enrol" in line
    assert process.returncode == 0
