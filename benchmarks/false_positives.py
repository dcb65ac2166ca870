"""How often each check tells of something where nothing is wrong: random clean data sets, counted with an interval.

A data set has three teams over six months: tickets with customers who come back, surveys, calls and an event log, all
of plausible size and shape, and slips at random (a ticket closed unanswered, a withdrawn answer, a blank). Nothing in
it depends on what a check compares. The rows lie in DuckDB's memory, so that the checks are measured and not the load.
Run it as ``python benchmarks/false_positives.py [--sets N] [--workers N] [--format table|markdown|json]``.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import duckdb
import numpy as np
import pandas as pd

from auditkit.checks import CHECKS, run_checks
from auditkit.config import Config, check_config
from auditkit.facts.facts import FACT_TYPES
from auditkit.schema import TABLES
from auditkit.stats import wilson

TEAMS = ("North", "South", "West")
DAYS = 181
FIRST = pd.Timestamp("2026-01-01", tz="UTC")
AS_OF = FIRST + pd.Timedelta(days=DAYS)
DAY = 86400
CHECKED = ("tickets", "ticket_events", "calls", "surveys")
CHANNELS = ("email", "web", "chat", "phone")
REASONS = ("bill", "fault", "move", "price", "other")
CONFIG: Config = check_config(
    {
        "audit": {"client": "Clean", "timezone": "UTC"},
        "source": [{"table": "tickets", "path": "tickets.csv"}],
        "targets": {
            "first_response_within": {"within": "4h", "at_least": 0.8},
            "first_response_within_business": {"within": {"low": "8h", "high": "2h"}, "at_least": 0.8},
            "resolved_within": {"within": "3d", "at_least": 0.8},
            "resolution_time": {"statistic": "median", "at_most": "24h"},
        },
    }
)


def clean_tables(seed: int) -> dict[str, pd.DataFrame]:
    """The tables of one clean data set, by name: canonical columns and those facts that checks read."""
    rng = np.random.default_rng(seed)
    tickets = pd.concat([_tickets(rng, team) for team in TEAMS], ignore_index=True)
    tickets["ticket_id"] = [f"T{number}" for number in range(len(tickets))]
    surveys = _surveys(rng, tickets)
    calls = pd.concat([_calls(rng, team) for team in TEAMS], ignore_index=True)
    frames = {"tickets": tickets, "ticket_events": _events(rng, tickets), "calls": calls, "surveys": surveys}
    return {name: frame.assign(source_row=range(2, len(frame) + 2)) for name, frame in frames.items()}


def connect(tables: dict[str, pd.DataFrame]) -> duckdb.DuckDBPyConnection:
    """A connection that holds the tables as the checks read them: every stored column, absent ones empty."""
    con = duckdb.connect(config={"threads": 1})
    con.execute("SET TimeZone = 'UTC'")
    for name, frame in tables.items():
        types = TABLES[name].sql_types | FACT_TYPES.get(name, {})
        given = [column for column in types if column in frame]
        con.register("frame", frame)
        empty = ", ".join(
            f'CAST(NULL AS {kind}) AS "{column}"' for column, kind in types.items() if column not in frame
        )
        filled = ", ".join(f'CAST("{column}" AS {types[column]}) AS "{column}"' for column in given)
        con.execute(f"CREATE TABLE checked_{name} AS SELECT {', '.join(filter(None, (filled, empty)))} FROM frame")
        con.unregister("frame")
    return con


def told(seed: int) -> list[str]:
    """The checks that tell of something in the clean data set of this seed."""
    con = connect(clean_tables(seed))
    try:
        notices = run_checks(con, CHECKED, CONFIG, AS_OF.value // 1000)
    finally:
        con.close()
    return sorted({notice.check for notice in notices})


def _instants(rng: np.random.Generator, rows: int, weekend: float) -> pd.DatetimeIndex:
    """Instants over the half year by day: busy hours, quiet nights, and so many times fewer at the weekend."""
    days = np.arange(DAYS)
    weights = np.where((days + FIRST.day_of_week) % 7 >= 5, weekend, 1.0)
    day = rng.choice(days, rows, p=weights / weights.sum())
    hour = np.clip(rng.normal(13, 3.5, rows), 0, 23.99)
    return FIRST + pd.to_timedelta(np.round(day * DAY + hour * 3600), unit="s")


def _tickets(rng: np.random.Generator, team: str) -> pd.DataFrame:
    """Some thousand tickets of one team; those of customers who come back follow an earlier one by days."""
    rows = int(rng.integers(900, 3000))
    created = _instants(rng, rows, weekend=rng.uniform(0, 0.35)).to_numpy("datetime64[us]").copy()
    people = int(rows * rng.uniform(0.5, 1.0))
    customer = (people * rng.random(rows) ** 1.5).astype(int)
    reason = rng.choice(REASONS, rows)
    back = np.flatnonzero(rng.random(rows) < 0.08)
    first = rng.integers(0, rows, len(back))
    customer[back], reason[back] = customer[first], reason[first]
    wait = np.round(rng.exponential(2 * DAY, len(back))).astype("timedelta64[s]")
    created[back] = np.minimum(created[first] + wait, np.datetime64(AS_OF.tz_localize(None)) - np.timedelta64(1, "s"))
    tickets = pd.DataFrame({"team": team, "source": f"{team}.csv", "customer_id": [f"{team}{one}" for one in customer],
        "reason": reason, "created_at": pd.to_datetime(created, utc=True)})  # fmt: skip
    return _worked(rng, tickets.sort_values("created_at", kind="stable", ignore_index=True))


def _worked(rng: np.random.Generator, tickets: pd.DataFrame) -> pd.DataFrame:
    """Agents, times and outcomes; agents differ in pace and in their share of channels, not in what checks compare."""
    rows, team = len(tickets), tickets["team"].iloc[0]
    agents = int(rng.integers(3, 12))
    agent = rng.choice(agents, rows, p=rng.dirichlet(np.full(agents, 5.0)))
    pace = rng.normal(0, 0.2, agents)[agent]
    response = np.round(np.exp(rng.normal(np.log(rng.uniform(1, 6) * 3600), rng.uniform(0.6, 1.2), rows) + pace))
    work = np.round(np.exp(rng.normal(np.log(rng.uniform(2, 20) * 3600), rng.uniform(0.8, 1.6), rows) + pace))
    grain = int(rng.choice([1, 60]))
    response, resolution = response // grain * grain, (response + work) // grain * grain
    tickets["agent"] = [f"{team} {one}" for one in agent]
    tickets["channel"] = rng.choice(CHANNELS, rows, p=rng.dirichlet(np.full(4, 4.0)))
    tickets["priority"] = rng.choice(["low", "high"], rows)
    tickets["first_response_at"] = tickets["created_at"] + pd.to_timedelta(response, unit="s")
    tickets["resolved_at"] = tickets["created_at"] + pd.to_timedelta(resolution, unit="s")
    tickets.loc[rng.random(rows) < 0.01, "first_response_at"] = pd.NaT  # settled without an answer
    tickets.loc[rng.random(rows) < 0.02, ["resolved_at"]] = pd.NaT  # still open
    for column in ("first_response_at", "resolved_at"):
        tickets[column] = tickets[column].where(tickets[column] <= AS_OF)
    tickets["closed_at"] = tickets["resolved_at"]
    tickets["reopens"] = rng.poisson(0.06, rows)
    tickets["escalated"], tickets["complaint"] = rng.random(rows) < 0.05, rng.random(rows) < 0.03
    tickets["excluded"] = np.where(rng.random(rows) < rng.uniform(0.01, 0.06),
        rng.choice(["spam", "merged", "deleted", "test"], rows), None)  # fmt: skip
    for column in ("language", "type", "handle_seconds", "subject"):
        blank = rng.random(rows) < rng.choice([0, 0.02, rng.uniform(0.1, 0.6)])
        tickets[column] = np.where(blank, None, "60" if column == "handle_seconds" else column)
    return _with_facts(tickets)


def _with_facts(tickets: pd.DataFrame) -> pd.DataFrame:
    for stem in ("created", "first_response", "resolved"):
        tickets[f"{stem}_on"] = tickets[f"{stem}_at"].dt.date
    tickets["created_weekday"] = tickets["created_at"].dt.day_of_week + 1
    for stem, column in (("response", "first_response_at"), ("resolution", "resolved_at")):
        seconds = (tickets[column] - tickets["created_at"]).dt.total_seconds()
        tickets[f"{stem}_seconds"] = seconds
        tickets[f"{stem}_business_seconds"] = seconds / 3
    contact = tickets["created_at"].where(tickets["excluded"].isna())
    groups = contact.groupby([tickets["customer_id"], tickets["reason"]])
    tickets["seconds_since_contact"] = (contact - groups.shift(1)).dt.total_seconds()
    tickets["seconds_to_contact"] = (groups.shift(-1) - contact).dt.total_seconds()
    return tickets


def _surveys(rng: np.random.Generator, tickets: pd.DataFrame) -> pd.DataFrame:
    """Surveys after resolved tickets, more on some channels than on others; some are answered, few withdrawn."""
    share = tickets["channel"].map(dict(zip(CHANNELS, rng.uniform(0.2, 0.9, len(CHANNELS)), strict=True)))
    asked = tickets[tickets["resolved_at"].notna() & (rng.random(len(tickets)) < share)]
    rows, levels = len(asked), np.arange(1, 6)
    answered = rng.random(rows) < rng.uniform(0.2, 0.6)
    sent = asked["resolved_at"]
    given = (sent + pd.to_timedelta(np.round(rng.exponential(DAY, rows)), unit="s")).where(answered)
    score = np.where(answered, rng.choice(levels, rows, p=rng.dirichlet([1, 1, 2, 4, 6])), np.nan)
    return pd.DataFrame({"response_id": [f"R{number}" for number in range(rows)], "team": asked["team"],
        "source": "surveys.csv", "kind": "csat", "sent_at": sent, "answered_at": given, "sent_on": sent.dt.date,
        "answered_on": given.dt.date, "score": score, "scale_min": 1, "scale_max": 5, "ticket_id": asked["ticket_id"],
        "agent": asked["agent"], "comment": np.where(rng.random(rows) < 0.3, "words", None),
        "invalidated": answered & (rng.random(rows) < rng.uniform(0, 0.05))})[lambda frame:
            frame["answered_at"].isna() | (frame["answered_at"] <= AS_OF)].reset_index(drop=True)  # fmt: skip


def _events(rng: np.random.Generator, tickets: pd.DataFrame) -> pd.DataFrame:
    """Each ticket's first assignment, and for some a transfer at any time in the weeks after."""
    agents = tickets.groupby("team")["agent"].unique()
    first = pd.DataFrame({"ticket_id": tickets["ticket_id"], "at": tickets["created_at"], "team": tickets["team"],
        "kind": "assign", "agent": tickets["agent"], "value": tickets["agent"]})  # fmt: skip
    moved = first[rng.random(len(first)) < 0.15].copy()
    moved["kind"], moved["value"] = "transfer", [rng.choice(agents[team]) for team in moved["team"]]
    moved["at"] += pd.to_timedelta(np.round(rng.exponential(3 * DAY, len(moved))), unit="s")
    return pd.concat([first, moved], ignore_index=True).assign(source="log.csv", actor="system")


def _calls(rng: np.random.Generator, team: str) -> pd.DataFrame:
    """Calls with skewed times of talk; one in ten is not answered, wrong numbers end at any time."""
    rows = int(rng.integers(500, 2500))
    offered = _instants(rng, rows, weekend=0.2)
    talk = np.round(rng.lognormal(np.log(rng.uniform(90, 300)), rng.uniform(0.6, 1.0), rows))
    wrong = rng.random(rows) < 0.02
    talk = np.where(wrong, rng.integers(1, 60, rows), talk)
    answered = rng.random(rows) > 0.1
    agents = int(rng.integers(3, 12))
    return pd.DataFrame({"call_id": [f"{team}{number}" for number in range(rows)], "team": team, "source": "calls.csv",
        "offered_at": offered, "offered_on": offered.date, "answered": answered,
        "answered_at": (offered + pd.to_timedelta(rng.exponential(20, rows).round(), unit="s")).where(answered),
        "talk_seconds": np.where(answered, talk, np.nan),
        "agent": np.where(answered, [f"{team} {one}" for one in rng.integers(0, agents, rows)], None),
        "abandoned_in": np.where(answered, None, "queue")})  # fmt: skip


def measure(sets: int, workers: int) -> dict[str, int]:
    """In how many of so many clean data sets each check told of something."""
    counts = Counter({check.__name__: 0 for _, check in CHECKS})
    with ProcessPoolExecutor(workers) as pool:
        for checks in pool.map(told, range(sets), chunksize=5):
            counts.update(checks)
    return dict(counts)


def report(counts: dict[str, int], sets: int, form: str) -> str:
    """One line per check: data sets told, rate, Wilson's 95 % interval."""
    rows = []
    for check, hits in counts.items():
        low, high = (float(one) for one in wilson(hits, sets))
        rows.append({"check": check, "told": hits, "of": sets, "rate": hits / sets, "low": low, "high": high})
    if form == "json":
        return json.dumps(rows, indent=1)
    texts = [(one["check"], str(one["told"]), percent(one["rate"]), f"{percent(one['low'])} to {percent(one['high'])}")
        for one in rows]  # fmt: skip
    head = ("check", f"told in, of {sets:,}", "rate", "95 % interval")
    if form == "markdown":
        lines = ["| " + " | ".join(cells) + " |" for cells in (head, ("---", "---:", "---:", "---:"), *texts)]
        return "\n".join(lines)
    return "\n".join(f"{one:<30} {two:>16} {three:>6} {four:>16}" for one, two, three, four in (head, *texts))


def percent(share: float) -> str:
    """A share with one decimal."""
    return f"{100 * share:.1f} %"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--format", choices=("table", "markdown", "json"), default="table")
    asked = parser.parse_args()
    started = time.perf_counter()
    print(report(measure(asked.sets, asked.workers), asked.sets, asked.format))
    if asked.format == "table":
        print(f"{time.perf_counter() - started:.0f} s with {asked.workers} workers")


if __name__ == "__main__":
    main()
