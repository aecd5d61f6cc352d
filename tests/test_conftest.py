from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

HERE = Path(__file__).parent


SKIPS = """
import threading, time
import pytest

@pytest.mark.needs("a-program-nobody-has")
def test_program(): ...

def test_call():
    pytest.skip("no reason is good enough")

@pytest.mark.xfail
def test_expected(): assert False
"""
WHOLE_FILE = """
import pytest
pytest.importorskip("a_module_nobody_has")
def test_x(): ...
"""
THREAD = """
import threading
def test_x():
    threading.Thread(target=threading.Event().wait, args=(30,), daemon=True, name="forgotten").start()
"""


def run_pytest(folder: Path, files: dict[str, str], **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text((HERE / "conftest.py").read_text())
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    needs(*programs): x\n    root: x\n")
    for name, text in files.items():
        (folder / name).write_text(text)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("STOCKTAKE_", "PYTEST_"))}
    kept |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment}
    options = ["-q", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
    command = [sys.executable, "-m", "pytest", *options, str(folder)]
    return subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, check=False)


def test_missing_programs_skip_and_a_forgotten_thread_fails(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, {"test_skips.py": SKIPS, "test_file.py": WHOLE_FILE, "test_thread.py": THREAD})
    assert "1 passed, 3 skipped, 1 xfailed, 1 error" in done.stdout
    assert "left threads behind: forgotten" in done.stdout


def test_no_skip_turns_every_skip_into_a_failure_that_of_a_whole_file_too(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, {"test_skips.py": SKIPS, "test_file.py": WHOLE_FILE}, STOCKTAKE_NO_SKIP="1")
    assert "1 failed, 1 xfailed, 2 errors" in done.stdout
    for reason in ("not installed: a-program-nobody-has", "no reason is good enough", "a_module_nobody_has"):
        assert reason in done.stdout


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"])
def test_the_test_process_reaches_no_other_machine(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        with pytest.raises(PermissionError, match="loopback only"):
            sock.sendto(b"", (address, 9))
        with pytest.raises(PermissionError, match="loopback only"):
            sock.connect((address, 9))


def test_other_machines_names_are_not_looked_up() -> None:
    with pytest.raises(PermissionError, match="loopback only"):
        socket.getaddrinfo("host.example", 80)
    assert socket.getaddrinfo("192.0.2.1", 80)


def test_loopback_and_unix_sockets_work(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))


def test_a_thread_that_ends_is_fine() -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
