"""auditkit: audits of customer service from exports of help desks, phone systems and surveys.

Importing this package is light: pandas and DuckDB are imported where they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "mask", "measure", "open"]

if TYPE_CHECKING:
    from auditkit.analyst import mask, measure, open

_LAZY = {"open": "auditkit.analyst", "mask": "auditkit.analyst", "measure": "auditkit.analyst"}


def __getattr__(name: str) -> Any:
    """Import the analyst's functions when they are first asked for (PEP 562)."""
    if name in _LAZY:
        from importlib import import_module

        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'auditkit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
