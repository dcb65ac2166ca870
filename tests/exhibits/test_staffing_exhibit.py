"""Staffing in a report: the title is where agents are fewest, every note carries the assumption."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from small_report import context, plain, texts

from auditkit.clocks.period import parse_period
from auditkit.clocks.week_hours import HOURS_PER_WEEK, hour_of_week, weekly_load
from auditkit.exhibits.staffing import staffing
from auditkit.staffing import ASSUMPTIONS, COLUMNS, Staffing, _with_duty

MAY = parse_period("2026-05")


def made(*hours: tuple[int, int, int, float | None], measured: float = 0.5, **more) -> Staffing:
    """Hours of the week (weekday, hour, calls in four weeks of three minutes each, agents on duty)."""
    calls, agents = np.zeros(HOURS_PER_WEEK), np.full(HOURS_PER_WEEK, np.nan)
    for weekday, hour, count, duty in hours:
        calls[hour_of_week(weekday, hour)] = count
        agents[hour_of_week(weekday, hour)] = np.nan if duty is None else duty
    load = weekly_load(calls, np.full(HOURS_PER_WEEK, 4.0), calls, 180 * calls)
    load = load.assign(measured_service_level=measured, measured_n=load["calls"])
    duty = pd.Series(agents[hour_of_week(load["weekday"], load["hour"])], index=load.index)
    return Staffing("Service desk", MAY, 20.0, 0.8, _with_duty(load, duty, 20.0)[list(COLUMNS)], **more)


# 200 calls an hour of 180 s are 10 erlang and need 14 agents; 20 an hour are one erlang and need three.
BUSY = made((1, 9, 80, 3), (1, 10, 800, 12), (1, 11, 800, 12), (1, 12, 800, 13), (2, 10, 800, 14), (6, 10, 80, 3))


def by_id(found: Staffing) -> dict:
    return {exhibit.id: exhibit for exhibit in staffing(context(), found)}


def test_the_title_is_where_agents_are_fewest():
    title = plain(by_id(BUSY)["staffing-week"].data["title"])
    assert title == "Monday 10–12: 2 agents fewer on duty than 80 % in 20 s needs"


def test_one_agent_is_told_in_the_singular_and_the_most_load_decides():
    title = plain(by_id(made((1, 9, 80, 2), (3, 14, 800, 13)))["staffing-week"].data["title"])
    assert title.startswith("Wednesday 14–15: 1 agent fewer on duty")


def test_a_shortage_that_may_be_chance_is_hedged():
    """Twenty calls in four hours need two agents; at their low limit, 12.2, one agent gives 86 %."""
    title = plain(by_id(made((1, 9, 20, 1)))["staffing-week"].data["title"])
    assert title.startswith("Monday 09–10: 1 agent fewer on duty")
    assert title.endswith("if the few calls of that time are not chance")


def test_enough_agents_and_a_service_level_that_misses_are_both_told():
    enough = made((1, 10, 800, 14))
    title = plain(by_id(enough)["staffing-week"].data["title"])
    assert title.startswith("In every hour of the week with calls, as many agents were on duty as 80 % in 20 s needs")
    assert title.endswith("; yet only 50 % were answered in time")
    fine = plain(by_id(made((1, 10, 800, 14), measured=0.9))["staffing-week"].data["title"])
    assert "yet" not in fine


def test_every_note_carries_assumption_target_n_and_zone():
    for exhibit in by_id(BUSY).values():
        note = plain(exhibit.data["note"])
        assert ASSUMPTIONS in note and "Target: 80 % in 20 s." in note
        assert note.startswith("May 2026. 3 360 calls. Europe/Helsinki time.")


def test_the_grid_its_table_and_its_description_say_the_same():
    exhibit = by_id(BUSY)["staffing-week"].as_json()
    rows = {row[0]: row[1:] for row in exhibit["table"]["rows"]}
    assert rows["Monday"] == ["3/3", "14/12", "14/12", "14/13"]
    assert rows["Saturday"] == ["–", "3/3", "–", "–"]
    assert rows["Wednesday"] == ["–"] * 4 and "Sunday" not in rows
    drawn = [node.text for node in ElementTree.fromstring(exhibit["svg"]).iter("{http://www.w3.org/2000/svg}text")]
    assert drawn.count("14/12") == 2 and drawn.count("14/14") == 1
    assert "3 of 6 hours with calls have too few: Monday 10:00 14/12" in plain(exhibit["alt"])


def test_the_hours_with_the_largest_gap_come_first():
    exhibit = by_id(BUSY)["staffing-hours"].data
    assert plain(exhibit["title"]) == "3 of the 6 hours of the week with calls had too few agents"
    first = exhibit["rows"][0]
    assert first[0] == "Monday 10–11" and first[6] == {"text": "−2.0", "tone": "bad"}
    assert plain(first[1]) == "200.0 (186.4–214.4)"  # the Poisson limits of 800, over four hours
    tuesday = exhibit["rows"][3]
    assert tuesday[0] == "Tuesday 10–11" and plain(tuesday[7]) == "89 %"  # 14 agents for 10 erlang: 0.888


def test_what_if_tells_what_one_agent_more_would_do():
    exhibit = by_id(made((1, 10, 800, 13)))["staffing-what-if"].data
    # 13 agents for 10 erlang: C = 0.2853, 1 - C exp(-1/3) = 79.6 %; 14 give 89 %
    assert plain(exhibit["title"]).endswith("would take the expected service level from 80 % to 89 %")
    rows = {row[0]: [plain(cell) for cell in row[1:]] for row in exhibit["rows"]}
    assert rows["As it is"] == ["14", "13", "1 of 1", "0", "80 %"]
    assert rows["A quarter more calls"][:3] == ["16", "13", "1 of 1"]  # 12.5 erlang
    assert list(rows)[1] == "One agent more in every hour"


def test_without_shifts_the_need_alone_is_told():
    found = made((1, 10, 800, None), reasons=("no source has shifts (staffing): who was on duty is not known",))
    exhibits = by_id(found)
    assert list(exhibits) == ["staffing-week", "staffing-hours"]
    title = plain(exhibits["staffing-week"].data["title"])
    assert title == "80 % in 20 s needs up to 14 agents, at its most on Monday 10–11; who was on duty is not known"
    assert "No source has shifts" in texts(exhibits["staffing-week"])
    assert exhibits["staffing-week"].data["table"]["rows"][0][1] == "14"


def test_without_calls_one_text_says_why():
    nothing = Staffing(
        "Desk", MAY, 20.0, 0.8, pd.DataFrame(columns=list(COLUMNS), dtype=float), ("no source has calls",)
    )
    (only,) = staffing(context(), nothing)
    assert (only.kind, only.data["paragraphs"]) == ("prose", ["No source has calls."])


@pytest.mark.parametrize("duty", [0, 0.4, 13.5, 99])
def test_any_staffing_is_drawn_and_is_json(duty):
    import json

    for exhibit in staffing(context(), made(*[(day, hour, 40, duty) for day in range(1, 8) for hour in range(24)])):
        assert json.loads(json.dumps(exhibit.as_json(), allow_nan=False))["id"] == exhibit.id
