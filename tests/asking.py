"""Requests at random, as an OpenAPI description allows and forbids them, and whether the answers are as it says."""

from __future__ import annotations

from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode


def asked_at_random(address: str, trusted: Path, token: str, mode: GenerationMode, cases: int) -> set[str]:
    """Ask each operation so often; the operations that were asked. Raises schemathesis' failures."""
    described = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json", verify=str(trusted))
    tried: set[str] = set()
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            tried.add(case.operation.label)
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, verify=str(trusted))

        ask()
    return tried
