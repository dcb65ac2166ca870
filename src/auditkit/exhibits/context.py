"""What every section of a report knows: the team, the period and its history, the figures, the rows, the words.

It is put together once by report/evaluated.py and handed to each section, which reads it and makes exhibits. Rows are
fetched only when a section asks for them, and once. Helpers here speak of measures in the way that all sections do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from auditkit.clocks.period import Period, span
from auditkit.definition import Measure
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.figures import Figure, Results
from auditkit.exhibits.windows import window_words
from auditkit.known_changes import Change
from auditkit.labels import NOTHING, SPACE, Labels, capital, is_net
from auditkit.masking import Masker
from auditkit.notices import Notice
from auditkit.relations import POPULATION_WORDS
from auditkit.translation import N_

if TYPE_CHECKING:
    import pandas as pd

TELL_COMPLETENESS = 0.95  # below this a figure is told with the share of its rows that are complete
SCALES = {"ces": (1.0, 7.0)}  # what a mean of scores can be
DIFFERENCES = ("training_uptake",)  # shares less shares: told with their sign
# What a single period holds too little of: these are also told over the whole history.
SELDOM = (
    "low_score_rate",
    "review_score",
    "review_reply_rate",
    "review_reply_time",
    "agent_satisfaction",
    "enps",
    "qa_score",
    "qa_critical_free_rate",
    "qa_coverage",
    "qa_agreement",
    "qa_predicts_csat",
    "mystery_score",
    "mystery_tests_made",
    "mystery_answer_rate",
    "mystery_right_rate",
    "mystery_speed_of_answer",
    "mystery_first_response_time",
    "mystery_test_score",
    "training_pass_rate",
    "training_uptake",
    "agent_turnover",
    "language_match_rate",
    "conversion_rate",
    "cross_sell_rate",
    "referral_rate",
    "retention_rate",
    "repeat_purchase_rate",
)
DEFAULT_ACCENT = "#1f5f8b"


@dataclass(frozen=True)
class Context:
    """One team in one period.

    ``history`` ends with ``period``; ``year_before`` is the same period a year ago. ``fetch(table)`` gives the team's
    rows of a table, without those that measures leave out, or None where there is no such table;
    ``sample(measure, period)`` the values behind a quantity, ``durations(measure, period)`` those behind a survival
    with whether each has ended; ``evaluate(measures, period, by)`` the figures that only one section needs;
    ``agent(name)`` and ``reviewer(name)`` what people are called, ``mask()`` gives what masks a customer's free text.
    ``variant_rows`` is the table of ``variants``.
    """

    client: str
    team: str
    period: Period
    history: tuple[Period, ...]
    as_of: datetime
    labels: Labels
    results: Results
    measures: Mapping[str, Measure]
    fetch: Callable[[str], pd.DataFrame | None]
    sample: Callable[[Measure, Period], Any] = lambda measure, period: ()
    durations: Callable[[Measure, Period], tuple[Any, Any]] = lambda measure, period: ((), ())
    evaluate: Callable[[Sequence[str], Period, str | None], Sequence[Figure]] = lambda measures, period, by: ()
    year_before: Period | None = None
    variants: Results = field(default_factory=lambda: Results(()))
    variant_rows: Any = None
    targets: Mapping[str, Any] = field(default_factory=dict)
    has_hours: bool = False
    partial: bool = False
    accent: str = DEFAULT_ACCENT
    meta: Any = None
    notices: tuple[Notice, ...] = ()
    notices_elsewhere: int = 0
    sources: tuple[Any, ...] = ()
    coverage: Period | None = None
    headlines: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    agent: Callable[[str], str] = str
    reviewer: Callable[[str], str] = str
    mask: Callable[[], Masker] = Masker

    @property
    def previous(self) -> Period:
        """The period before."""
        return self.period.previous()

    @property
    def whole(self) -> Period:
        """All the periods of the history as one: for what a single period holds too little of."""
        return span(self.history[0].start, self.period.end) if len(self.history) > 1 else self.period

    @property
    def history_words(self) -> str:
        """The length of the history: ``13 months``."""
        labels, count = self.labels, len(self.history)
        if self._is_monthly:
            return labels.say_n("{count} month", "{count} months", count)
        return labels.say_n("{count} period", "{count} periods", count)

    @property
    def over_history(self) -> str:
        """When, of a figure of the whole history: ``over 13 months``."""
        labels, count = self.labels, len(self.history)
        if self._is_monthly:
            return labels.say_n("over {count} month", "over {count} months", count)
        return labels.say_n("over {count} period", "over {count} periods", count)

    @property
    def _is_monthly(self) -> bool:
        return len(self.period.label) == 7 and "Q" not in self.period.label

    def label(self, measure: str) -> str:
        """What a measure is called, in the reader's language; the user's own measures by their own names."""
        declared = self.measures.get(measure)
        return self.labels.tell(declared.label) if declared else measure

    def seldom(self, measure: str, statistic: str = "") -> Figure | None:
        """The figure of a seldom counted measure over the whole history."""
        own = [one for one in self.evaluate(SELDOM, self.whole, None) if one.measure == measure]
        return next((one for one in own if one.statistic == (statistic or own[0].statistic)), None)

    def figure(self, measure: str, period: Period | None = None, statistic: str = "") -> Figure | None:
        """A default figure of this or another period."""
        return self.results.figure(measure, (period or self.period).label, statistic)

    def series(self, measure: str, statistic: str = "") -> list[Figure | None]:
        """A figure for each period of the history."""
        return [self.results.figure(measure, period.label, statistic) for period in self.history]

    def headline(self, measure: str, statistic: str = "") -> Any:
        """The measure's comparisons and usual range, or None where it is not a headline."""
        figure = self.figure(measure, statistic=statistic)
        return self.headlines.get((measure, figure.statistic)) if figure else None

    def has(self, measure: str, statistic: str = "") -> bool:
        """Whether the measure has a figure in this period."""
        figure = self.figure(measure, statistic=statistic)
        return figure is not None and figure.available

    def reason(self, measure: str) -> str:
        """Why a measure has no figure in this period, as a clause for brackets: without capital and full stop."""
        figure = self.figure(measure)
        if figure is None:
            return self.labels.say("it was not evaluated")
        told = self.labels.tell(figure.reason) or self.labels.say("nothing to count in the period")
        return told.removesuffix(".")

    def why_not(self, measure: str) -> str:
        """Why a measure has no figure in this period, as a sentence."""
        reason = self.reason(measure)
        return f"{reason if reason.startswith('audit.toml') else capital(reason)}."

    def is_business(self, measure: str) -> bool:
        """Whether the measure runs on the team's business clock."""
        declared = self.measures.get(measure)
        return declared is not None and declared.clock == "business"

    def said(self, figure: Figure | None, like: Figure | None = None) -> str:
        """A figure's value in words, with the digits that its own interval justifies, or that of ``like``."""
        if figure is None:
            return NOTHING
        digits = like if like is not None and like.available else figure
        if figure.measure in DIFFERENCES:
            return self.labels.points(figure.value, coarse=True) if figure.available else NOTHING
        return self.labels.value(
            figure.unit,
            figure.value,
            digits.low,
            digits.high,
            statistic=figure.statistic,
            business=self.is_business(figure.measure),
        )

    def interval(self, figure: Figure | None, like: Figure | None = None) -> str:
        """A figure's interval in words; a count of everything that there is has none worth printing."""
        if figure is None or not figure.available or (figure.statistic == "count" and figure.unit != "share"):
            return NOTHING
        if figure.measure in DIFFERENCES:
            if figure.low is None or figure.high is None:
                return NOTHING
            return self.labels.reach(self.labels.signed(100 * figure.low), self.labels.points(figure.high, coarse=True))
        low, high = _possible(figure)
        return self.labels.interval(
            figure.unit,
            low,
            high,
            statistic="net" if is_net(figure.unit, figure.statistic) else figure.statistic,
            business=self.is_business(figure.measure),
            half=(like.high - like.low) / 2 if like is not None and None not in (like.low, like.high) else None,
        )

    def target_words(self, measure: str, figure: Figure | None) -> str:
        """``at most 4 h``, or a dash when there is no target."""
        target = self.targets.get(measure)
        if target is None or figure is None or target.bound is None:
            return NOTHING
        if target.statistic and target.statistic != figure.statistic:
            return NOTHING
        business = self.is_business(measure)
        bound = self.labels.bound(figure.unit, target.bound, statistic=figure.statistic, business=business)
        if target.at_least is not None:
            return self.labels.say("at least {bound}", bound=bound)
        return self.labels.say("at most {bound}", bound=bound)

    def target_sign(self, measure: str, figure: Figure | None) -> str:
        """As :meth:`target_words`, with a sign in place of words: ``≤ 4 h``."""
        if self.target_words(measure, figure) == NOTHING:
            return NOTHING
        target, business = self.targets[measure], self.is_business(measure)
        bound = self.labels.bound(figure.unit, target.bound, statistic=figure.statistic, business=business)
        return f"{'≥' if target.at_least is not None else '≤'}{SPACE}{bound}"

    def within_words(self, measure: str) -> str:
        """The limit that a share "within target" is measured against: ``4 h``; one for each priority where so."""
        within = getattr(self.targets.get(measure), "within", None)
        if within is None:
            declared = self.measures.get(measure)
            within = declared.parameters.get("within") if declared else None
        business = self.is_business(measure)
        if isinstance(within, Mapping):
            parts = (f"{name} {self.labels.duration_short(limit, business)}" for name, limit in within.items())
            return ", ".join(parts)
        return self.labels.duration_short(within, business) if within is not None else ""

    def rests_on(self, figure: Figure | None) -> str:
        """``n = 412``, with completeness where rows lack what the measure needs."""
        if figure is None or figure.n is None:
            return ""
        text = self.labels.sample_size(figure.n)
        if figure.completeness is not None and figure.completeness < TELL_COMPLETENESS:
            part = self.labels.share(figure.completeness)
            return self.labels.say("{n}, {share} of rows complete", n=text, share=part)
        return text

    def note(self, *measures: str, extra: str = "") -> str:
        """n, period, clock, population and ids: what stands under a chart or table."""
        labels = self.labels
        parts = [labels.period(self.period), self.rests_on(self.figure(measures[0])) if measures else ""]
        declared = [self.measures[name] for name in measures if name in self.measures]
        clocks = dict.fromkeys(one.clock for one in declared if one.clock)
        parts.append(labels.listed([labels.tell(_CLOCK_WORDS[clock]) for clock in clocks]))
        parts += dict.fromkeys(labels.tell(POPULATION_WORDS.get(one.of, "")) for one in declared)
        parts += [window_words(self, *measures), extra, self.ids(measures)]
        return ". ".join(_as_sentence(part) for part in parts if part) + "."

    def note_of(self, period: Period, n: float | None, *measures: str, extra: str = "") -> str:
        """The note of figures of another time than the report's own: that time, its n, and the rest as ever."""
        rows = self.labels.sample_size(n) if n is not None else ""
        return replace(self, period=period, results=Results(())).note(
            *measures, extra=". ".join(part for part in (rows, extra) if part)
        )

    def ids(self, measures: Sequence[str]) -> str:
        """The measures of a chart or table by their ids, as the last part of its note."""
        names = ", ".join(measures)
        return self.labels.say_n("measure {ids}", "measures {ids}", len(measures), ids=names) if measures else ""

    def missing(self, slug: str, title: str, *paragraphs: str) -> Exhibit:
        """The one text that stands in place of a section without data."""
        return Exhibit(slug, "prose", {"title": title, "paragraphs": list(paragraphs), "items": []})


def _as_sentence(part: str) -> str:
    """A part of a note with a capital; symbols and ids stay as they are."""
    plain = part.removesuffix(".")
    return plain if plain.startswith(f"n{SPACE}") or "_" in plain.split(" ", 1)[0] else capital(plain)


def _possible(figure: Figure) -> tuple[float | None, float | None]:
    """The limits, kept to what a mean of shares can be: Student's t knows no bounds."""
    if figure.statistic != "mean" or (figure.unit != "share" and figure.measure not in SCALES):
        return figure.low, figure.high
    least, most = SCALES.get(figure.measure, (0.0, 1.0))
    low, high = (None if limit is None else min(max(limit, least), most) for limit in (figure.low, figure.high))
    return low, high


_CLOCK_WORDS = {"calendar": N_("calendar time"), "business": N_("business hours")}
