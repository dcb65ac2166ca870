"""What a measure is: a frozen declaration whose expressions are the published formula.

An expression is DuckDB SQL over the columns of one stored table (schema.py and facts.py name them). It never groups,
never names a period and never reads a clock: ``seconds_to_as_of`` (from the row's own time to the audit's as_of) is a
column like any other. ``{name}`` stands for a parameter of the measure or of its target. The engine (evaluate.py)
does teams, periods, groups and intervals, the same way for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from auditkit.labels import said
from auditkit.translation import N_

DURATION_STATISTICS = ("median", "mean", "p90")
QUANTILES = {"median": 0.5, "p90": 0.9}


# Columns that have a twin on the team's business clock.
_TWINS = {
    "response_seconds": "response_business_seconds",
    "resolution_seconds": "resolution_business_seconds",
    "seconds_to_as_of": "business_seconds_to_as_of",
    "paused_seconds": "paused_business_seconds",
}


def on_business_clock(expression: str) -> str:
    """The expression with the business twin of each calendar column.

    >>> on_business_clock("resolution_seconds - paused_seconds")
    'resolution_business_seconds - paused_business_seconds'
    """
    for calendar, business in _TWINS.items():
        expression = expression.replace(calendar, business)
    return expression


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What a verdict asks beside the figure: a share of rows that must be large enough for it to speak for the team.

    ``kind`` "response": of the surveys ``counted``, those answered. "coverage": of the tickets ``counted``, those with
    a service level that could be met. ``dated_by`` puts the rows in the period; ``needs`` as in a measure.
    """

    kind: Literal["response", "coverage"]
    dated_by: str
    met: str
    counted: str = "TRUE"
    needs: tuple[str, ...] = ()
    needs_target: tuple[str, ...] = ()


def responded(counted: str) -> Gate:
    """The gate of a survey's score: how many of those asked (``counted``) have answered."""
    asked = f"({counted}) AND sent_at IS NOT NULL"
    return Gate(kind="response", dated_by="sent_at", counted=asked, met="answered_at IS NOT NULL", needs=("sent_at",))


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What every measure states.

    ``id`` and ``summary`` (the sentence that the report prints) come first. ``of`` is the table, ``dated_by`` the
    instant that puts a row in a period, ``counted`` says which rows count, ``complete`` which of them have the
    columns needed, ``needs`` names the optional columns without which nothing can be said. What a report prints of it
    (label, summary, variant words, decision) is declared in English with ``N_`` and translated where it is shown.
    """

    id: str
    label: str
    summary: str
    of: str
    dated_by: str
    counted: str = "TRUE"
    complete: str = "TRUE"
    needs: tuple[str, ...] = ()
    unit: str = "share"
    better: Literal["higher", "lower", "neither"] = "neither"
    clock: Literal["calendar", "business", ""] = ""
    counts: str = ""
    articles: str = ""
    source: str = ""
    golden: str = ""
    decision: str = ""
    parameters: Mapping[str, float] = field(default_factory=dict)
    needs_target: tuple[str, ...] = ()
    needs_table: tuple[str, ...] = ()
    variants: Mapping[str, Measure] = field(default_factory=dict)
    variant: str = "default"
    variant_words: str = ""
    gate: Gate | None = None

    @property
    def statistics(self) -> tuple[str, ...]:
        """The statistics that the measure yields, the default one first."""
        raise NotImplementedError

    def gate_share(self) -> Share | None:
        """The share that a verdict on this measure asks for first, as a measure of its own; None where it asks none."""
        if self.gate is None:
            return None
        fields = {name: getattr(self.gate, name) for name in ("dated_by", "counted", "met", "needs", "needs_target")}
        return Share(id=self.id, label=self.label, summary=self.summary, of=self.of, variant=self.variant, **fields)

    def varying(self, **variants: dict[str, Any] | Measure) -> Self:
        """The same measure with variants: each a set of changed fields, or another kind of measure altogether."""
        made = {}
        for name, change in variants.items():
            variant = change if isinstance(change, Measure) else replace(self, **change)
            made[name] = replace(variant, id=self.id, variant=name, variants={})
        return replace(self, variants=made)

    def business(self, words: str, **changes: Any) -> Self:
        """The twin of a calendar measure on the team's business hours: the same rule on the other clock."""
        swap = {
            name: on_business_clock(text)
            for name in ("counted", "complete", "met", "value")
            if isinstance(text := getattr(self, name, None), str)
        }
        label = said("{measure} (business hours)", measure=said(self.label))
        fields = {"id": f"{self.id}_business", "label": label, "summary": words, "clock": "business"} | swap | changes
        return replace(self, **fields)

    def expressions(self) -> dict[str, str]:
        """The published formula, part by part, as ``explain`` prints it."""
        return {"counted": self.counted, "complete": self.complete}


@dataclass(frozen=True, kw_only=True)
class Count(Measure):
    """How many: rows, or the sum of ``amount``, or different values of ``distinct``."""

    amount: str = "1"
    distinct: str = ""
    unit: str = "tickets"

    @property
    def statistics(self) -> tuple[str, ...]:
        return ("count",)

    def expressions(self) -> dict[str, str]:
        extra = {"distinct": self.distinct} if self.distinct else {"amount": self.amount}
        return super().expressions() | extra


@dataclass(frozen=True, kw_only=True)
class Share(Measure):
    """The part of the counted rows that is ``met``: 0..1, Wilson's interval.

    With ``per`` the share is of its different values (customers, say), met when any of their rows is. ``scale`` prints
    the share per so many (1,000 contacts); it stays a share for every interval.
    """

    met: str
    per: str = ""
    scale: float = 1.0

    @property
    def statistics(self) -> tuple[str, ...]:
        return ("share",) if self.scale == 1 else ("ratio",)

    def expressions(self) -> dict[str, str]:
        return super().expressions() | {"met": self.met} | ({"per": self.per} if self.per else {})


@dataclass(frozen=True, kw_only=True)
class Quantity(Measure):
    """A number per row, ``value``: median, mean and 90th percentile, each with its interval."""

    value: str
    wanted: tuple[str, ...] = DURATION_STATISTICS
    unit: str = "seconds"

    @property
    def statistics(self) -> tuple[str, ...]:
        return self.wanted

    def expressions(self) -> dict[str, str]:
        return super().expressions() | {"value": self.value}


@dataclass(frozen=True, kw_only=True)
class Net(Measure):
    """The share of ``plus`` less the share of ``minus``: -1..1, multinomial variance."""

    plus: str
    minus: str

    @property
    def statistics(self) -> tuple[str, ...]:
        return ("net",)

    def expressions(self) -> dict[str, str]:
        return super().expressions() | {"plus": self.plus, "minus": self.minus}


@dataclass(frozen=True, kw_only=True)
class Survival(Measure):
    """Time to an event that has not come yet for every row: Kaplan-Meier median, open rows censored at as_of.

    ``unreached`` says why there is no median where the event came for fewer than half.
    """

    value: str
    observed: str
    unit: str = "seconds"
    unreached: str = N_("fewer than half were resolved by the audit's as-of instant")

    @property
    def statistics(self) -> tuple[str, ...]:
        return ("median",)

    def expressions(self) -> dict[str, str]:
        return super().expressions() | {"value": self.value, "observed": self.observed}


@dataclass(frozen=True, kw_only=True)
class Snapshot(Measure):
    """What is there at the period's end: rows that began by then and had not reached ``until``; their count or their
    age.
    """

    until: str
    statistic: Literal["count", "median", "p90"] = "count"
    unit: str = "tickets"

    @property
    def statistics(self) -> tuple[str, ...]:
        return (self.statistic,)

    def expressions(self) -> dict[str, str]:
        return super().expressions() | {"until": self.until}


@dataclass(frozen=True, kw_only=True)
class Pair(Measure):
    """Two counts, ``top`` and ``bottom``, each with its own date rule: their ``ratio`` or their ``difference``."""

    top: Count
    bottom: Count
    statistic: Literal["ratio", "net"] = "ratio"

    @property
    def statistics(self) -> tuple[str, ...]:
        return (self.statistic,)

    def expressions(self) -> dict[str, str]:
        return {"top": f"{self.top.id}", "bottom": f"{self.bottom.id}"}


@dataclass(frozen=True, kw_only=True)
class Cohort(Measure):
    """Of the rows that were there at the period's start (since ``since``, not yet ``until``), the share still there at
    its end: 0..1, Wilson's interval."""

    since: str
    until: str

    @property
    def statistics(self) -> tuple[str, ...]:
        return ("share",)

    def expressions(self) -> dict[str, str]:
        return super().expressions() | {"since": self.since, "until": self.until}


@dataclass(frozen=True, kw_only=True)
class Computed(Measure):
    """A statistic that no conditional count gives: ``function`` (a name in computed.py) over ``columns``.

    With ``totals`` (SQL aggregates by name) rows that are alike in the columns come as one, with their totals.
    """

    function: str
    columns: tuple[str, ...]
    statistic: str
    totals: Mapping[str, str] = field(default_factory=dict)

    @property
    def statistics(self) -> tuple[str, ...]:
        return (self.statistic,)

    def expressions(self) -> dict[str, str]:
        told = {"function": self.function, "columns": ", ".join(self.columns)}
        return super().expressions() | told | dict(self.totals)
