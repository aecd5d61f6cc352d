"""What docs/privacy.md promises is what the program does: its numbers, its words and its commands are the code's."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from agent.config import Config as AgentConfig
from collector import cli, config
from collector.access import RIGHTS, Right, Scope
from collector.store import erasure
from collector.store.schema import metadata

TEXT = Path(__file__).parents[2].joinpath("docs", "privacy.md").read_text("utf-8")
DAY = timedelta(days=1)


def test_every_time_in_the_text_is_the_default_of_its_key() -> None:
    told = dict(re.findall(r"\| `(keep_\w+)` \| (\d+) days \|", TEXT))
    keys = {setting.name: setting.default for setting in config.SCHEMA if setting.name.startswith("keep_")}
    assert {name: int(days) * DAY for name, days in told.items()} == keys
    assert "| `spool_keep` of the agent | 48 hours |" in TEXT
    assert AgentConfig().spool_keep == timedelta(hours=48)


def test_made_up_addresses_cannot_be_kept_longer_than_is_promised() -> None:
    (setting,) = (each for each in config.SCHEMA if each.name == "keep_tables")
    assert setting.default == 14 * DAY
    assert "14d" in config.example_file()


def test_only_the_owner_may_erase() -> None:
    assert [scope for scope, rights in RIGHTS.items() if Right.ERASE in rights] == [Scope.OWNER]


def test_every_command_in_the_text_is_there() -> None:
    for line in re.findall(r"`stocktake-collector ([a-z]+(?: --[a-z]+)*)", TEXT):
        words = line.split()
        known = cli.parser().format_help() if len(words) == 1 else _help(words[0])
        assert all(word in known for word in words), line
    for option in ("--serial", "--uuid", "--device", "--dry-run", "--keep-away"):
        assert option in TEXT
        assert option in _help("erase")


def _help(command: str) -> str:
    actions = [action for action in cli.parser()._actions if action.choices and command in action.choices]
    return f"{command} {actions[0].choices[command].format_help()}"  # type: ignore[index, call-overload]  # a mapping of parsers


def test_every_table_with_text_is_searched_or_named_here_with_its_reason() -> None:
    left = {table.name for table in metadata.sorted_tables} - {table.name for table in erasure.searched()}
    redacted_apart = {"content"}
    secrets_and_hashes = {"credential", "enrolment_token", "pass", "erased_value", "erase_order"}
    public_or_counts = {"reference", "random_count", "counter"}
    chained = {"journal", "archived_entry"}
    without_value = {"erasure", "erased_device"}  # ids, and a reason that is redacted before it is kept
    others = left - redacted_apart - secrets_and_hashes - public_or_counts - chained - without_value
    assert not [name for name in others if erasure._texts(metadata.tables[name])]
