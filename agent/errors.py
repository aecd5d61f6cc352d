"""Every exception of the agent, drawn once.

    AgentError                    a sentence for the operator; the command line prints it and ends with `exit_code`
     ├── ConfigurationError       what the operator wrote will not do, with file and line
     ├── NotEnrolled              the machine has no certificate yet, or no longer a good one
     ├── EnrolmentFailed          the token, the collector or the network did not let it be enrolled
     ├── StateError               the state directory cannot be read or written
     ├── WorkerFailed             a child process failed, died or was late
     ├── UplinkError              the collector could not be spoken to
     │    ├── Unreachable         try again later: it is away, busy, or too slow
     │    └── Refused             trying again will not help: the text says what is wrong with us
     │         └── BatchRefused   … with this batch: a smaller one, or another, may pass
     └── SpoolError               the spool could not do what it must
          ├── SpoolUnsafe         the SQLite library here is one that loses commits
          ├── SpoolBusy           another agent uses the same spool
          └── SpoolFull           neither the quota nor the disk has room left

A device's failure is none of these: it is data, and travels in reports. `budget.Forbidden` is raised beside the rules
it guards. This module imports nothing.
"""

from __future__ import annotations

from typing import ClassVar


class AgentError(Exception):
    """Something the operator should read: the text is one or more whole sentences, without secrets."""

    exit_code: ClassVar[int] = 1


class ConfigurationError(AgentError):
    """What the operator wrote will not do; the text names file, line and what to write instead."""

    exit_code: ClassVar[int] = 2


class NotEnrolled(AgentError):
    """The machine has no certificate, or none that is still good."""

    exit_code: ClassVar[int] = 3


class EnrolmentFailed(AgentError):
    """The machine could not be enrolled; nothing was changed."""

    exit_code: ClassVar[int] = 4


class StateError(AgentError):
    """The state directory cannot be used."""

    exit_code: ClassVar[int] = 5


class WorkerFailed(AgentError):
    """A child process failed, died or was late."""


class UplinkError(AgentError):
    """The collector could not be spoken to. `retry_after_seconds` is its wish, None where it has none."""

    def __init__(self, text: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(text)
        self.retry_after_seconds = retry_after_seconds


class Unreachable(UplinkError):
    """The collector is away, busy or too slow; trying again later may help."""


class Refused(UplinkError):
    """The collector answered that something is wrong with us; trying the same again will not help."""


class BatchRefused(Refused):
    """The collector will not take this batch, whatever it takes else."""


class SpoolError(AgentError):
    """The spool could not do what it must; what was put before is still there."""

    exit_code: ClassVar[int] = 5


class SpoolUnsafe(SpoolError):
    """The SQLite library of this machine is one that silently loses commits."""


class SpoolBusy(SpoolError):
    """Another process uses the spool."""


class SpoolFull(SpoolError):
    """Neither the quota nor the disk has room for the report."""
