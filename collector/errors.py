"""What can go wrong in the collector, by blame.

    CollectorError          the operator's mistake or the outside world: shown as one sentence, without a traceback
    ├── ConfigError         a configuration file says something that cannot be
    ├── StoreError          the database cannot be used as it is
    └── Refused             a caller may not do this, or brought something that cannot be taken
        ├── TokenRefused    an enrolment token that is unknown, used or expired
        └── CallerRefused   a certificate or signature that does not prove who speaks

A device's failure is data (`Unread`, `Outcome`), never one of these.
"""

from __future__ import annotations


class CollectorError(Exception):
    """Its text is a sentence for the person who can mend it."""


class ConfigError(CollectorError):
    """A configuration file says something that cannot be; the text names file and line."""


class StoreError(CollectorError):
    """The database cannot be used as it is."""


class Refused(CollectorError):
    """A caller may not do this, or brought something that cannot be taken."""


class TokenRefused(Refused):
    """An enrolment token that is unknown, used or expired."""


class CallerRefused(Refused):
    """A certificate or signature that does not prove who speaks."""
