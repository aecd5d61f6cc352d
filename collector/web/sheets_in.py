"""A small table that a person uploads: taken in wholly, or answered with what is wrong. It knows no table itself."""

from __future__ import annotations

from collections.abc import Callable

from collector.errors import CollectorError
from collector.profiling import bringing
from collector.store import Transaction
from collector.web import hands, words
from collector.web.visit import Visit


def taken(visit: Visit, take: Callable[..., str]) -> tuple[str, list[str]]:
    """What came of the file of a form, in a sentence; or what is wrong with it, and then nothing was changed."""
    file = visit.files.get("file")

    def work(connection: Transaction) -> str:
        content = file.content if file else b""
        return take(connection, visit.site.trust_id, content, actor=visit.actor, now=visit.now)

    try:
        return f"{visit.site.store.write(work)}.", []
    except bringing.BadTable as error:
        return "", [*map(words.sentence_case, error.sentences), "Nothing was changed"]
    except CollectorError as error:
        return "", [hands.sentence(error)]
