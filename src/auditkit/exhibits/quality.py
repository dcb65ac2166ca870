"""Data quality: what was read, what was kept, what was refused, and what a reader of the figures must know.

The notices come from the checks at load, the worst first; the completeness of each measure says how much of the data
it could use.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import item, prose, table
from auditkit.labels import SPACE
from auditkit.notices import Notice

TONES = {"high": "bad", "medium": "unsure", "low": "neutral"}
_ORDER = {"high": 0, "medium": 1, "low": 2}
MOST_ROWS_CITED = 5


def data_quality(context: Context) -> list[Exhibit]:
    """Rows by source, notices, and measures that rest on a part of their rows."""
    return [_sources(context), _notices(context), *_completeness(context)]


def ordered(notices: tuple[Notice, ...]) -> list[Notice]:
    """The notices, those that affect figures first, and among them the largest."""
    return sorted(notices, key=lambda notice: (_ORDER.get(notice.severity, 3), -notice.count))


def concerning(
    notices: Sequence[Notice], team: str, teams: Iterable[str], sources: Container[str]
) -> tuple[Notice, ...]:
    """The notices that concern a team: its own, those of its files, those of nobody in particular; each said once."""
    others = [f"team {name}" for name in teams if name != team]
    own, said = [], set()
    for notice in notices:
        foreign = any(notice.place == other or notice.place.startswith(f"{other}, ") for other in others)
        elsewhere = "/" in notice.place and notice.place not in sources
        if not foreign and not elsewhere and (notice.statement, notice.table) not in said:
            own.append(notice)
            said.add((notice.statement, notice.table) if notice.place.startswith("team ") else notice)
    return tuple(own)


def sentence(context: Context, notice: Notice, cite: bool = True) -> str:
    """A notice in words: where, what, what to do; ``cite`` adds its first rows."""
    text = notice.statement.rstrip()
    text = text if text.endswith((".", "!", "?")) else f"{text}."
    where = f"{notice.place}: " if _cites(notice) else ""
    rows = ", ".join(str(row) for row in notice.rows[:MOST_ROWS_CITED])
    more = f" and {context.labels.count(notice.count - MOST_ROWS_CITED)} more" if notice.count > MOST_ROWS_CITED else ""
    cited = (
        f" Rows {rows}{more}." if rows and cite and len(notice.rows) > 1 else f" Row {rows}." if rows and cite else ""
    )
    remedy = f" {notice.remedy}" if notice.remedy else ""
    return f"{where}{text}{cited}{remedy}"


def _cites(notice: Notice) -> bool:
    """Whether the notice's place says more than its statement does."""
    return bool(notice.place) and not notice.place.startswith("team ") and notice.place not in notice.statement


def _sources(context: Context) -> Exhibit:
    labels, sources = context.labels, context.sources
    rows = [
        [
            source.name,
            source.table,
            labels.count(source.rows_in),
            labels.count(source.rows_kept),
            _refused(context, source.rows_refused),
            labels.count(source.rows_folded),
            source.encoding or "–",
        ]
        for source in sources
    ]
    total, refused = (sum(getattr(source, name) for source in sources) for name in ("rows_in", "rows_refused"))
    kept, folded = (sum(getattr(source, name) for source in sources) for name in ("rows_kept", "rows_folded"))
    if refused:
        share = labels.share(refused / total) if total else ""
        verb = "was" if refused == 1 else "were"
        title = f"{labels.counted(refused, 'rows')} of {labels.count(total)} ({share}) {verb} refused"
    else:
        title = f"Every one of the {labels.counted(total, 'rows')} was kept or folded"
    note = "Refused rows are listed in .auditkit/refused.csv with the reason. Folded rows repeat or update another row."
    columns = ["File", "Table", "Rows in", "Kept", "Refused", "Folded", "Encoding"]
    parts = {"in": total, "kept": kept, "refused": refused, "folded": folded}
    summed = f"In all: {', '.join(f'{labels.count(number)} {word}' for word, number in parts.items())}."
    return table("quality-sources", title, note, columns, rows, summed)


def _refused(context: Context, count: int):
    text = context.labels.count(count)
    return {"text": text, "tone": "unsure"} if count else text


def _notices(context: Context) -> Exhibit:
    notices = ordered(context.notices)
    if not notices:
        return prose(
            "quality-notices",
            "The checks found nothing else to tell",
            ["Every check that the data allow was run at load."],
        )
    worst = sum(notice.severity == "high" for notice in notices)
    counted = context.labels.counted(len(notices), "notices")
    title = f"{counted} about the data" + (f", {context.labels.count(worst)} of which affect figures" if worst else "")
    note = "Findings at load, those that affect figures first."
    if context.notices_elsewhere:
        note += f" Left out: {context.labels.counted(context.notices_elsewhere, 'notices')} about other teams only."
    items = [item(sentence(context, notice), TONES.get(notice.severity, "neutral")) for notice in notices]
    return prose(
        "quality-notices",
        title,
        [],
        items,
        note,
    )


def _completeness(context: Context) -> list[Exhibit]:
    figures = {}
    for figure in context.results.for_period(context.period.label):
        known = figure.available and figure.completeness is not None and figure.completeness < 0.9995
        if known and figure.measure not in figures:
            figures[figure.measure] = figure
    if not figures:
        return []
    ranked = sorted(figures.values(), key=lambda figure: figure.completeness)
    rows = [
        [
            context.measures[figure.measure].label,
            context.labels.share(figure.completeness),
            context.labels.count(figure.n),
        ]
        for figure in ranked
    ]
    least = ranked[0]
    lowest = f"{context.measures[least.measure].label} rests on {context.labels.share(least.completeness)} of its rows"
    note = "Completeness is the share of the rows asked about that have the columns the measure needs."
    note += f" {context.labels.period(context.period)}."
    count = len(rows)
    title = (
        f"{count}{SPACE}{'measure rests' if count == 1 else 'measures rest'} on a part of their rows: {lowest}"
        if count > 1
        else lowest
    )
    return [table("quality-completeness", title, note, ["Measure", "Complete", "n"], rows)]
