"""The sample's README: what the data are, and every planted thing with its size as it came out.

The text is here, the figures come from ``planted.json``'s contents, so that neither can grow stale without the
other.
"""

from __future__ import annotations

from typing import Any

from sample.world import TEST_FACTOR

KINDS = {
    "exact_duplicate": "exact copies of a row, some rows further down",
    "conflicting_duplicate": "copies of a row with the same id and another priority (one copy makes one pair)",
    "reply_before_creation": "first replies before the ticket was made",
    "resolved_before_creation": "tickets resolved before they were made",
    "unreadable_date": "dates that are none: `31.02.2026`, `n/a?`, `00.00.0000`",
    "too_few_fields": "rows with three fields only",
    "score_outside_scale": "scores outside their scale: 6 and 0 of 1-5, 11 of 0-10",
    "mojibake": "subjects that were UTF-8 read as Windows-1251 by an earlier system",
    "hostile_subject": (
        "subjects that try something: `<script>alert(1)</script>`, `{{ 7*7 }}`, `=cmd|'/c calc'!A1`, "
        "and one with emoji and right-to-left text"
    ),
}
FORMS = {
    "helsinki/tiketit.csv": "semicolons, UTF-8 with a mark, `dd.mm.yyyy`, decimal comma, day and time in two columns",
    "helsinki/puhelut.csv.gz": "semicolons, UTF-8, `dd.mm.yyyy`, durations as `hh:mm:ss`",
    "oslo/saker.xlsx": "a workbook with true dates; the rows are on the second sheet, `Saker`",
    "oslo/anrop.zip": "semicolons, Latin-1, in a zip",
    "oslo/hendelser.csv.gz": "semicolons, Latin-1, Norwegian words for events",
    "london/tickets.jsonl.gz": "JSON Lines, instants in UTC, lists and true booleans",
    "london/calls.csv.gz": "commas, UTF-8, instants with their offset",
    "london/ticket-events.csv.gz": "commas, UTF-8, instants in UTC",
    "almaty/obrashcheniya.txt": "tabs, Windows-1251, `dd.mm.yyyy`, a dash for nothing",
    "almaty/zvonki.txt.gz": "tabs, UTF-16, talk in minutes with a decimal comma, waits in seconds",
    "surveys.csv.gz": "commas, UTF-8; csat, ces, nps and agent surveys; team codes",
    "quality/reviews.csv.gz": "commas; one row per criterion of a review",
    "people/agents.csv": "commas; agents with languages",
    "people/training.csv": "commas; courses",
    "people/shifts.csv.gz": "commas; two shifts a day",
    "shop/customers.csv.gz": "commas",
    "shop/orders.parquet": "Parquet",
    "shop/offers.json.gz": "a JSON list",
    "changes.csv": "commas; dated changes in how teams work",
    "quality/mystery-tests.csv.gz": "commas; a row per test call or test e-mail, with the tester's type",
    "quality/public-reviews.csv.gz": "commas; stars, replies, texts and author names (which are not mapped)",
}

TEXT = """# The sample

Fourteen months of customer service at {client}, which does not exist. Neither do its customers, agents, tickets or
calls: everything was drawn by a program, with a fixed seed. The data are here so that the product can be tried,
shown and tested without anybody's real data. Some effects were planted that an audit must find, and some dirt that
it must not stumble over. This page lists all of it. `planted.json` says the same to programs, with the file, row
and column of every dirty row.

Four teams sell outdoor gear by mail and answer customers in Helsinki (Finnish), Oslo (Norwegian), London (English)
and Almaty (Russian), each in its own time zone and with its own systems. The data run from {first_day} to
{last_day}, and the audit looks at them as of 2026-06-01 00:00 UTC. `audit.toml` maps every file.

To make the files again: `python scripts/make_sample.py`. The same code gives the same files, byte for byte; only
what a compressor or a Parquet writer of another version packs may differ, and there the content is the same.
`audit.toml` and `logo.svg` are made by hand.

## The files

| file | table | rows | form |
|---|---|--:|---|
{files}

The rows are as written, copies included. A row is numbered as a spreadsheet does it: the header is row 1. Lines of
JSON count from 1.

## Planted effects

All sizes were counted in the drawn tickets and calls before dirt was added. Excluded tickets (spam, merged, test)
and tickets that the team itself began are left out.

### 1. A process change that worked: London, 1 February 2026

London began to sort its queue each morning; `changes.csv` has the day, and half the waiting time as the wanted
effect. From then on every first response takes 0.55 times as long as it would have. Look at
`first_response_time_business` by month. The other teams did not change.

| team | median before (business hours) | n | median after | n | after / before |
|---|--:|--:|--:|--:|--:|
{change}

Two more changes are listed in `changes.csv` and have **no** effect: a new phone menu in Oslo (2025-10-01) and
renewed answer templates in Helsinki (2026-03-02). A good audit says that nothing can be concluded there.

### 2. A weekend gap: Oslo

Oslo's customers write at weekends almost as much as on weekdays, and nobody answers before Monday. The business
clock hides the wait; the calendar clock shows it. Look at arrivals by hour and weekday, and at
`first_response_time` by weekday. London, which is open on Saturdays from 9 to 13, answers some.

| team | tickets made at weekends | share | answered before Monday | median wait, weekend (calendar hours) | weekday |
|---|--:|--:|--:|--:|--:|
{weekend}

### 3. Closing in bulk at the end of the month: Helsinki

More than a quarter of Helsinki's tickets lie until the last working day of a month and are resolved between 15:00
and 16:00, in three batches of a minute each (15:17, 15:36 and 15:52). Planted tickets: {bulk_planted}. Look at
`resolved_at` by day and minute.

| team | resolved | in the last working hour of a month | share | minutes with five or more | most in one minute |
|---|--:|--:|--:|--:|--:|
{bulk}

### 4. Answers heaped just under the target: Almaty

The target is four business hours. Of the answers that would have come between 4:00 and 6:00, 85 % are stamped
between 3:50 and 4:00, and most of the rest of the first twenty minutes are moved behind 4:20. Almaty meets its
target of 80 % within four hours only because of it. Look at the distribution of business response times by ten
minutes.

| team | answered | 3:40-3:50 | 3:50-4:00 | 4:00-4:10 | 4:00-4:20 | within four hours |
|---|--:|--:|--:|--:|--:|--:|
{heap}

### 5. Repeat contacts after a too-quick close: Helsinki

When Helsinki resolves a ticket within ten minutes, the customer often comes back: within three days of the first
ticket's creation there is another one of the same customer with the same reason. Elsewhere a quick close does no
harm. Look at repeats by time to resolution, and at `fcr`. (Almaty's export has no customer, so its figures cannot
be found in the data.) Calls are not counted here, because their matter is not known; with them every share is a few
points higher.

| team | quick closes | repeated | share | others | repeated | share |
|---|--:|--:|--:|--:|--:|--:|
{repeats}

### 6. A seasonal peak: December, London and Oslo

Demand is 1.7 times the usual in December 2025, and callers wait 2.4 times as long. Helsinki and Almaty have no
peak. The ratio compares contacts per day with October, November, January and February.

| team | December tickets | ratio | December calls | ratio | median wait, answered, December (s) | else (s) |
|---|--:|--:|--:|--:|--:|--:|
{peak}

### 7. Tests after hours: Almaty

From January to May 2026 an agency sent test e-mails to every team and called it, in and out of opening hours. A test
waits as long as a customer's contact at such hours does, drawn from the tickets and calls of those months; but
e-mails that reach Almaty after hours wait {test_factor:g} times as long. Look at the tests against the reported times.
Five calls a team were made after hours: nobody answers, and the reports know of no such calls. Six calls a team were
made by its own lead, who is answered at once; they do not count.

| team | e-mails in hours | answered in 5 days | median (h) | e-mails after hours | answered | median (h) |
|---|--:|--:|--:|--:|--:|--:|
{tests}

### 8. A review site that nobody looks at: Oslo

About four public reviews of five get a reply within days, except that Oslo does not reply on `Shopmirror` at all. Look
at the public reviews by site, and at the low ones without a reply.

| team | site | reviews | replied | one or two stars, no reply |
|---|---|--:|--:|--:|
{sites}

### Smaller things that are so by design

- Some tickets are still open on the last day, old ones among them; some were never answered, some resolved without
  a word.
- Satisfaction falls a little with the time to resolution and after a reopening. Agents differ in skill, which shows
  in quality reviews. The reviewer `Quality 3` is stricter than the others, which shows in the calibration reviews.
- London's own `slaMet` counts three days by the calendar.
- Some customers telephone about a ticket of theirs; those calls carry its number.
- The logs of Oslo and London begin on 1 February 2026 and agree with the tickets.
- A few answers to surveys were withdrawn, all of them bad ones.

## Planted dirt

| what | where | rows |
|---|---|--:|
{dirt}

And beyond single rows:

- **Columns that are missing**: Almaty's tickets have no customer id; Oslo's calls do not say whether the matter was
  settled. Measures that need them are not available for that team, with the reason.
- **Encodings**: Windows-1251, UTF-16 and Latin-1 beside UTF-8, as listed above.
- **A local time that exists twice**: tickets {twice} were made on 2025-10-26 in the hour that the
  wall clock showed twice. Their files cannot tell which of the two it was.
"""


def readme(planted: dict[str, Any]) -> str:
    """The text of README.md for the contents of planted.json."""
    effects = planted["effects"]
    change, bulk = effects["process_change"], effects["month_end_closes"]
    teams = list(bulk)
    return TEXT.format(
        client=planted["client"],
        first_day=planted["first_day"],
        last_day=planted["last_day"],
        files=_files(planted["files"]),
        change=_table([team, *_change(change[team])] for team in teams),
        weekend=_table([team, *_weekend(effects["weekend_gap"][team])] for team in teams),
        bulk_planted=bulk["Helsinki"]["planted"],
        bulk=_table([team, *_bulk(bulk[team])] for team in teams),
        heap=_table([team, *_heap(effects["heaping"][team])] for team in teams),
        repeats=_table([team, *_repeats(effects["repeats_after_quick_close"][team])] for team in teams),
        peak=_table([team, *_peak(effects["december_peak"][team])] for team in teams),
        test_factor=TEST_FACTOR,
        tests=_table([team, *_tests(effects["tests_after_hours"][team])] for team in teams),
        sites=_table(
            [team, f"`{site}`", *one.values()] for team in teams for site, one in effects["unseen_site"][team].items()
        ),
        dirt=_dirt(planted["dirt"]["counts"]),
        twice=", ".join(planted["dirt"]["shown_twice"]),
    )


def _files(files: list[dict[str, Any]]) -> str:
    rows = []
    for one in files:
        name = one["path"].removeprefix("data/")
        rows.append([f"`data/{name}`", one["table"], f"{one['rows']:,}", FORMS[name]])
    return _table(rows)


def _change(one: dict[str, Any]) -> list[str]:
    ratio = f"{one['ratio']:.2f}"
    return [_hours(one["before_median"]), one["before_n"], _hours(one["after_median"]), one["after_n"], ratio]


def _weekend(one: dict[str, Any]) -> list[str]:
    waits = [_hours(one["weekend_median_calendar"]), _hours(one["weekday_median_calendar"])]
    return [one["at_weekends"], _percent(one["share"]), one["answered_before_monday"], *waits]


def _bulk(one: dict[str, Any]) -> list[str]:
    most = [one["minutes_with_five_or_more"], one["fullest_minute"]]
    return [one["resolved"], one["in_last_hour"], _percent(one["share"]), *most]


def _heap(one: dict[str, Any]) -> list[str]:
    names = ("answered", "from_3h40_to_3h50", "from_3h50_to_4h00", "from_4h00_to_4h10", "from_4h00_to_4h20")
    within = f"{one['within_target']} ({_percent(one['within_target'] / one['answered'])})"
    return [*(one[name] for name in names), within]


def _repeats(one: dict[str, Any]) -> list[str]:
    return [
        value
        for name in ("quick", "other")
        for value in (one[f"{name}_n"], one[f"{name}_repeated"], _percent(one[f"{name}_share"]))
    ]


def _peak(one: dict[str, Any]) -> list[str]:
    tickets = [one["tickets_in_december"], f"{one['tickets_ratio']:.2f}"]
    calls = [one["calls_in_december"], f"{one['calls_ratio']:.2f}"]
    return [*tickets, *calls, f"{one['december_median_wait']:g}", f"{one['other_median_wait']:g}"]


def _tests(one: dict[str, Any]) -> list[str]:
    return [
        value
        for name in ("open", "closed")
        for value in (one[f"{name}_mails"], one[f"{name}_answered"], _hours(one[f"{name}_median"]))
    ]


def _dirt(counts: dict[str, dict[str, int]]) -> str:
    rows = []
    for kind, words in KINDS.items():
        where = ", ".join(f"`{file}` {count}" for file, count in counts[kind].items())
        rows.append([words.replace("|", "\\|"), where, sum(counts[kind].values())])
    return _table(rows)


def _table(rows: Any) -> str:
    return "\n".join(f"| {' | '.join(str(cell) for cell in row)} |" for row in rows)


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.2f}"


def _percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %")
