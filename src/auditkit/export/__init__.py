"""From an executed notebook to one HTML file and one PDF.

A notebook is read into a neutral document (``document``); the page (``page``) and the print (``typeset``) are both
made from that document, so they cannot disagree. ``html`` and ``pdf`` wrap the two as exporters that nbconvert finds by
entry point. Nothing here measures, rounds or translates figures: every text arrives ready for people, and is treated as
hostile all the same.
"""

from __future__ import annotations

from pathlib import Path

from auditkit.shipped import shipped


def templates_dir() -> Path:
    """The folder of the report's templates (``report.html.j2``, ``style.css``, ``report.typ``)."""
    return shipped("templates") / "audit"
