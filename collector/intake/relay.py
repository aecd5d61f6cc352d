"""Takes in evidence that an agent saved to a file: a school without a link is still counted.

Such evidence is marked as relayed. It belongs to a bringer of its own at each site, never to an agent, and a file that
is taken in twice adds nothing: its stream is named by its own hash.
"""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import datetime
from pathlib import Path

from collector import journal, schools, screening
from collector.errors import CollectorError
from collector.intake.incoming import read_report
from collector.store import Store, Transaction, agents, evidence
from collector.store.places import Place
from stocktake import savefile, wire
from stocktake.values import Gap


def take_in(
    store: Store, trust_id: str, path: Path, school: str, now: datetime, *, keys: screening.Keys | None = None
) -> int:
    """Keep the reports of a saved file as evidence about a school; returns how many were new.

    With `keys`, what people had erased and wanted kept away is redacted before it is kept.

    Raises CollectorError where the file cannot be read, or the school is not known.
    """
    try:
        with path.open("rb") as file:
            saved = list(savefile.read(file))
        reports = [_relayed(n, raw) for n, raw in enumerate(saved, 1)]
    except OSError as error:
        raise CollectorError(f"{path} cannot be read: {error.strerror}") from None
    except (savefile.SaveFileError, wire.WireError) as error:
        raise CollectorError(f"{path}: {error}") from None
    stream_id = hashlib.sha256(b"".join(saved)).hexdigest()

    def write(connection: Transaction) -> int:
        place = schools.find(connection, trust_id, school)
        screened = screening.Watch.of(connection, trust_id, keys).screen(reports) if keys else reports
        bringer = _bringer(connection, trust_id, place, now)
        kept = evidence.keep(connection, trust_id, bringer, place.site_id, stream_id, screened, now)
        detail: dict[str, str | int] = {"site": place.site_id, "stream": stream_id[:12], "reports": kept.fresh}
        journal.append(connection, trust_id, actor="console", action="file_imported", detail=detail, now=now)
        return kept.fresh

    return store.write(write)


def _relayed(sequence: int, raw: bytes) -> evidence.IncomingReport:
    report = read_report(sequence, raw)
    if report.body is None or isinstance(report.body, Gap):
        return report
    return dataclasses.replace(report, body=dataclasses.replace(report.body, relayed=True))


def _bringer(connection: Transaction, trust_id: str, place: Place, now: datetime) -> str:
    """The row that stands for files carried to a site: it has no certificate, so nothing can call in its name."""
    agent_id = f"file-{place.site_id}"
    if agents.get(connection, trust_id, agent_id) is None:
        row = agents.Agent(agent_id, place.site_id, place.school_id, "imported files", b"", (), "", None)
        agents.add(connection, trust_id, row, version="", expires=now, now=now)
    return agent_id
