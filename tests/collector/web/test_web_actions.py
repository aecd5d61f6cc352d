"""Every action that is written into the journal anywhere has words on its page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import collector
from collector.web import words
from collector.web.words import action_name

PACKAGE = Path(collector.__file__).parent
WORD = re.compile(r"[a-z]+(_[a-z]+)*")
STATES = {"joined", "left", "closed", "merged"}  # f"school_{state}" of `store.school_lives`


def actions() -> set[str]:
    """The action of every `journal.append` in the source, those included that a function there is handed as text."""
    return {action for path in PACKAGE.rglob("*.py") for action in _of(ast.parse(path.read_text("utf-8")))}


def _of(tree: ast.Module) -> Iterator[str]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        for call in _calls(function, "append"):
            said = next((word.value for word in call.keywords if word.arg == "action"), None)
            if isinstance(said, ast.Constant):
                yield str(said.value)
            elif isinstance(said, ast.Name):  # handed in: what its callers in the module say
                yield from _handed(tree, function.name)


def _handed(tree: ast.Module, name: str) -> Iterator[str]:
    for call in _calls(tree, name):
        for said in call.args:
            first = said.elts[0] if isinstance(said, ast.Tuple) else said
            if isinstance(first, ast.Constant):
                yield str(first.value)
            elif isinstance(first, ast.JoinedStr):
                head = first.values[0]
                assert isinstance(head, ast.Constant)
                yield from (f"{head.value}{state}" for state in STATES)


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == name:
                yield node


FOUND = sorted(actions())


def test_the_source_was_read() -> None:
    known = {"signed_in", "school_left", "room_tied", "corrected", "records_changed", "finding_accepted", "saw",
             "password_set", "book_rows_settled", "document_added"}  # fmt: skip
    assert known <= set(FOUND)
    assert len(FOUND) > 60


@pytest.mark.parametrize("action", FOUND)
def test_an_action_is_said_in_words(action: str) -> None:
    assert WORD.fullmatch(action), "an action of the journal is words joined by underscores"
    assert re.fullmatch(r"[A-Za-z]+([ -][A-Za-z]+)*", action_name(action))


def test_no_words_are_kept_of_an_action_that_nobody_does() -> None:
    assert set(words._ACTIONS) <= set(FOUND)


def test_an_action_that_is_not_known_is_said_with_spaces() -> None:
    assert action_name("signed_in") == "signed in"
    assert action_name("something_new") == "something new"
