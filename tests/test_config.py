"""audit.toml: what may be written, and how every mistake is told, all at once, with its place and remedy."""

# ruff: noqa: E501  (each mistake stands on one line with what is said about it)
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support import AUDIT

from auditkit.config import Config, read_config
from auditkit.errors import ConfigError
from auditkit.facts.facts import FACT_TYPES
from auditkit.measures import CATALOGUE
from auditkit.relations import RELATIONS

BENCHMARK = """[[benchmark]]
measure = 'csat'
variant = 'default'
value = 0.8
source = 'S'
date = 2026-01-01
comparable = true
"""
SOURCE = '[[source]]\ntable = "tickets"\npath = "data/tickets.csv"\n'


def read(folder, text: str) -> Config:
    (folder / "audit.toml").write_text(text, encoding="utf-8")
    return read_config(folder / "audit.toml", CATALOGUE)


def problems(folder, text: str) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        read(folder, text)
    assert raised.value.exit_code == 3
    return [str(problem) for problem in raised.value.problems]


def test_the_smallest_configuration(tmp_path):
    config = read(tmp_path, AUDIT + SOURCE)
    assert (config.audit.language, config.audit.timezone, config.as_of) == ("en", "UTC", None)
    assert config.hours_of("North") == [] and config.zone_of("North") == "UTC"


def test_what_design_shows_is_understood(tmp_path):
    config = read(
        tmp_path,
        """
[audit]
client = "Acme Oy"
language = "fi"
timezone = "Europe/Helsinki"
as_of = 2026-06-01T00:00:00Z
[[source]]
table = "tickets"
path = "data/tickets-*.csv"
encoding = "auto"
delimiter = "auto"
dates = "day-first"
timezone = "Europe/Helsinki"
missing = ["?", "N/A", ""]
[source.columns]
ticket_id = "Id"
created_at = ["Date", "Time"]
[source.constants]
team = "Service desk"
[source.values.channel]
"E-mail" = "email"
[hours.default]
mon-fri = "08:00-16:00"
holidays = "FI"
[hours."Service desk"]
daily = "24h"
[targets]
first_response_time_business = { statistic = "median", at_most = "4h" }
csat = { at_least = 0.85, minimum_n = 30 }
service_level = { at_least = 0.80, within = "20s" }
""",
    )
    assert config.targets["first_response_time_business"].bound == 14400
    assert config.targets["service_level"].within == 20
    assert config.hours_of("Service desk") == [{"daily": "24h"}]
    assert config.hours_of("Other") == [{"mon-fri": "08:00-16:00", "holidays": "FI"}]


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-06-01T00:00:00Z", "2026-06-01T00:00:00"),
        ("2026-06-01T00:00:00+03:00", "2026-05-31T21:00:00"),
        ("2026-06-01T00:00:00", "2026-05-31T21:00:00"),  # naive: in the audit's zone
        ("2026-06-01", "2026-05-31T21:00:00"),  # a day: its beginning
    ],
)
def test_as_of_in_utc(tmp_path, written, instant):
    text = f'[audit]\nclient = "x"\ntimezone = "Europe/Helsinki"\nas_of = {written}\n' + SOURCE
    assert read(tmp_path, text).as_of == datetime.fromisoformat(instant).replace(tzinfo=UTC)


# what is added to a good file, and the problem that it makes
MISTAKES = [
    ("[audti]\n", "audit.toml, key 'audti': is not a known key. Did you mean 'audit'?"),
    ("[source.colums]\n", "audit.toml, source 1 (tickets), key 'colums': is not a known key. Did you mean 'columns'?"),
    ("[source.columns]\ncreated_on = 'x'\n", "audit.toml, source 1 (tickets), key 'columns.created_on': is not a column of tickets. Did you mean 'created_at'?"),
    ("[source.constants]\nteem = 'x'\n", "audit.toml, source 1 (tickets), key 'constants.teem': is not a column of tickets. Did you mean 'team'?"),
    ("[source.values.outcome]\nfine = 'ok'\n", "audit.toml, source 1 (tickets), key 'values.outcome.fine': 'ok' is not a value of outcome (expected success, partial, failure)."),
    ("[[source]]\ntable = 'tikets'\npath = 'x'\n", "audit.toml, source 2 (tikets), key 'table': 'tikets' is not a table. Did you mean 'tickets'?"),
    ("[[source]]\ntable = 'calls'\n", "audit.toml, source 2 (calls), key 'path': is missing."),
    ("[[source]]\ntable = 'calls'\npath = 'x'\nfold = 'last'\n", "audit.toml, source 2 (calls), key 'fold': only tickets can be folded from updates."),
    ("[targets]\ncsatt = { at_least = 0.8 }\n", "audit.toml, key 'targets.csatt': is not a known measure. Did you mean 'csat'?"),
    ("[targets]\ncsat = { atleast = 0.8 }\n", "audit.toml, key 'targets.csat.atleast': is not a known key. Did you mean 'at_least'?"),
    ("[targets]\ncsat = { at_least = 85 }\n", "audit.toml, key 'targets.csat': at_least = 85 is more than the whole (expected a share of 1, such as 0.85)."),
    ("[targets]\nresolution_time = { statistic = 'p95', at_most = '4h' }\n", "audit.toml, key 'targets.resolution_time': statistic 'p95' is not one of resolution_time (expected median, mean, p90)."),
    ("[targets]\nservice_level = { variant = 'v7', at_least = 0.8 }\n", "audit.toml, key 'targets.service_level': variant 'v7' is not one of service_level. Known: default, v1, v2"),
    ("[targets]\nresolution_time = { at_most = '4 parsecs' }\n", "audit.toml, key 'targets.resolution_time': '4 parsecs' is not a duration (expected \"20s\""),
    ("[targets]\nservice_level = { within = 'soon' }\n", "'soon' is not a duration"),
    ("[targets]\nservice_level = { within = { high = 'soon' } }\n", "audit.toml, key 'targets.service_level.within.high': 'soon' is not a duration"),
    ("[[source]]\ntable = 'calls'\npath = 'x'\nupdated_at = 3\n", "audit.toml, source 2 (calls), key 'updated_at': 3 cannot be used (expected a text in quotes)."),
    ("[targets]\ncsat = { at_least = 0.8, at_most = 0.9 }\n", "audit.toml, key 'targets.csat': has both at_least and at_most (expected one of them)."),
    ("[targets]\ncsat = { at_least = 0.8, minimum_n = 0 }\n", "audit.toml, key 'targets.csat.minimum_n': 0 cannot be used (expected 1 or more)."),
    ("[teams.North]\ntimezone = 'Europe/Helsinky'\n", "audit.toml, key 'teams.North.timezone': 'Europe/Helsinky' is not a time zone (expected an IANA name such as Europe/Helsinki). Did you mean 'Europe/Helsinki'?"),
    ("[teams.North]\ntimezone = '../../x'\n", "'../../x' is not a time zone"),
    ("[hours.default]\nmon-fri = '08:00-25:00'\n", "audit.toml, key 'hours.default': "),
    ("[hours.default]\nmon-fry = '08:00-16:00'\n", "audit.toml, key 'hours.default': "),
    ("[hours.default]\nmon = '08:00-12:00, 11:00-13:00'\n", "overlap"),
    ("[hours.default]\nmon = '08:00-16:00'\nspecial = { '24.12.2026' = 'closed' }\n", "audit.toml, key 'hours.default', special '24.12.2026': "),
    ("[hours.default]\nmon = '08:00-16:00'\nfrom = '2026'\n", "audit.toml, key 'hours.default': from = '2026' is not a date (expected from = 2026-01-01)."),
    ("[targets]\ncsat = { at_least = 0.8, by = '2026-12-31' }\n", "audit.toml, key 'targets.csat.by': '2026-12-31': is not a day (expected one without quotes, such as 2026-12-31)."),
    ("[targets]\ncsat = { at_least = 0.8, by = 2026-12-31T00:00:00Z }\n", "is not a day (expected one without quotes"),
    ("[targets]\ncsat = { by = 2026-12-31 }\n", "audit.toml, key 'targets.csat': has a day by which to reach nothing (expected at_least or at_most beside by)."),
    (BENCHMARK.replace("source = 'S'\n", ""), "audit.toml, benchmark 1 (csat), key 'source': is missing."),
    (BENCHMARK.replace("source = 'S'\n", "source = ' '\n"), "audit.toml, benchmark 1 (csat): has no source (expected who published it, and where)."),
    (BENCHMARK.replace("date = 2026-01-01\n", ""), "audit.toml, benchmark 1 (csat), key 'date': is missing."),
    (BENCHMARK.replace("2026-01-01", "'last year'"), "audit.toml, benchmark 1 (csat), key 'date': 'last year': is not a day"),
    (BENCHMARK.replace("value = 0.8\n", ""), "audit.toml, benchmark 1 (csat): has no figure (expected value, or both low and high)."),
    (BENCHMARK.replace("0.8\n", "0.8\nlow = 0.9\nhigh = 0.95\n"), "has its figures in the wrong order (expected low, value, high)"),
    (BENCHMARK.replace("0.8\n", "nan\n"), "audit.toml, benchmark 1 (csat): has a figure that is no number"),
    (BENCHMARK.replace("0.8\n", "80\n"), "audit.toml, benchmark 1 (csat): value = 80 is more than the whole (expected a share of 1, such as 0.8)."),
    (BENCHMARK.replace("0.8\n", "'soon'\n"), "'soon' is not a duration"),
    (BENCHMARK.replace("'csat'", "'csatt'"), "audit.toml, benchmark 1 (csatt): 'csatt' is not a known measure. Did you mean 'csat'?"),
    (BENCHMARK.replace("'default'", "'v9'"), "audit.toml, benchmark 1 (csat): variant 'v9' is not one of csat."),
    (BENCHMARK.replace("variant = 'default'\n", ""), "is comparable, but names no variant of ours"),
    (BENCHMARK.replace("true", "false"), "is not comparable, without a reason"),
    (BENCHMARK + "kind = 'competitor'\n", "is a competitor without a name"),
    (BENCHMARK + "sorce = 'x'\n", "audit.toml, benchmark 1 (csat), key 'sorce': is not a known key. Did you mean 'source'?"),
    ("[costs]\nhour = 0\n", "audit.toml, key 'costs.hour': 0 cannot be used (expected more than 0)."),
    ("[costs]\nhuor = 38\n", "audit.toml, key 'costs.huor': is not a known key. Did you mean 'hour'?"),
    ("[branding]\naccent = 'blue'\n", "audit.toml, key 'branding.accent': 'blue' cannot be used (expected a colour such as #1f5f8b)."),
    ("[[source]]\ntable = 'calls'\npath = 'x'\nencoding = 'utf-88'\n", "audit.toml, source 2 (calls), key 'encoding': 'utf-88' is not an encoding (expected auto, or a name such as utf-8 or cp1252). Did you mean 'utf-8'?"),
    ("[[source]]\ntable = 'calls'\npath = 'x'\ndelimiter = 'semi-colon'\n", "audit.toml, source 2 (calls), key 'delimiter': 'semi-colon' cannot part the columns (expected auto, one character, or comma, semicolon, tab, pipe). Did you mean 'semicolon'?"),
    ("[[source]]\ntable = 'tickets'\npath = 'x'\nfold = 'lst'\n", "audit.toml, source 2 (tickets), key 'fold': 'lst' is not understood (expected auto, none, last). Did you mean 'last'?"),
    ("[[source]]\ntable = 'calls'\npath = 'x'\nmissing = '-'\n", "audit.toml, source 2 (calls), key 'missing': '-' cannot be used (expected a list with something in it)."),
    ("[hours.default]\nmon = '24h'\nholidays = 'XX'\n", "audit.toml, key 'hours.default': no holidays are known for 'XX' (expected a code such as FI; the nearest is "),
    ("[hours.default]\nmon = '24h'\nholidays = ['FI', 'NO-99']\n", "audit.toml, key 'hours.default': 'NO-99' is not a part of NO (expected a code such as NO-"),
    ("[hours.default]\nmon = 8\n", "audit.toml, key 'hours.default': 'mon': 8 is not a span of hours"),
    ("[measure.mine]\nkind = 'shre'\nof = 'calls'\ndated_by = 'offered_at'\nsummary = 'x'\n", "audit.toml, key 'measure.mine.kind': 'shre' is not understood (expected count, share, quantity). Did you mean 'share'?"),
    ("[measure.csat]\nkind = 'count'\nof = 'surveys'\ndated_by = 'answered_at'\nsummary = 'x'\n", "audit.toml, key 'measure.csat': is the name of a measure of the catalogue (expected a name of its own)."),
    ("[measure.mine]\nkind = 'count'\nof = 'ticket'\ndated_by = 'created_at'\nsummary = 'x'\n", "audit.toml, key 'measure.mine': of = 'ticket' is not a table of measures (expected tickets, calls, surveys, contacts, journeys, update_windows, scored_reviews, review_criteria, mystery_tests, agent_days, trainings, offers, team_orders, customer_teams). Did you mean 'tickets'?"),
    ("[measure.mine]\nkind = 'count'\nof = 'calls'\ndated_by = 'created_at'\nsummary = 'x'\n", "audit.toml, key 'measure.mine': dated_by = 'created_at' does not date calls (expected offered_at)."),
    ("[measure.mine]\nkind = 'share'\nof = 'calls'\ndated_by = 'offered_at'\nsummary = 'x'\n", "audit.toml, key 'measure.mine': is a share without met"),
    ("[measure.mine]\nkind = 'count'\nof = 'calls'\ndated_by = 'offered_at'\nsummary = 'x'\nneeds = ['wait']\n", "audit.toml, key 'measure.mine': needs 'wait', which is not a column of calls."),
    ("[measure.mine]\nkind = 'count'\nof = 'calls'\ndated_by = 'offered_at'\nsummary = 'x'\ncounted = 'offered_at < NOW()'\n", "audit.toml, key 'measure.mine': counted uses NOW, which differs from one run to the next"),
    ("[measure.mine]\nkind = 'share'\nof = 'calls'\ndated_by = 'offered_at'\nsummary = 'x'\nmet = 'random() < 0.5'\n", "audit.toml, key 'measure.mine': met uses random, which differs"),
    ("[measure.mine]\nkind = 'quantity'\nof = 'calls'\ndated_by = 'offered_at'\nsummary = 'x'\nvalue = 'epoch(age(offered_at))'\n", "audit.toml, key 'measure.mine': value uses age, which differs"),
]  # fmt: skip


@pytest.mark.parametrize("counted", ["queue = 'now'", "epoch(age(answered_at, offered_at)) < 20", "today_calls"])
def test_words_that_only_look_like_clocks_may_be_written(tmp_path, counted):
    written = "[measure.mine]\nkind = 'count'\nof = 'calls'\ndated_by = 'offered_at'\nsummary = 'x'\n"
    made = read(tmp_path, AUDIT + SOURCE + f'{written}counted = "{counted}"\n')
    assert made.measure["mine"].counted == counted


@pytest.mark.parametrize(("added", "problem"), MISTAKES, ids=[case[0].replace("\n", " ") for case in MISTAKES])
def test_a_mistake_is_told_with_its_place_and_remedy(tmp_path, added, problem):
    (found,) = problems(tmp_path, AUDIT + SOURCE + added)
    assert problem in found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SOURCE, "audit.toml, key 'audit': is missing."),
        (AUDIT, "audit.toml, key 'source': is missing."),
        ("source = []\n" + AUDIT, "key 'source': "),
        ('[audit]\nclient = ""\n' + SOURCE, "key 'audit.client': "),
        (
            '[audit]\nclient = "x"\nlanguage = "sv"\n' + SOURCE,
            "key 'audit.language': 'sv' is not understood (expected en, fi, nb, ru).",
        ),
        (
            '[audit]\nclient = "x"\ntimezone = "Helsinki"\n' + SOURCE,
            "key 'audit.timezone': 'Helsinki' is not a time zone",
        ),
        ('[audit]\nclient = "x"\nas_of = "yesterday"\n' + SOURCE, "key 'audit.as_of': "),
        ('audit = "x"\n' + SOURCE, "key 'audit': "),
        ("hours = 8\n" + AUDIT + SOURCE, "key 'hours': "),
        ("teams = ['North']\n" + AUDIT + SOURCE, "key 'teams': "),
        ("targets = 5\n" + AUDIT + SOURCE, "key 'targets': "),
        ("measure = 5\n" + AUDIT + SOURCE, "key 'measure': "),
    ],
)
def test_a_part_that_is_missing_or_of_the_wrong_kind_is_told(tmp_path, text, problem):
    found = problems(tmp_path, text)
    assert any(problem in one for one in found), found


def test_all_mistakes_are_told_at_once(tmp_path):
    mistakes = [MISTAKES[number] for number in (1, 5, 8, 19)]
    found = problems(tmp_path, AUDIT + SOURCE + "".join(added for added, _ in mistakes))
    assert len(found) == 4
    for _, problem in mistakes:
        assert any(problem in one for one in found)


def test_two_faults_of_one_week_are_two_problems_beside_the_others(tmp_path):
    hours = "[hours.default]\nmon-fry = '08:00-16:00'\ntue = '08:00-25:00'\nholidays = 'XX'\n"
    found = problems(tmp_path, AUDIT + SOURCE + "encoding = 'utf-88'\n" + hours)
    assert len(found) == 4
    assert all("\n" not in one for one in found)


@pytest.mark.parametrize("written", ["comma", "semicolon", "tab", "pipe", ";", "\t", "^"])
def test_a_delimiter_is_a_character_or_its_name(tmp_path, written):
    assert read(tmp_path, AUDIT + SOURCE + f"delimiter = '{written}'\n").source[0].delimiter == written


def test_a_syntax_error_names_file_and_line(tmp_path):
    (found,) = problems(tmp_path, AUDIT + "[[source]\n")
    assert "is not valid TOML" in found and "line 3" in found and "audit.toml" in found


def test_a_file_that_is_not_there_says_how_to_get_one(tmp_path):
    with pytest.raises(ConfigError, match="auditkit new"):
        read_config(tmp_path / "audit.toml")


def test_a_file_that_is_not_utf_8_is_told(tmp_path):
    (tmp_path / "audit.toml").write_bytes('[audit]\nclient = "Työ"\n'.encode("latin-1"))
    with pytest.raises(ConfigError, match="UTF-8"):
        read_config(tmp_path / "audit.toml")


def test_a_byte_order_mark_does_no_harm(tmp_path):
    (tmp_path / "audit.toml").write_text(AUDIT + SOURCE, encoding="utf-8-sig")
    assert read_config(tmp_path / "audit.toml").audit.client == "Acme Oy"


def test_measures_can_be_dated_by_every_stored_local_day():
    stored = {
        table: {name.removesuffix("_on") + "_at" for name in facts if name.endswith("_on")}
        for table, facts in FACT_TYPES.items()
    }
    assert {table: set(RELATIONS[table].dated) for table in stored} == stored
