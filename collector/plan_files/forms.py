"""Every form that a plan can be written in, by name; whoever offers them needs to know no form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from collector.plan_files import Content, governors, json_file, returns, workbook

Writer = Callable[[IO[bytes], Content], None]


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file: its name in addresses and commands, its name for people, suffix, media type, and its writer."""

    name: str
    title: str
    suffix: str
    media: str
    about: str
    write: Writer


FORMS = {
    form.name: form
    for form in (
        Form("xlsx", "Excel workbook", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
             "recomputes: change a price and every total follows", workbook.write),
        Form("pdf", "Plan for governors (PDF)", ".pdf", "application/pdf",
             "a page of summary with a chart, and the tables behind it", governors.write),
        Form("json", "JSON", ".json", "application/json", "everything, for programs; versioned", json_file.write),
        Form("returns", "Lines of DfE’s returns (CSV)", ".csv", "text/csv; charset=utf-8",
             "BFR lines of academies, CFR codes of maintained schools, by year", returns.write),
    )
}  # fmt: skip
