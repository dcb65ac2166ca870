"""The report of one team in one period, as its notebook calls it: ``report.open`` and the sections of what it gives.

``asked`` settles what the notebook's parameters mean, ``history`` which periods a report tells of, ``evaluated`` makes
the figures once, ``sections`` names the sections, and ``audit`` has a method for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["REPORT_NAME", "REVIEW_NAME", "Audit", "open"]

if TYPE_CHECKING:
    from auditkit.report.audit import REPORT_NAME, REVIEW_NAME, Audit, open


def __getattr__(name: str) -> Any:
    """Import what a notebook calls when it is first asked for (PEP 562): a plan needs only the periods."""
    if name not in __all__:
        raise AttributeError(f"module 'auditkit.report' has no attribute {name!r}")
    from auditkit.report import audit

    return getattr(audit, name)


def __dir__() -> list[str]:
    return sorted(__all__)
