"""Commands that export the register. Each export is journaled; the file appears whole or not at all."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from collector import exports, ledger, schools
from collector.commands.desk import Desk
from collector.errors import CollectorError
from collector.intake.certificates import Authority
from collector.ledger import Asked

ACTOR = "console"


def export(  # noqa: PLR0913 - what is exported, and where to
    desk: Desk, *, path: str, form: str, as_of: str = "", school: str = "", device_class: str = "", view: str = "",
    assignees: str = "",
) -> str:  # fmt: skip
    """Write a file, and its manifest beside it as `.manifest.json`; returns the manifest as JSON."""
    chosen, now = exports.form(form), desk.clock()
    at = ledger.time_of(as_of, now)
    school_id = ""
    if school:
        with desk.store.reader() as connection:
            school_id = schools.find(connection, desk.trust_id, school).school_id
    asked = Asked(at, school_id=school_id, device_class=device_class, view=view, assignees=bool(assignees))
    target = Path(path)
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".export-", delete=False) as out:
            try:
                made = exports.make(
                    desk.store, desk.trust_id, chosen, asked, out, trust=desk.trust_name, actor=ACTOR, now=now,
                    sign=Authority.open(desk.config.authority_folder, now).sign,
                )  # fmt: skip
            except BaseException:
                Path(out.name).unlink()
                raise
        Path(out.name).replace(target)
        said = json.dumps(exports.manifest(made), indent=1)
        target.with_name(f"{target.name}.manifest.json").write_text(said + "\n", "utf-8")
    except OSError as error:
        raise CollectorError(f"{target} cannot be written: {error.strerror}") from None
    return said


COMMANDS: dict[str, Callable[..., str]] = {"export": export}
