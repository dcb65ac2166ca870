"""Each section: its title is the message, its note says what it rests on, its description carries the figures."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from small_report import HOSTILE, MAY, context, figure, plain, share, texts

from auditkit.config import Target
from auditkit.exhibits.calls import calls
from auditkit.exhibits.definitions import definitions
from auditkit.exhibits.quality import concerning, data_quality
from auditkit.exhibits.resolution import resolution
from auditkit.exhibits.scorecard import scorecard
from auditkit.exhibits.speed import speed
from auditkit.exhibits.voice import voice
from auditkit.exhibits.volume import backlog, volume
from auditkit.notices import Notice


def by_id(exhibits):
    return {exhibit.id: exhibit for exhibit in exhibits}


def response(period: str, median: float, low: float, high: float, n: int = 400):
    shared = {"n": n, "low": low, "high": high}
    return [
        figure("first_response_time", period, median, statistic="median", **shared),
        figure("first_response_time", period, 3 * median, statistic="p90", **shared),
    ]


def test_a_title_is_the_message_and_hedges_where_nothing_is_sure():
    sample = np.linspace(600, 14400, 400)
    rows = [*response("2026-04", 7600, 7000, 8200), *response("2026-05", 7500, 6900, 8100)]
    samples = {("first_response_time", one): sample for one in ("2026-04", "2026-05")}
    trend = by_id(speed(context(*rows, samples=samples)))["speed-trend"].data
    expected = "The first response took a median 2 h 05 min on the calendar in May 2026; no clear change since April"
    assert plain(trend["title"]) == expected


def test_a_title_on_few_rows_carries_the_interval():
    rows = [*response("2026-04", 7600, 600, 20000, n=9), *response("2026-05", 7500, 600, 20000, n=9)]
    title = plain(by_id(speed(context(*rows)))["speed-trend"].data["title"])
    assert "2 h (0–6 h)" in title
    assert title.endswith("too few now or in April to tell a change")


def test_note_and_description_carry_clock_n_period_and_figures():
    rows = [*response("2026-04", 7600, 7000, 8200), *response("2026-05", 7500, 6900, 8100)]
    trend = by_id(speed(context(*rows)))["speed-trend"].data
    note = plain(trend["note"])
    assert note.startswith("May 2026. n = 400. Calendar time.")
    assert note.endswith("Measure first_response_time.")
    assert "April 2026: Median 2 h 07 min, 95 % interval 1:57–2:17 h" in plain(trend["alt"])
    assert [plain(cell) for cell in trend["table"]["rows"][-1]] == ["May 2026", "2 h 05 min", "1:55–2:15 h"]


def test_the_distribution_marks_the_target_and_counts_every_answer():
    sample = np.concatenate([np.full(30, 1800.0), np.full(50, 5000.0), np.full(20, 20000.0)])
    shown = speed(
        context(
            *response("2026-05", 5000, 4000, 6000, n=100),
            share("first_response_within", "2026-05", 80, 100),
            samples={("first_response_time", "2026-05"): sample},
            targets={"first_response_within": Target(within="4h", at_least=0.8)},
        )
    )
    exhibit = by_id(shown)["speed-distribution"].data
    assert "target 4\u00a0h: 80\u00a0% within" in exhibit["svg"]
    assert sum(int(row[1]) for row in exhibit["table"]["rows"]) == 100


@pytest.mark.parametrize(
    ("section", "slug"),
    [
        (volume, "volume"),
        (backlog, "backlog"),
        (speed, "speed"),
        (resolution, "resolution"),
        (calls, "calls"),
        (voice, "voice"),
    ],
)
def test_a_section_without_data_is_one_sentence_and_no_chart(section, slug):
    (only,) = section(context(share("reopen_rate", "2025-05", 1, 10)))
    assert (only.id, only.kind) == (slug, "prose")
    assert only.data["paragraphs"]


def test_the_reason_for_missing_data_is_the_engines_own():
    row = figure("calls_offered", "2026-05", None, reason="no source fills the table calls")
    (only,) = calls(context(row))
    assert "No source fills the table calls." in texts(only)


def test_received_and_resolved_stand_together():
    rows = [figure(name, "2026-05", n, n=n) for name, n in (("tickets_received", 1240), ("tickets_resolved", 1198))]
    flow = volume(context(*rows))[0].data
    assert plain(flow["title"]) == "1 240 tickets came in and 1 198 were resolved"
    assert plain(flow["alt"]).endswith("May 2026: Received 1 240, Resolved 1 198.")


def test_arrivals_are_per_hour_of_the_weekday():
    """May 2026 has four Mondays: 40 tickets on Mondays from 9 to 10 are ten in each such hour."""
    rows = pd.DataFrame(
        {
            "created_on": [pd.Timestamp("2026-05-04").date()] * 1000,
            "created_hour": 9,
            "created_weekday": 1,
            "after_hours": None,
        }
    )
    shown = volume(context(figure("tickets_received", "2026-05", 1000), tables={"tickets": rows}))[1].data
    assert plain(shown["title"]) == "The busiest hour is Monday 09–10, with 250.0 tickets on average"
    assert shown["table"]["rows"][0][10] == "250.0"


def test_the_curve_counts_open_tickets_as_not_yet_resolved():
    """Of 20 tickets ten were resolved after an hour, ten are open: half are resolved, never more."""
    made = pd.Timestamp("2026-05-10T06:00:00Z")
    done = [made + pd.Timedelta(hours=1)] * 10 + [pd.NaT] * 10
    rows = pd.DataFrame(
        {
            "created_at": [made] * 20,
            "created_on": [made.date()] * 20,
            "resolved_at": pd.to_datetime(pd.Series(done), utc=True),
            "resolution_seconds": [3600.0] * 10 + [np.nan] * 10,
        }
    )
    row = figure("resolution_time_all", "2026-05", 3600.0, n=20, statistic="median")
    shown = by_id(resolution(context(row, tables={"tickets": rows})))["resolution-curve"].data
    assert (
        plain(shown["title"])
        == "Half of the tickets received in May 2026 were resolved within 1 h 00 min, 50.0 % within 7 days"
    )
    assert [plain(cell) for cell in shown["table"]["rows"][-2]] == ["7 days", "50.0 %"]


def test_variants_are_told_with_the_one_that_flatters():
    values = {"default": 77, "one_touch": 56, "no_reopen": 97}
    rows = tuple(share("fcr", "2026-05", met, 100) | {"variant": name} for name, met in values.items())
    shown = by_id(resolution(context(rows[0], variants=rows)))["resolution-fcr-variants"].data
    assert plain(shown["title"]) == (
        "First contact resolution is 56 % to 97 %, depending on the definition; this report uses 77 %"
    )
    assert "The definition that flatters most is no_reopen" in shown["note"]
    assert [row[0]["strong"] for row in shown["rows"]] == [True, False, False]


def test_nps_shows_its_parts():
    scores = pd.DataFrame(
        {
            "kind": "nps",
            "answered_on": [pd.Timestamp("2026-05-05").date()] * 10,
            "score": [10, 10, 10, 9, 9, 8, 7, 6, 3, 0],
            "scale_min": 0,
            "scale_max": 10,
        }
    )
    row = figure("nps", "2026-05", 0.2, n=10, low=-0.3, high=0.7)
    shown = by_id(voice(context(row, tables={"surveys": scores})))["voice-nps"].data
    cells = [plain(cell) for cell in shown["table"]["rows"][0]]
    assert cells == ["May 2026", "+20", "−30 to +70", "50.0 %", "20.0 %", "30.0 %", "10"]


def test_a_scorecard_row_has_value_interval_verdict_earlier_periods_and_history():
    rows = [share("csat", one.label, 80 - place, 100) for place, one in enumerate(MAY.history(13))]
    rows[-1] |= {"target": 0.85, "verdict": "misses", "verdict_reason": ""}
    made = context(*rows, targets={"csat": Target(at_least=0.85)}, year_before=MAY.year_before())
    (exhibit,) = scorecard(made)
    row = exhibit.data["rows"][0]
    assert plain(row[1]["text"]) == "68 %"
    assert [plain(row[2]), plain(row[3]["text"]), row[3]["tone"]] == ["58–76 %", "≥ 85 %, missed", "bad"]
    assert [plain(row[4]), plain(row[5])] == ["69 %", "80 %"]
    assert row[6]["svg"].startswith("<svg")
    assert plain(row[6]["alt"]) == "From 80 % in May 2025 to 68 % in May; lowest 68 %, highest 80 %"


def test_a_measure_without_figures_is_named_with_its_reason():
    rows = [share("csat", "2026-05", 50, 100), figure("nps", "2026-05", None, reason="no source has the column score")]
    assert "Net Promoter Score (NPS) (no source has the column score)" in scorecard(context(*rows))[0].data["note"]


def test_notices_of_other_teams_stay_out_of_a_teams_report():
    own = Notice("heaped", "high", "tickets", "team North, first_response_time", "North heaps.", 4)
    other = Notice("heaped", "high", "tickets", "team South", "South heaps.", 4)
    file = Notice("copies", "low", "tickets", "data/south.csv", "Rows are copies.", 5)
    assert concerning((own, other, file), "North", ("North", "South"), {"data/north.csv"}) == (own,)


def test_refused_rows_are_counted_by_source():
    source = SimpleNamespace(
        name="data/t.csv", table="tickets", rows_in=200, rows_kept=190, rows_refused=6, rows_folded=4, encoding="utf-8"
    )
    shown = data_quality(context(share("csat", "2026-05", 50, 100), sources=(source,)))
    assert plain(shown[0].data["title"]) == "6 rows of 200 (3.0 %) were refused"
    assert shown[1].data["title"] == "The checks found nothing else to tell"


def test_a_measure_that_rests_on_a_part_of_its_rows_is_listed():
    row = share("csat", "2026-05", 50, 100, completeness=0.62)
    shown = by_id(data_quality(context(row)))["quality-completeness"].data
    assert plain(shown["title"]) == "Customer satisfaction (CSAT) rests on 62.0 % of its rows"


def test_a_definition_says_rule_clock_population_and_variants():
    rows = (share("fcr", "2026-05", 77, 100), share("fcr", "2026-05", 97, 100) | {"variant": "no_reopen"})
    (item,) = definitions(context(rows[0], variants=rows))[0].data["items"]
    said = plain(" ".join([item["text"], *item["details"]]))
    assert item["term"] == "First contact resolution"
    assert "within 7 days" in said and "{days}" not in said
    assert "without spam, merged" in said
    assert "Variant no_reopen: of resolved tickets, those never reopened: 97" in said


def test_hostile_names_stay_text():
    rows = [share("csat", "2026-05", 50, 100), *response("2026-05", 7500, 6900, 8100)]
    made = context(*rows, team=HOSTILE, client=HOSTILE, accent="#c8553d")
    for section in (speed, voice, scorecard, volume, calls):
        for exhibit in section(made):
            shown = exhibit.as_json()
            assert "<script>" not in shown.get("svg", "")
            assert "<script>" not in exhibit._repr_mimebundle_()["text/html"]
    assert HOSTILE in texts(volume(made)[0])
