"""What promtool says of the rules of deploy/prometheus: whether they are sound, and whether their tests pass.

_rules.figures(figures)
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from _figures import Figures

FOLDER = Path(__file__).parents[2] / "deploy" / "prometheus"
RULES = ("alerts.yml", "recording.yml")


def figures(figures: Figures) -> None:
    """Print them."""
    written = sum(len(re.findall(r"^\s+- (?:alert|record):", (FOLDER / name).read_text(), re.M)) for name in RULES)
    sound = sum(int(count) for count in re.findall(r"SUCCESS: (\d+) rules found", _promtool("check", "rules", *RULES)))
    figures.exactly("promtool check rules: rules that are sound", sound, written, "rules")
    tests = sorted((FOLDER / "tests").glob("*.yml"))
    passed = sum("SUCCESS" in _promtool("test", "rules", str(path)) for path in tests)
    figures.exactly("promtool test rules: files of tests that pass", passed, len(tests), "files")


def _promtool(*words: str) -> str:
    done = subprocess.run(["promtool", *words], cwd=FOLDER, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode == 0 else ""
