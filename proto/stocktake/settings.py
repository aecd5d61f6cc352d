"""TOML settings, read so that every mistake is named with file and line and what to write instead.

A program states its settings once, as a tuple of `Setting` and `Table`: name, kind (`stocktake.kinds`), default and
meaning. From that come the reading (`read`), the check, and the commented example (`example`). This module does not
know what any setting is for, and reads no file but the one it is given.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from stocktake.kinds import Kind, Unfit, shown

#: the default of a setting that must be written
REQUIRED: Final = object()


class SettingsError(ValueError):
    """What the operator wrote will not do. `problems` are sentences, each with file and line."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Setting:
    """One key. `default` is the finished value where the key is not written; `example` is TOML for the example file."""

    name: str
    kind: Kind
    default: Any
    meaning: str
    example: str = ""


#: looks at finished values together: yields (name of the setting, what is wrong with it and what to write instead)
Check = Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]]


def _content(_values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    return ()


@dataclass(frozen=True, slots=True)
class Table:
    """A `[name]` table, or with `many` the blocks of `[[name]]`. Read as a dict, or a tuple of dicts."""

    name: str
    settings: tuple[Setting, ...]
    meaning: str
    many: bool = False
    check: Check = _content


Schema = Sequence[Setting | Table]


# ------------------------------------------------------------------------------------------------ reading


def read(source: str, name: str, schema: Schema, check: Check = _content) -> dict[str, Any]:
    """The values of all settings, defaults filled in, by name.

    `source` is TOML, `name` what the file is called in messages, `check` looks at the top level's values together.

    Raises:
        SettingsError: with every problem of the file, not only the first.
    """
    try:
        document = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        place = line[1] if line else len(source.splitlines()) or 1
        raise SettingsError([f"{name}:{place}: this is not TOML: {error}"]) from None
    reader = _Reader(name, source)
    values = reader.table(document, schema, (), check)
    if reader.problems:
        raise SettingsError(text for _, text in sorted(reader.problems))
    return values


def read_file(path: Path, schema: Schema, check: Check = _content) -> dict[str, Any]:
    """`read` of a file; a file that is missing or cannot be read is a SettingsError too."""
    try:
        return read(path.read_text("utf-8"), str(path), schema, check)
    except OSError as error:
        raise SettingsError([f"{path}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise SettingsError([f"{path}: is not UTF-8 text"]) from None


_Place = tuple[str | int, ...]


class _Reader:
    """Walks one document and collects problems, each with its line."""

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.lines = source.splitlines()
        self.places = _places(self.lines)
        self.problems: list[tuple[int, str]] = []

    def table(self, found: Mapping[str, Any], schema: Schema, at: _Place, check: Check) -> dict[str, Any]:
        """The values of one table. They are only checked together where each is good alone."""
        known = {entry.name: entry for entry in schema}
        before = len(self.problems)
        for key in found.keys() - known.keys():
            self._unknown(key, known, at)
        values = {name: self._entry(found, entry, at) for name, entry in known.items()}
        if len(self.problems) == before:
            for key, sentence in check(values):
                self._problem((*at, key), f"{key}: {sentence}")
        return values

    def _entry(self, found: Mapping[str, Any], entry: Setting | Table, at: _Place) -> Any:
        if isinstance(entry, Setting):
            return self._setting(found, entry, at)
        place = (*at, entry.name)
        if entry.many:
            blocks = found.get(entry.name, [])
            if isinstance(blocks, list) and all(isinstance(block, dict) for block in blocks):
                return tuple(
                    self.table(block, entry.settings, (*place, i), entry.check) for i, block in enumerate(blocks)
                )
        elif isinstance(table := found.get(entry.name, {}), dict):
            return self.table(table, entry.settings, place, entry.check)
        header = f"[[{entry.name}]]" if entry.many else f"[{entry.name}]"
        self._problem(place, f"{entry.name} is no plain key; write {header} on a line of its own, its keys below it")
        return () if entry.many else {}

    def _setting(self, found: Mapping[str, Any], setting: Setting, at: _Place) -> Any:
        if setting.name not in found:
            if setting.default is REQUIRED:
                wanted = f"{setting.name} = {setting.example or setting.kind.example}"
                self._problem(at, f"{setting.name} is missing; write {setting.kind.expects}, for example {wanted}")
            return setting.default
        try:
            return setting.kind.read(found[setting.name])
        except Unfit as unfit:
            instead = unfit.instead or setting.kind.expects
            line = self._line_of_item((*at, setting.name), unfit.item)
            self.problems.append((line, f"{self.name}:{line}: {setting.name}: {unfit}; write {instead}"))
            return setting.default

    def _unknown(self, key: str, known: Mapping[str, object], at: _Place) -> None:
        close = difflib.get_close_matches(key, known, 1, 0.6)
        table = f" in {at[0]}" if at else ""
        hint = f"did you mean {close[0]}?" if close else "known are " + ", ".join(sorted(known))
        self._problem((*at, key), f"there is no setting {shown(key)}{table}; {hint}")

    def _problem(self, place: _Place, sentence: str) -> None:
        line = self._line(place)
        self.problems.append((line, f"{self.name}:{line}: {sentence}"))

    def _line(self, place: _Place) -> int:
        while place and place not in self.places:
            place = place[:-1]
        return self.places.get(place, 1)

    def _line_of_item(self, place: _Place, item: object) -> int:
        """The line where an item of a list stands: at or below its key, above the next one."""
        first = self._line(place)
        last = min((line for line in self.places.values() if line > first), default=len(self.lines) + 1)
        needle = str(item)
        return next((n for n in range(first, last) if needle in self.lines[n - 1]), first)


_HEADER = re.compile(r"\s*(\[{1,2})\s*([A-Za-z0-9_.\"' -]+?)\s*\]{1,2}\s*(#.*)?$")
_KEY = re.compile(r"""\s*([A-Za-z0-9_-]+|"[^"]*"|'[^']*')\s*[=.]""")


def _places(lines: Sequence[str]) -> dict[_Place, int]:
    """Where each table and key of a document stands; lines count from 1. Good for messages, not a second parser."""
    places: dict[_Place, int] = {}
    blocks: dict[str, int] = {}
    table: _Place = ()
    quotes = ""
    for number, line in enumerate(lines, 1):
        if quotes:
            quotes = "" if line.count(quotes) % 2 else quotes
            continue
        quotes = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
        if header := _HEADER.match(line):
            table = _header(header, blocks)
            places.setdefault(table, number)
        elif key := _KEY.match(line):
            places.setdefault((*table, key[1].strip("\"'")), number)
    return places


def _header(match: re.Match[str], blocks: dict[str, int]) -> _Place:
    name = match[2].strip("\"' ")
    if match[1] == "[":
        return (name,)
    blocks[name] = blocks.get(name, -1) + 1
    return (name, blocks[name])


# ------------------------------------------------------------------------------------------------ the example


def example(schema: Schema, heading: str) -> str:
    """A commented example file: every key with its meaning, kind and default. `read` takes it as it stands."""
    lines = [f"# {line}".rstrip() for line in heading.splitlines()]
    for entry in schema:
        lines.append("")
        lines += _setting_example(entry, "") if isinstance(entry, Setting) else _table_example(entry)
    return "\n".join(lines) + "\n"


def _table_example(table: Table) -> list[str]:
    lines = [f"# {line}" for line in table.meaning.splitlines()]
    lines.append(f"#[[{table.name}]]" if table.many else f"[{table.name}]")
    for setting in table.settings:
        lines += _setting_example(setting, "#" if table.many else "")
    return lines


def _setting_example(setting: Setting, prefix: str) -> list[str]:
    lines = [f"# {line}" for line in setting.meaning.splitlines()]
    default = " This is the default." if _is_default(setting) else ""
    lines.append(f"# {setting.kind.expects[0].upper()}{setting.kind.expects[1:]}.{default}")
    live = "" if setting.default is REQUIRED and not prefix else "#"
    return [*lines, f"{live}{setting.name} = {setting.example or setting.kind.example}"]


def _is_default(setting: Setting) -> bool:
    written = tomllib.loads(f"value = {setting.example or setting.kind.example}")["value"]
    return bool(setting.kind.read(written) == setting.default)
