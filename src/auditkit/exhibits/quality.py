"""Data quality: what was read, what was kept, what was refused, and what a reader of the figures must know.

The notices come from the checks at load, the worst first; the completeness of each measure says how much of the data
it could use.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import item, prose, table
from auditkit.exhibits.values import value_words
from auditkit.labels import NOTHING, capital
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
    labels, text = context.labels, context.labels.tell(notice.statement).rstrip()
    text = text if text.endswith((".", "!", "?")) else f"{text}."
    parts = [f"{labels.tell(notice.place)}: {text}" if _cites(notice) else text]
    parts += [_rows_cited(context, notice)] if cite and notice.rows else []
    parts += [labels.tell(notice.remedy)] if notice.remedy else []
    return " ".join(parts)


def _rows_cited(context: Context, notice: Notice) -> str:
    """The first rows that show it, by their numbers in the file."""
    labels = context.labels
    rows = ", ".join(str(row) for row in notice.rows[:MOST_ROWS_CITED])
    if notice.count > MOST_ROWS_CITED:
        return labels.say("Rows {rows} and {more} more.", rows=rows, more=notice.count - MOST_ROWS_CITED)
    return labels.say("Rows {rows}.", rows=rows) if len(notice.rows) > 1 else labels.say("Row {row}.", row=rows)


def _cites(notice: Notice) -> bool:
    """Whether the notice's place says more than its statement does."""
    return bool(notice.place) and not notice.place.startswith("team ") and notice.place not in notice.statement


def _sources(context: Context) -> Exhibit:
    labels, sources = context.labels, context.sources
    rows = [
        [
            source.name,
            value_words(labels, "table", source.table),
            labels.count(source.rows_in),
            labels.count(source.rows_kept),
            _refused(context, source.rows_refused),
            labels.count(source.rows_folded),
            source.encoding or NOTHING,
        ]
        for source in sources
    ]
    note = labels.say(
        "Refused rows are listed in .auditkit/refused.csv with the reason. Folded rows repeat or update another row."
    )
    columns = [
        *(labels.say("File"), labels.say("Table"), labels.say("Rows in"), labels.say("Kept")),
        *(labels.say("Refused"), labels.say("Folded"), labels.say("Encoding")),
    ]
    total, kept, refused, folded = (
        sum(getattr(source, name) for source in sources)
        for name in ("rows_in", "rows_kept", "rows_refused", "rows_folded")
    )
    summed = labels.say(
        "In all: {total} in, {kept} kept, {refused} refused, {folded} folded.",
        total=total,
        kept=kept,
        refused=refused,
        folded=folded,
    )
    return table("quality-sources", _sources_title(context, total, refused), note, columns, rows, summed)


def _sources_title(context: Context, total: int, refused: int) -> str:
    labels = context.labels
    if not refused:
        return labels.say_n(
            "The {count} row was kept or folded", "Every one of the {count} rows was kept or folded", total
        )
    return labels.say_n(
        "{count} row of {total} ({share}) was refused",
        "{count} rows of {total} ({share}) were refused",
        refused,
        total=total,
        share=labels.share(refused / total),
    )


def _refused(context: Context, count: int):
    text = context.labels.count(count)
    return {"text": text, "tone": "unsure"} if count else text


def _notices(context: Context) -> Exhibit:
    labels, notices = context.labels, ordered(context.notices)
    if not notices:
        title = labels.say("The checks found nothing else to tell")
        return prose("quality-notices", title, [labels.say("Every check that the data allow was run at load.")])
    worst = sum(notice.severity == "high" for notice in notices)
    title = labels.say_n("{count} notice about the data", "{count} notices about the data", len(notices))
    if worst:
        affecting = labels.say_n("{count} of them affects figures", "{count} of them affect figures", worst)
        title = labels.say("{first}, {second}", first=title, second=affecting)
    note = labels.say("Findings at load, those that affect figures first.")
    if context.notices_elsewhere:
        left_out = labels.say_n(
            "Left out: {count} notice about other teams only.",
            "Left out: {count} notices about other teams only.",
            context.notices_elsewhere,
        )
        note = f"{note} {left_out}"
    items = [item(sentence(context, notice), TONES.get(notice.severity, "neutral")) for notice in notices]
    return prose("quality-notices", title, [], items, note)


def _completeness(context: Context) -> list[Exhibit]:
    figures = {}
    for figure in context.results.for_period(context.period.label):
        known = figure.available and figure.completeness is not None and figure.completeness < 0.9995
        if known and figure.measure not in figures:
            figures[figure.measure] = figure
    if not figures:
        return []
    ranked = sorted(figures.values(), key=lambda figure: figure.completeness)
    labels = context.labels
    names = [labels.tell(context.measures[figure.measure].label) for figure in ranked]
    rows = [
        [name, labels.share(figure.completeness), labels.count(figure.n)]
        for name, figure in zip(names, ranked, strict=True)
    ]
    least = labels.share(ranked[0].completeness)
    title = labels.say("{measure} rests on {share} of its rows", measure=names[0], share=least)
    if len(rows) > 1:
        some = labels.say_n(
            "{count} measure rests on a part of its rows", "{count} measures rest on a part of their rows", len(rows)
        )
        title = labels.say("{first}: {second}", first=some, second=title)
    what = labels.say("Completeness is the share of the rows asked about that have the columns the measure needs.")
    note = f"{what} {capital(labels.period(context.period))}."
    columns = [labels.say("Measure"), labels.say("Complete"), labels.say("n")]
    return [table("quality-completeness", title, note, columns, rows)]
