"""The tables, and the rules that bind them. Columns only: no query lives here.

1. `trust_id` leads every primary key and every index: one trust never meets another, and PostgreSQL can be distributed
   by it (Citus) without a change of code.
2. Rows of history carry two times. `observed_from/observed_to`: when it was so. `recorded_from/recorded_to`: when the
   collector believed it. `observed_to` empty: still so as far as known; `recorded_to` empty: still believed. A change
   closes a row and adds one; no row of history is rewritten.
3. Evidence is never edited. Its content is stored once per trust under its SHA-256, compressed.
4. A report's row and its evidence are committed together; its `state` is the pending mark of interpretation.
5. Times are UTC, in ISO text with microseconds on SQLite, `timestamptz` on PostgreSQL: see `Time`.
"""

from __future__ import annotations

from collector.store.schema.agents import agents, credentials, enrolment_tokens
from collector.store.schema.audit import acceptances, audit_decisions, judgements
from collector.store.schema.base import Time, metadata
from collector.store.schema.benchmark import club_consents, club_exports, club_files, gias_files, gias_schools
from collector.store.schema.book import annual_reviews, book_rules, exports_made
from collector.store.schema.consistency import catalogue_entries, profile_thresholds, school_facts
from collector.store.schema.corrections import corrections
from collector.store.schema.cover import contracts, device_marks, provisions, service_list, service_marks
from collector.store.schema.devices import (
    ages,
    decisions,
    devices,
    facts,
    identifiers,
    meetings,
    pauses,
    residencies,
    wishes,
)
from collector.store.schema.erasure import erase_orders, erased_devices, erased_values, erasures, random_counts
from collector.store.schema.evidence import contents, evidence, lanes, reports, streams, unread
from collector.store.schema.health import (
    acknowledgements,
    condition_changes,
    conditions,
    labels,
    reading_days,
    readings,
    thresholds,
)
from collector.store.schema.history import register, register_asked
from collector.store.schema.identity import claimed, claims, holders, late_days, presence, questions, words
from collector.store.schema.people import departures, guesses, logins
from collector.store.schema.places import accounts, journal, networks, passes, school_urns, schools, sites, trusts
from collector.store.schema.reconcile import reconciled, reconciliations, settlements
from collector.store.schema.records import changes, documents, record_fields, records
from collector.store.schema.refresh import (
    plan_budgets,
    plan_decisions,
    plan_funds,
    plan_lines,
    plan_needs,
    plan_policies,
    plan_scenarios,
    plan_suites,
    plan_terms,
)
from collector.store.schema.rooms import archived_entries, archives, buildings, rooms, school_lives, terms, ties
from collector.store.schema.shelf_checks import shelf_checks, shelf_rooms, shelf_rows, shelf_things
from collector.store.schema.wiring import attachments, counters, links, proposals, references, wirings

__all__ = [
    "Time",
    "acceptances",
    "accounts",
    "acknowledgements",
    "agents",
    "ages",
    "annual_reviews",
    "archived_entries",
    "archives",
    "attachments",
    "audit_decisions",
    "book_rules",
    "buildings",
    "catalogue_entries",
    "changes",
    "claimed",
    "claims",
    "club_consents",
    "club_exports",
    "club_files",
    "condition_changes",
    "conditions",
    "contents",
    "contracts",
    "corrections",
    "counters",
    "credentials",
    "decisions",
    "departures",
    "device_marks",
    "devices",
    "documents",
    "enrolment_tokens",
    "erase_orders",
    "erased_devices",
    "erased_values",
    "erasures",
    "evidence",
    "exports_made",
    "facts",
    "gias_files",
    "gias_schools",
    "guesses",
    "holders",
    "identifiers",
    "journal",
    "judgements",
    "labels",
    "lanes",
    "late_days",
    "links",
    "logins",
    "meetings",
    "metadata",
    "networks",
    "passes",
    "pauses",
    "plan_budgets",
    "plan_decisions",
    "plan_funds",
    "plan_lines",
    "plan_needs",
    "plan_policies",
    "plan_scenarios",
    "plan_suites",
    "plan_terms",
    "presence",
    "profile_thresholds",
    "proposals",
    "provisions",
    "questions",
    "random_counts",
    "reading_days",
    "readings",
    "reconciled",
    "reconciliations",
    "record_fields",
    "records",
    "references",
    "register",
    "register_asked",
    "reports",
    "residencies",
    "rooms",
    "school_facts",
    "school_lives",
    "school_urns",
    "schools",
    "service_list",
    "service_marks",
    "settlements",
    "shelf_checks",
    "shelf_rooms",
    "shelf_rows",
    "shelf_things",
    "sites",
    "streams",
    "terms",
    "thresholds",
    "ties",
    "trusts",
    "unread",
    "wirings",
    "wishes",
    "words",
]
