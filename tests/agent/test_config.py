"""The agent's configuration: every key, its bounds, and the credentials file."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from pathlib import Path

import pytest

from agent import config
from agent.config import Config, clip, example_file, inside, load, load_credentials, networks_of
from agent.errands import Orders
from agent.errors import ConfigurationError
from agent.scope import schedule, scope


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def complaint(path: Path, text: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(written(path / "agent.toml", text))
    return str(caught.value)


def test_every_key_of_the_table_is_a_field_with_the_same_default() -> None:
    fields = {field.name: field for field in dataclasses.fields(Config)}
    assert [setting.name for setting in config.SCHEMA] == list(fields)
    defaults = Config(name="")
    assert {s.name: s.default for s in config.SCHEMA} == {name: getattr(defaults, name) for name in fields}


def test_the_example_is_a_good_file_and_so_is_the_example_without_its_comment_signs(tmp_path: Path) -> None:
    text = example_file()
    assert load(written(tmp_path / "a.toml", text)) == Config()
    settings = text.split("# # The file")[0]
    uncommented = re.sub(r"^#(?! )", "", settings, flags=re.MULTILINE)
    assert load(written(tmp_path / "b.toml", uncommented)).name == "Oak Lane server room"


def test_a_missing_default_file_means_defaults_but_a_missing_named_file_is_a_mistake(tmp_path: Path) -> None:
    assert load(None, tmp_path / "none.toml") == Config()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path / "none.toml")


def test_a_mistake_is_told_with_file_line_and_remedy(tmp_path: Path) -> None:
    text = complaint(tmp_path, '# mine\npackets_per_secnd = 5\nquiet_hours = ["25:00-26:00"]\n')
    assert f"{tmp_path}/agent.toml:2: there is no setting" in text
    assert "did you mean packets_per_second?" in text
    assert "agent.toml:3: quiet_hours" in text
    assert '"08:30-15:30"' in text or "a span of the day" in text


def test_a_network_outside_the_outer_limit_is_a_mistake(tmp_path: Path) -> None:
    text = complaint(tmp_path, 'network_limits = ["10.1.0.0/16"]\nnetworks = ["10.2.0.0/24"]\n')
    assert "agent.toml:2: networks: 10.2.0.0/24 is outside network_limits" in text


def test_networks_of_a_command_line_are_canonical_or_a_sentence() -> None:
    assert networks_of(["10.1.0.0/24", "10.1.0.5"]) == ("10.1.0.0/24", "10.1.0.5/32")
    with pytest.raises(ConfigurationError, match=re.escape('write "10.1.0.0/24"')):
        networks_of(["10.1.0.7/24"])


# ------------------------------------------------------------------------------------------------ credentials

GOOD = '[[credential]]\nname = "old"\nversion = "2c"\ncommunity = "hidden-word"\n'


def test_credentials_are_read_and_do_not_show_their_secrets(tmp_path: Path) -> None:
    v3 = (
        '[[credential]]\nname = "new"\nversion = "3"\nuser = "u"\nauth_protocol = "SHA-256"\nauth_key = "hidden-word"\n'
        'privacy_protocol = "AES"\nprivacy_key = "hidden-word"\nnetworks = ["10.1.0.0/24"]\n'
    )
    found = load_credentials(written(tmp_path / "c.toml", GOOD + v3))
    assert [each.name for each in found] == ["old", "new"]
    assert found[1].networks == ("10.1.0.0/24",)
    assert "hidden-word" not in repr(found)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_credentials_that_others_may_read_are_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(ConfigurationError, match="chmod 600"):
        load_credentials(written(tmp_path / "c.toml", GOOD, mode))


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ('version = "2c"', "needs a community"),
        ('version = "3"', "needs a user"),
        ('version = "2"', 'write "2c"'),
        ('version = "3"\nuser = "u"\nauth_protocol = "SHA"', "write auth_key as well"),
        ('version = "3"\nuser = "u"\nprivacy_protocol = "AES"\nprivacy_key = "hidden-word"', "no privacy without"),
        ('version = "2c"\ncommunity = "hidden-word"\nuser = "u"', "has none"),
        ('version = "3"\nuser = "u"\nauth_protocol = "SHA"\nauth_key = "hidden"', "8 to 255 characters"),
    ],
)
def test_a_credential_that_cannot_work_is_told_without_its_secret(tmp_path: Path, block: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_credentials(written(tmp_path / "c.toml", f'[[credential]]\nname = "x"\n{block}\n'))
    assert words in str(caught.value)
    assert "hidden" not in str(caught.value)


# ------------------------------------------------------------------------------------------------ scope and schedule


def test_clipping_keeps_what_lies_inside() -> None:
    assert clip("10.1.2.0/24", ["10.1.0.0/16"]) == ("10.1.2.0/24",)
    assert clip("10.0.0.0/8", ["10.1.0.0/16", "10.2.0.0/16"]) == ("10.1.0.0/16", "10.2.0.0/16")
    assert clip("192.168.0.0/24", ["10.0.0.0/8", "fd00::/8"]) == ()
    assert inside("fd00:1::/64", ["fd00::/8"])


def test_without_an_outer_limit_the_collector_may_name_nothing() -> None:
    found = scope(Config(), Orders(networks=("10.1.0.0/24",)))
    assert found.networks == ()
    assert "10.1.0.0/24 is not inside" in found.cut[0]


def test_the_collector_s_networks_are_cut_to_the_technician_s_limit_and_that_is_told() -> None:
    found = scope(Config(), Orders(networks=("10.0.0.0/8", "10.1.2.0/24", "nonsense")), (), ("10.1.0.0/16",))
    assert found.networks == ("10.1.0.0/16",)
    assert len(found.cut) == 2


def test_networks_named_when_enrolling_hold_until_the_collector_names_some() -> None:
    assert scope(Config(), Orders(), ("10.1.0.0/24",), ("10.1.0.0/16",)).networks == ("10.1.0.0/24",)
    orders = Orders(networks=("10.1.5.0/24",))
    assert scope(Config(), orders, ("10.1.0.0/24",), ("10.1.0.0/16",)).networks == ("10.1.5.0/24",)
    assert scope(Config(), Orders(networks=()), ("10.1.0.0/24",), ("10.1.0.0/16",)).networks == ()


def test_configured_networks_and_exclusions_stay_whatever_the_collector_says() -> None:
    mine = Config(networks=("10.9.0.0/24",), exclude=("10.9.0.1/32",), network_limits=("10.9.0.0/24",))
    found = scope(mine, Orders(networks=("10.1.0.0/24",), exclusions=("10.9.0.2",)), (), ("0.0.0.0/0",))
    assert found.networks == ("10.9.0.0/24",)
    assert found.exclusions == ("10.9.0.1/32", "10.9.0.2/32")


@pytest.mark.parametrize(
    ("wish", "followed"),
    [(None, 6 * 3600), (7200.0, 7200), (1.0, 300), (1e18, 30 * 86400), (-5.0, 6 * 3600), (float("nan"), 6 * 3600)],
)
def test_the_schedule_follows_the_collector_within_bounds(wish: float | None, followed: float) -> None:
    assert schedule(Config(), Orders(sweep_seconds=wish)).sweep == timedelta(seconds=followed)
