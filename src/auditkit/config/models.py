"""What ``audit.toml`` may say, as frozen models: names, types and bounds, and what follows from them for a team.

In comes a parsed file, out come values that nothing changes any more. What needs other tables (column names, zones,
hours) is checked in config/faults.py; config/__init__.py reads the file and puts both together.
"""

from __future__ import annotations

import math
import zoneinfo
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from auditkit.clocks.durations import parse_duration
from auditkit.labels import said
from auditkit.languages import AVAILABLE as LANGUAGES
from auditkit.pseudonyms import pseudonym

FILE_NAME = "audit.toml"
DEFAULT_MISSING = ("", "-", "?", "N/A", "n/a", "NA", "NULL", "null", "None", "NaN")
DATE_RULES = ("auto", "iso", "day-first", "month-first", "excel", "epoch")
DATE_FORMS = "iso, day-first, month-first, excel, epoch or a strptime format such as %d.%m.%Y"
HOLIDAY_KEYS = ("holidays", "special", "from")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1250", "cp1251", "cp1252", "cp1257", "iso-8859-1", "iso-8859-15",
    "latin-1", "koi8-r", "mac-roman", "cp437", "cp850", "ascii", "shift_jis", "gb18030", "big5", "euc-kr")  # fmt: skip
DELIMITERS = ("auto", "comma", "semicolon", "tab", "pipe")

Language = Literal[LANGUAGES]
Seconds = Annotated[float, BeforeValidator(parse_duration)]


def _day(value: object) -> object:
    """A day as TOML writes it; neither an instant nor a text is one."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("is not a day (expected one without quotes, such as 2026-12-31)")
    return value


Day = Annotated[date, BeforeValidator(_day)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Audit(_Model):
    """``[audit]``: whose service, in which language and zone, as of when, and where the last audit's editions are."""

    client: str = Field(min_length=1)
    language: Language = "en"
    timezone: str = "UTC"
    as_of: datetime | date | None = None
    kind: Literal["internal", "external"] | None = None
    auditors: tuple[str, ...] = ()
    purpose: str = ""
    previous: str = ""


class Source(_Model):
    """``[[source]]``: files that fill one canonical table, and how to read them."""

    table: str
    path: str = Field(min_length=1)
    sheet: str | None = None
    skip_rows: int = Field(default=0, ge=0)
    encoding: str = "auto"
    delimiter: str = "auto"
    decimal: Literal["auto", ".", ","] = "auto"
    dates: str | dict[str, str] = "auto"
    timezone: str | None = None
    missing: tuple[str, ...] = DEFAULT_MISSING
    fold: Literal["auto", "none", "last"] = "auto"
    updated_at: str | list[str] | None = None
    columns: dict[str, str | list[str]] = {}
    constants: dict[str, str | int | float | bool] = {}
    values: dict[str, dict[str, str | int | float | bool]] = {}
    units: dict[str, Literal["seconds", "minutes", "hours", "days"]] = {}


class Team(_Model):
    """``[teams."Name"]``: the team's own zone and language, where they differ from the audit's."""

    timezone: str | None = None
    language: Language | None = None


class Target(_Model):
    """``[targets]``: what one measure should reach, on which statistic, ``by`` which day, and what a verdict needs."""

    statistic: str | None = None
    variant: str = "default"
    at_least: float | str | None = None
    at_most: float | str | None = None
    within: Seconds | dict[str, Seconds] | None = None
    by: Day | None = None
    minimum_n: int = Field(default=30, ge=1)
    minimum_completeness: float = Field(default=0.8, ge=0, le=1)
    minimum_response_rate: float = Field(default=0.1, ge=0, le=1)
    minimum_sla_coverage: float = Field(default=0.5, ge=0, le=1)

    @model_validator(mode="after")
    def _bounds(self) -> Target:
        if self.at_least is not None and self.at_most is not None:
            raise ValueError("has both at_least and at_most (expected one of them)")
        for bound in (self.at_least, self.at_most):
            if isinstance(bound, str):
                parse_duration(bound)
        return self

    @property
    def bound(self) -> float | None:
        """The value to reach: a share in 0..1, a count, or seconds."""
        bound = self.at_least if self.at_least is not None else self.at_most
        return parse_duration(bound) if isinstance(bound, str) else bound


class Benchmark(_Model):
    """``[[benchmark]]``: what others reach, as a published source says it; without source and date it is refused.

    ``value``, or a range from ``low`` to ``high``, is in the ``unit`` of the measure unless another is named. It is
    ``comparable`` only with the ``variant`` of ours that counts as it does; else ``reason`` says why not.
    """

    measure: str
    statistic: str | None = None
    variant: str | None = None
    kind: Literal["benchmark", "competitor"] = "benchmark"
    name: str = ""
    value: float | str | None = None
    low: float | str | None = None
    high: float | str | None = None
    unit: str = ""
    source: str = Field(min_length=1)
    date: Day
    population: str = ""
    definition: str = ""
    comparable: bool
    reason: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Benchmark:
        if (self.low is None) != (self.high is None) or (self.value is None and self.low is None):
            raise ValueError("has no figure (expected value, or both low and high)")
        figures = [self.number(name) for name in ("low", "value", "high") if getattr(self, name) is not None]
        if not all(map(math.isfinite, figures)):
            raise ValueError("has a figure that is no number")
        if figures != sorted(figures):
            raise ValueError("has its figures in the wrong order (expected low, value, high)")
        if not self.source.strip():
            raise ValueError("has no source (expected who published it, and where)")
        if self.comparable and self.variant is None:
            raise ValueError('is comparable, but names no variant of ours (expected variant = "default" or another)')
        if not self.comparable and not self.reason.strip():
            raise ValueError('is not comparable, without a reason (expected reason = "...")')
        if self.kind == "competitor" and not self.name.strip():
            raise ValueError('is a competitor without a name (expected name = "...")')
        return self

    def number(self, name: str) -> float:
        """``value``, ``low`` or ``high`` as a number: a share in 0..1, a count, or seconds."""
        given = getattr(self, name)
        return parse_duration(given) if isinstance(given, str) else float(given)


class Pending(_Model):
    """``[pending]``: the statuses of an event log in which a ticket waits for its customer, in any case of letters."""

    statuses: tuple[str, ...] = ("pending", "waiting for customer", "waiting on customer", "awaiting customer")


class Branding(_Model):
    """``[branding]``: the client's accent colour (#rrggbb), the path of its logo, and the paper that it prints on."""

    accent: str = Field(default="#1f5f8b", pattern=r"^#[0-9a-fA-F]{6}$")
    logo: str = ""
    paper: Literal["a4", "letter"] = "a4"


class Costs(_Model):
    """``[costs]``: what an hour of an agent's work costs the client, and the currency of it and of orders."""

    hour: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    currency: str = Field(default="", max_length=12)


class Privacy(_Model):
    """``[privacy]``: whether reports and checks name agents, the key of their pseudonyms (default: the client), and
    whether the free texts of customers are masked."""

    agents: Literal["pseudonyms", "names"] = "pseudonyms"
    texts: Literal["masked", "shown"] = "masked"
    key: str = ""


class ChecklistChoice(_Model):
    """``[checklist.items.ID]``: an item switched off (with the reason), or weighed otherwise."""

    off: bool = False
    reason: str = ""
    weight: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _says_why(self) -> ChecklistChoice:
        if self.off and not self.reason.strip():
            raise ValueError('is switched off without a reason (expected reason = "...")')
        return self


class Checklists(_Model):
    """``[checklist]``: which checklists the audit uses, which kinds of items alone (a partial audit), and what the
    client changes in them."""

    use: tuple[str, ...] = ("service_audit",)
    kinds: tuple[str, ...] = ()
    items: dict[str, ChecklistChoice] = {}


class OwnMeasure(_Model):
    """``[measure.NAME]``: a measure of the user's own, in the same terms as the catalogue."""

    kind: Literal["count", "share", "quantity"]
    of: str
    dated_by: str
    summary: str = Field(min_length=1)
    counted: str = "TRUE"
    met: str | None = None
    value: str | None = None
    unit: str = "seconds"
    better: Literal["higher", "lower", "neither"] = "neither"
    needs: tuple[str, ...] = ()


class Config(_Model):
    """The whole of ``audit.toml``."""

    audit: Audit
    source: tuple[Source, ...] = Field(min_length=1)
    teams: dict[str, Team] = {}
    hours: dict[str, dict[str, Any] | list[dict[str, Any]]] = {}
    targets: dict[str, Target] = {}
    benchmark: tuple[Benchmark, ...] = ()
    pending: Pending = Pending()
    branding: Branding = Branding()
    privacy: Privacy = Privacy()
    costs: Costs = Costs()
    measure: dict[str, OwnMeasure] = {}
    checklist: Checklists = Checklists()

    def agent(self, name: str) -> str:
        """What a report calls an agent: by a pseudonym, or by name where ``[privacy]`` says so."""
        if self.privacy.agents == "names":
            return name
        return said("agent {code}", code=pseudonym(name, self.privacy.key or self.audit.client))

    def reviewer(self, name: str) -> str:
        """The same of a reviewer."""
        if self.privacy.agents == "names":
            return name
        return said("reviewer {code}", code=pseudonym(name, self.privacy.key or self.audit.client))

    def zone_of(self, team: str) -> str:
        """The team's time zone: its own, else the audit's."""
        own = self.teams.get(team)
        return (own.timezone if own else None) or self.audit.timezone

    def hours_of(self, team: str) -> list[dict[str, Any]]:
        """The team's schedules as written: its own, else the default's, else none (no business hours are known)."""
        written = self.hours.get(team, self.hours.get("default", []))
        return written if isinstance(written, list) else [written]

    @cached_property
    def as_of(self) -> datetime | None:
        """The instant up to which the audit knows the world, in UTC; None means the newest instant in the data."""
        stated = self.audit.as_of
        if stated is None:
            return None
        if not isinstance(stated, datetime):
            stated = datetime(stated.year, stated.month, stated.day)
        if stated.tzinfo is None:
            stated = stated.replace(tzinfo=zoneinfo.ZoneInfo(self.audit.timezone))
        return stated.astimezone(UTC)
