"""What an analyst calls in a notebook: the same figures as the reports, from a workspace or from a frame at hand.

``open`` gives an object over a loaded workspace (pandas in, pandas out). ``measure`` evaluates one measure of the
catalogue on a pandas frame with canonical columns: the frame is typed and given its facts by the same code as a load,
in memory, so the number is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from auditkit.clocks.period import Period, last_complete_day, parse_period
from auditkit.config import nearest
from auditkit.definition import Measure
from auditkit.errors import Problem, UsageError
from auditkit.exhibits.show import html_fragment
from auditkit.labels import Labels
from auditkit.measures import find
from auditkit.schema import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from auditkit.config import Target
    from auditkit.report.audit import Audit as Report
    from auditkit.service_audit.audited import Audited
    from auditkit.store import Store


@dataclass(frozen=True)
class Audit:
    """A loaded workspace, for one team and period or for all.

    Every stored table is an attribute (``tickets``, ``calls``, ...): a pandas frame of the rows of that team and period
    (instants tz-aware UTC, durations in seconds, facts included). ``audit["csat"]`` is a measure's figures,
    ``audit["tickets"]`` a table again; completion in a notebook offers both. ``measures`` gives figures in the long
    form of the command line, ``report`` the exhibits of the report, one method for each section.
    """

    store: Store
    team: str | None = None
    period: Period | None = None

    @property
    def teams(self) -> list[str]:
        """The teams there are."""
        return sorted(self.store.meta.teams)

    @property
    def tables(self) -> list[str]:
        """The tables there are."""
        return sorted(self.store.meta.tables)

    @property
    def as_of(self) -> datetime:
        """The instant up to which the audit knows the world, UTC."""
        return self.store.meta.as_of

    def frame(self, table: str) -> pd.DataFrame:
        """The rows of any stored table, of the team and period; units stand in ``attrs["units"]``.

        A column that no source has is not there, so that a measure of the frame says that it is missing. Raises
        UsageError for a table that is not stored.
        """
        if table not in self.store.meta.tables:
            raise UsageError(Problem(f"table {table!r}", "is not in the store", "", nearest(table, self.tables)))
        frame = self.store.frame(table, self.team, self.period)
        declared = TABLES.get(table)
        kinds = {column.name: column.type for column in declared.columns} if declared else {}
        absent = kinds.keys() - self.store.meta.tables[table].present
        frame = frame.drop(columns=[name for name in frame if name in absent and frame[name].isna().all()])
        frame.attrs["units"] = {name: unit for name in frame if (unit := _unit(name, kinds.get(name), frame))}
        return frame

    def measures(
        self,
        *measures: str,
        periods: Iterable[str | Period] = (),
        by: str | None = None,
        variants: bool = False,
    ) -> pd.DataFrame:
        """Figures of these measures (all of the catalogue when none is named), as ``auditkit measures`` prints them.

        ``attrs["units"]`` gives the unit of ``value``, ``low`` and ``high`` for each measure.
        """
        from auditkit.evaluation.evaluate import evaluate

        asked = [parse_period(one) if isinstance(one, str) else one for one in periods]
        asked = asked or ([self.period] if self.period else [])
        found = evaluate(self.store, measures, [self.team] if self.team else [], asked, by, variants)
        found.attrs["units"] = dict(zip(found["measure"], found["unit"], strict=True))
        return found

    def report(self, language: str = "") -> Report:
        """The report of the team and period (the first team, the last whole month, where all are open), evaluated.

        Each section is a method, such as ``report().speed()``; its exhibits show themselves in a notebook.
        """
        from auditkit.report.audit import open as open_report

        period = self.period.label if self.period else ""
        return open_report(str(self.store.workspace.root), self.team or "", period, "", language)

    def mask(self, texts: pd.Series) -> pd.Series:
        """Free texts as a report shows them: masked, by the names that the data know of too (see ``auditkit.mask``)."""
        from auditkit.privacy import masker

        return _masked(texts, masker(self.store, [self.team] if self.team else []))

    def findings(self, language: str = "") -> pd.DataFrame:
        """What the audit finds, joined with the workspace's findings.toml, which is only read; see findings.frames."""
        from auditkit.findings.frames import findings_frame

        return findings_frame(self._audited(language).entries)

    def checklist(self, language: str = "") -> pd.DataFrame:
        """The items of the checklists in use as they stand: computed, attested or missing, with their scores."""
        from auditkit.findings.frames import checklist_frame

        known = self._audited(language)
        return checklist_frame(known.results, known.context.labels.language)

    def _audited(self, language: str) -> Audited:
        """The audit of the team, or of all teams together, in the period (the last whole month where all are open)."""
        from auditkit.report.asked import language_of, settle_period
        from auditkit.service_audit.audited import audited

        store, teams = self.store, [self.team] if self.team else self.teams
        period = settle_period(self.period.label if self.period else "", store, teams[0], store.meta.as_of)
        told = language_of(language, store, self.team or "")
        return audited(store, teams, period, store.meta.as_of, told, client=self.team is None)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if not name.startswith("_") and name in self.store.meta.tables:
            return self.frame(name)
        hint = "" if name.startswith("_") else f". {nearest(name, dir(self))}"
        raise AttributeError(f"the audit has no {name!r}{hint}")

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name in self.store.meta.tables:
            return self.frame(name)
        try:
            return self.measures(name)
        except UsageError as error:
            raise KeyError(str(error)) from None

    def __dir__(self) -> list[str]:
        public = [name for name in object.__dir__(self) if not name.startswith("_")]
        return sorted({*public, *self.store.meta.tables})

    def _ipython_key_completions_(self) -> list[str]:
        own = self.store.workspace.config.measure
        return [*self.tables, *(measure.id for measure in find((), own))]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What there is: for whom, when, and how many rows of each table; not an exhibit, so no report shows it."""
        shown = self._overview()
        rows = "; ".join(f"{table} {count}" for table, count, _ in shown["rows"])
        return {"text/html": html_fragment(shown), "text/plain": f"{shown['title']} ({rows})"}

    def _overview(self) -> dict[str, Any]:
        meta, labels = self.store.meta, Labels()
        rows = [
            [
                table,
                labels.count(meta.tables[table].rows),
                f"per {TABLES[table].one_row_per}" if table in TABLES else "",
            ]
            for table in self.tables
        ]
        who = self.team or f"{len(meta.teams)} teams"
        when = self.period.label if self.period else "all periods"
        heads = [{"label": "Table"}, {"label": "Rows of all teams", "align": "right"}, {"label": ""}]
        title = f"{self.store.workspace.config.audit.client}: {who}, {when}, as of {meta.as_of:%Y-%m-%d %H:%M} UTC"
        note = 'A table: audit.tickets. A measure: audit["csat"]. The report: audit.report().'
        return {"kind": "table", "title": title, "note": note, "columns": heads, "rows": rows, "alt": ""}


def _unit(name: str, kind: str | None, frame: pd.DataFrame) -> str:
    """The unit of a column: seconds, UTC for instants, local day, 0..1 for a share; empty for a bare text or number."""
    if kind == "duration" or name.endswith("_seconds"):
        return "seconds"
    if kind == "instant" or isinstance(getattr(frame[name].dtype, "tz", None), tzinfo):
        return "UTC"
    return "local day" if name.endswith("_on") else ""


def open(workspace: str = "", team: str = "", period: str = "") -> Audit:  # noqa: A001  (read as auditkit.open)
    """Open a workspace, loading it if its files have changed.

    ``workspace`` "" is the nearest one (see workspace.find_workspace). ``team`` and ``period`` "" mean all; period
    "last-month" is the last month that is over at as_of. Raises UsageError for a team or a period that does not
    exist.
    """
    from auditkit.load import load
    from auditkit.workspace import find_workspace, open_workspace

    store = load(open_workspace(workspace or find_workspace()))
    names = store.find_teams([team] if team else [])
    chosen = None
    if period:
        zone = store.meta.teams[team].zone if team else store.workspace.config.audit.timezone
        chosen = parse_period(period, last_complete_day(store.meta.as_of, zone))
    return Audit(store, names[0] if team else None, chosen)


def measure(
    name: str | Measure,
    frame: pd.DataFrame,
    *,
    period: str | Period | None = None,
    by: str | None = None,
    variants: bool = False,
    timezone: str = "UTC",
    hours: dict[str, Any] | None = None,
    as_of: datetime | str | None = None,
    target: Target | dict[str, Any] | None = None,
    calls: pd.DataFrame | None = None,
    others: dict[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """One measure of the catalogue on a pandas frame with canonical columns (one row per ticket, call or survey).

    Instants may be naive (then they are in ``timezone``) or tz-aware; a missing ``team`` becomes "all". ``hours`` are
    written as in audit.toml (``{"mon-fri": "08:00-16:00"}``). A frame that came from the store brings its facts and
    is used as it is. ``calls`` are further contacts of the same customers, for fcr. Returns the long form of
    ``auditkit measures``; raises UsageError for an unknown measure.
    """
    from auditkit.evaluation.evaluate import evaluate
    from auditkit.frames import frame_store

    found = find([name])[0] if isinstance(name, str) else name
    with frame_store(
        found, frame, timezone=timezone, hours=hours, as_of=as_of, target=target, calls=calls, others=others
    ) as store:
        asked = parse_period(period) if isinstance(period, str) else period
        return evaluate(store, [found], periods=[asked] if asked else [], by=by, variants=variants)


def mask(texts: pd.Series, names: Iterable[str] = (), language: str = "en") -> pd.Series:
    """Free texts with names, addresses, phone, account and other telling numbers masked; missing ones stay missing.

    ``names`` are names that are known to occur, such as those of agents; ``language`` is that of the words in brackets.
    ``Audit.mask`` does the same with the names that a workspace's data hold. Raises UsageError for a language without
    a catalogue.
    """
    from auditkit.config import LANGUAGES
    from auditkit.masking import Masker

    if language not in LANGUAGES:
        raise UsageError(
            Problem(f"language {language!r}", "is not known", ", ".join(LANGUAGES), nearest(language, LANGUAGES))
        )
    return _masked(texts, Masker(frozenset(names), language))


def _masked(texts: pd.Series, masker: Callable[[str], str]) -> pd.Series:
    known = {text: masker(text) for text in texts.dropna().unique()}
    return texts.map(known, na_action="ignore")
