"""The structure, guarded: directions of imports, generated code, the protocol, documentation inside and outside."""

from __future__ import annotations

import ast
import filecmp
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import agent.cli
import collector.cli

ROOT = Path(__file__).parent.parent
PROTO = ROOT / "proto"
BIN = Path(sys.executable).parent
SOURCES = [p for top in ("agent", "collector", "proto/stocktake", "deploy") for p in sorted((ROOT / top).rglob("*.py"))]
HANDWRITTEN = [p for p in SOURCES if "_pb2" not in p.name]


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_directions_of_the_design_hold() -> None:
    run(BIN / "lint-imports", "--no-cache", PYTHONPATH=f"{ROOT}:{PROTO}")


def test_the_generated_code_is_current(tmp_path: Path) -> None:
    run(PROTO / "generate.sh", tmp_path, PYTHON=sys.executable)
    made = sorted(path.name for path in (tmp_path / "stocktake/v1").iterdir())
    committed = sorted(path.name for path in (PROTO / "stocktake/v1").iterdir() if "_pb2" in path.name)
    assert made == committed
    _, differing, odd = filecmp.cmpfiles(PROTO / "stocktake/v1", tmp_path / "stocktake/v1", made, shallow=False)
    assert (differing, odd) == ([], [])


@pytest.mark.parametrize(
    "command",
    [("lint",), ("format", "-d", "--exit-code"), ("breaking", "--against", "released/v1.binpb")],
    ids=lambda c: c[0],
)
def test_the_protocol_is_clean_commented_and_compatible(command: tuple[str, ...], tmp_path: Path) -> None:
    run(BIN / "buf", *command, cwd=PROTO, HOME=str(tmp_path), BUF_CACHE_DIR=str(tmp_path))


@pytest.mark.parametrize("path", HANDWRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_public_things_say_what_they_are(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    if path.read_text("utf-8").strip():
        assert ast.get_docstring(tree), "the module has no docstring"
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


def test_there_is_no_package_file_in_proto() -> None:
    assert not (PROTO / "__init__.py").exists()


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@pytest.mark.parametrize(("file", "name"), [("agent/sweep.py", "sweep"), ("collector/understand.py", "understand")])
def test_the_two_tables_of_contents_fit_on_one_screen(file: str, name: str) -> None:
    path = ROOT / file
    top = next(function for function in functions(path) if function.name == name)
    assert top.end_lineno is not None
    assert top.end_lineno - top.lineno < 25
    assert len(path.read_text("utf-8").splitlines()) <= 130


def commands(document: str) -> list[str]:
    """The lines of a document's console blocks that run our programs."""
    blocks = re.findall(
        r"^```(?:console|sh)\n(.*?)^```", (ROOT / document).read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    found = [re.sub(r"^[$#] ", "", line.strip()) for line in lines]
    return [line for line in found if line.startswith(("stocktake-", "sudo stocktake-", "make "))]


PARSERS = {"stocktake-agent": agent.cli.parser, "stocktake-collector": collector.cli.parser}


@pytest.mark.parametrize("line", commands("README.md"))
def test_every_command_in_the_readme_is_understood_as_it_stands(line: str) -> None:
    words = shlex.split(re.split(r" [<>|] ", line)[0].removeprefix("sudo "), comments=True)
    if words[0] == "make":
        target = next(word for word in words[1:] if "=" not in word)
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    else:
        PARSERS[words[0]]().parse_args(words[1:])


def test_every_dependency_stands_in_the_table_with_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    wanted = [*project["project"]["dependencies"], *(line for extra in extras for line in extra)]
    names = {re.split(r"[\[<>=; ]", line)[0].lower() for line in wanted}
    table = (ROOT / "ARCHITECTURE.md").read_text("utf-8").lower()
    assert {name for name in names if not re.search(rf"\b{re.escape(name)}\b", table)} == set()


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [ROOT / name for name in listed.splitlines()]


def test_the_repository_names_no_machine_and_no_registry() -> None:
    telling = re.compile(
        "|".join(["/" + "work/", "/" + "root/", "--" + "index-url", "pypi" + r"\.org", r"^\s*registry" + " *="])
    )
    for path in tracked():
        if path.suffix in {".py", ".md", ".toml", ".lock", ".sh", ".proto", ".html", ""} and path.is_file():
            text = path.read_text("utf-8", "replace")
            assert not telling.search(text), f"{path.relative_to(ROOT)}: {telling.search(text)}"
