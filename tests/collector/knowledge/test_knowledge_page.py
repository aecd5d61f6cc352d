"""`docs/knowledge.md` is what the knowledge files say today; `make generate` writes it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "knowledge.md"


def test_the_page_of_what_is_known_is_current() -> None:
    printed = subprocess.run(
        [sys.executable, "-c", "import describe_knowledge as d, sys; sys.stdout.write(d.page())"],
        cwd=ROOT / "deploy",
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed == PAGE.read_text("utf-8"), "run: make generate"


def test_every_knowledge_file_is_on_the_page_with_what_it_does() -> None:
    page = PAGE.read_text("utf-8")
    for path in (ROOT / "collector" / "knowledge").glob("[a-z]*.py"):
        assert f"| `{path.stem}` | " in page, path.name
        assert f"| `{path.stem}` |  |" not in page, f"{path.name} has no docstring"
