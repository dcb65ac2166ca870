"""What one report reads of the store, as a hash: its team's rows, so that another team's change does not redo it.

A notebook says in its metadata how far it looks (``"auditkit": {"reads": "history"}``): at its team's rows of the
periods that the report tells of, at all rows of its team, or at the company. Who says nothing is taken to look at the
company, so that silence never leaves an edition stale. In come a store, a team and a period; out goes a hash. One scan
of each table serves all teams. What merely names the sources (their hashes, their rows) is no part of it: an edition
says what it was made from, and that stays true.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from auditkit.clocks.period import Period
from auditkit.errors import Problem, UsageError
from auditkit.findings.register import FILE
from auditkit.report.history import reads_from
from auditkit.schema import TABLES
from auditkit.store import Store

HISTORY, TEAM, COMPANY = READS = ("history", "team", "company")
# Where a row stood in its file, and numbers given to it among the rows of all teams, are no content of a team.
NOT_CONTENT = ("source_row", "journey_no", "customer_no")
# Instants of a row that may fall in a period; a row is left out only where all that are known lie outside.
DAYS = {
    "tickets": ("created_on", "first_response_on", "resolved_on", "closed_on"),
    "calls": ("offered_on",),
    "surveys": ("sent_on", "answered_on"),
    "contacts": ("at_on", "ended_on"),
    "journeys": ("started_on", "ended_on"),
}
ENDED = {"tickets": "resolved_on IS NOT NULL", "journeys": "ended_on IS NOT NULL", "contacts": "ended_on IS NOT NULL"}


def reads_of(notebook: Path) -> str:
    """How far the notebook says that it looks: "history", "team" or "company"; UsageError for another word."""
    reads = _said_by(notebook).get("reads", COMPANY)
    if reads not in READS:
        place = f"{notebook.name}, metadata auditkit.reads"
        raise UsageError(Problem(place, f"says {reads!r}", f"one of {', '.join(READS)}"))
    return reads


def files_of(notebook: Path) -> tuple[str, ...]:
    """What the notebook says that it shows of the workspace beside notes, checklists and samples of reviews.

    One that compares with an earlier edition shows what became of the findings.
    """
    files = _said_by(notebook).get("files", ())
    named = [one for one in files if isinstance(one, str)] if isinstance(files, list) else []
    return tuple(dict.fromkeys([*named, *([FILE] if compares(notebook) else [])]))


def compares(notebook: Path) -> bool:
    """Whether the notebook says that it compares with an earlier edition (``"auditkit": {"compares": true}``)."""
    return _said_by(notebook).get("compares") is True


def _said_by(notebook: Path) -> dict[str, Any]:
    """What the notebook's metadata say; what is wrong with the file is said where its parameters are read."""
    try:
        said = json.loads(notebook.read_text(encoding="utf-8")).get("metadata", {}).get("auditkit", {})
    except (OSError, ValueError, AttributeError):
        return {}
    return said if isinstance(said, dict) else {}


@dataclass
class Slices:
    """The hashes of one generation of a store; each table is scanned once for each span that is asked about."""

    store: Store
    _scans: dict[tuple[date, date] | None, dict[str, str]] = field(default_factory=dict)
    _files: dict[str, frozenset[str]] = field(default_factory=dict)

    def hash_of(self, reads: str, team: str, period: Period, as_of: datetime) -> str:
        """The hash of what a report that ``reads`` so far sees of the store."""
        if reads == COMPANY:
            return self.store.generation
        span = self._span(team, period) if reads == HISTORY else None
        if span not in self._scans:
            self._scans[span] = self._scan(span)
        parts = {"rows": self._scans[span].get(team, ""), "around": self._around(team, as_of)}
        return _digest(parts)

    def _span(self, team: str, period: Period) -> tuple[date, date]:
        return reads_from(self.store, team, period), period.end

    def _scan(self, span: tuple[date, date] | None) -> dict[str, str]:
        """One hash for each team over its rows in every table, the order of the rows apart."""
        found: dict[str, list] = defaultdict(list)
        with self.store.connect() as con:
            for table in sorted(self.store.meta.tables):
                columns = [name for name, *_ in con.execute(f"DESCRIBE {table}").fetchall()]
                if "team" not in columns and span is not None:
                    continue  # what a team has of it stands in the derived relations
                for team, *sums in con.execute(_scan_sql(table, columns, span)).fetchall():
                    for name in self.store.meta.teams if team is None else (team,):
                        found[name].append([table, team is None, *map(str, sums)])
        return {team: _digest(parts) for team, parts in found.items()}

    def _around(self, team: str, as_of: datetime) -> dict[str, Any]:
        """What else of the store shows in a team's report: which columns there are, its clock, what was noticed."""
        from auditkit.exhibits.quality import concerning

        meta = self.store.meta
        info, covered = meta.teams[team], meta.coverage(team)
        notices = concerning(meta.notices, team, meta.teams, self._files_of(team))
        elsewhere = sum(one.severity != "low" for one in set(meta.notices) - set(notices))
        return {
            "team": [info.name, info.zone, info.has_hours, info.language, info.open_at_as_of],
            "present": {name: sorted(table.present) for name, table in sorted(meta.tables.items())},
            "coverage": [str(covered.start), str(covered.end)] if covered else [],
            "later data": as_of < meta.newest,
            "notices": [[one.check, one.table, one.place, one.statement, one.remedy] for one in notices],
            "notices elsewhere": elsewhere,
        }

    def _files_of(self, team: str) -> frozenset[str]:
        """The files that hold rows of the team, and those whose tables know no teams."""
        if not self._files:
            shared = {one.name for one in self.store.meta.sources if "team" not in TABLES[one.table].by_name}
            own: dict[str, set[str]] = {name: set(shared) for name in self.store.meta.teams}
            with self.store.connect() as con:
                for table in self.store.meta.tables:
                    if table in TABLES and "team" in TABLES[table].by_name:
                        asked = f"SELECT DISTINCT team, source FROM {table} WHERE team IS NOT NULL"
                        for name, source in con.execute(asked).fetchall():
                            own.setdefault(name, set()).add(source)
            self._files = {name: frozenset(files) for name, files in own.items()}
        return self._files[team]


def _scan_sql(table: str, columns: Iterable[str], span: tuple[date, date] | None) -> str:
    """Count, sum and exclusive-or of the rows' hashes by team: equal for the same rows in any order."""
    content = ", ".join(f'"{name}"' for name in columns if name not in NOT_CONTENT)
    team = "team" if "team" in columns else "NULL"
    where = ""
    if span is not None and table in DAYS:
        days = ", ".join(DAYS[table])
        over = f"greatest({days}) < DATE '{span[0]}' AND {ENDED.get(table, 'TRUE')}"
        where = f"WHERE NOT coalesce(least({days}) >= DATE '{span[1]}' OR ({over}), FALSE)"
    return f"""SELECT team, count(*), sum(h), bit_xor(h) FROM (
        SELECT {team} AS team, hash(row({content})) AS h FROM {table} {where}) GROUP BY team"""


def _digest(parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
