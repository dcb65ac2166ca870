"""Makes data/sample: ``python scripts/make_sample.py [DIR]``.

Draws the invented company's tickets, calls, surveys and the rest, prints them as its systems would, plants dirt,
and writes the files, ``planted.json`` (what was planted, as it came out) and ``README.md``. The same code gives the
same files each time. ``audit.toml`` and ``logo.svg`` are made by hand and left alone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from sample import call_exports, company, company_exports, ticket_exports, truth, world
from sample.calls import Call, make_calls
from sample.dirt import Dirt
from sample.draws import SEED
from sample.exports import Export
from sample.files import write
from sample.public import make_public_reviews
from sample.readme import readme
from sample.testers import make_tests
from sample.tickets import Ticket, make_events, make_tickets
from sample.voice import make_reviews, make_surveys

DEFAULT = Path(__file__).parents[1] / "data" / "sample"


def main(root: Path = DEFAULT) -> None:
    """Write the whole sample below ``root``."""
    tickets = {team.name: make_tickets(team) for team in world.TEAMS}
    calls = {team.name: make_calls(team, tickets[team.name]) for team in world.TEAMS}
    exports = {export.path: export for export in print_all(tickets, calls)}
    dirt = Dirt(exports)
    for export in exports.values():
        write(export, root / "data")
    planted = describe(tickets, calls, exports, dirt)
    text = json.dumps(planted, ensure_ascii=False, indent=1)
    (root / "planted.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    (root / "README.md").write_text(readme(planted), encoding="utf-8", newline="\n")


def print_all(tickets: dict[str, list[Ticket]], calls: dict[str, list[Call]]) -> list[Export]:
    """Every file, as each system would print it."""
    helsinki, oslo, london, almaty = world.TEAMS
    tables = {
        "agents": company.make_agents(),
        "training": company.make_training(),
        "staffing": company.make_staffing(),
        "customers": company.make_customers(),
        "orders": company.make_orders(tickets),
        "offers": company.make_offers(tickets),
    }
    since = world.EVENTS_FROM
    return [
        ticket_exports.helsinki_tickets(helsinki, tickets["Helsinki"]),
        ticket_exports.oslo_tickets(oslo, tickets["Oslo"]),
        ticket_exports.london_tickets(london, tickets["London"]),
        ticket_exports.almaty_tickets(almaty, tickets["Almaty"]),
        ticket_exports.oslo_events(oslo, make_events(oslo, tickets["Oslo"], since)),
        ticket_exports.london_events(london, make_events(london, tickets["London"], since)),
        call_exports.helsinki_calls(helsinki, calls["Helsinki"]),
        call_exports.oslo_calls(oslo, calls["Oslo"]),
        call_exports.london_calls(london, calls["London"]),
        call_exports.almaty_calls(almaty, calls["Almaty"]),
        company_exports.surveys([one for team in world.TEAMS for one in make_surveys(team, tickets[team.name])]),
        company_exports.reviews([one for team in world.TEAMS for one in make_reviews(team, tickets[team.name])]),
        *company_exports.company(tables),
        company_exports.mystery_tests(
            [one for team in world.TEAMS for one in make_tests(team, tickets[team.name], calls[team.name])]
        ),
        company_exports.public_reviews([one for team in world.TEAMS for one in make_public_reviews(team)]),
    ]


def describe(
    tickets: dict[str, list[Ticket]], calls: dict[str, list[Call]], exports: dict[str, Export], dirt: Dirt
) -> dict[str, Any]:
    """The contents of planted.json."""
    entries = dirt.entries()
    counts: dict[str, dict[str, int]] = {}
    for entry in entries:
        files = counts.setdefault(entry["kind"], {})
        files[entry["file"]] = files.get(entry["file"], 0) + 1
    return {
        "client": world.CLIENT,
        "seed": SEED,
        "first_day": world.FIRST.isoformat(),
        "last_day": world.LAST.isoformat(),
        "files": [
            {"path": f"data/{path}", "table": one.table, "team": one.team, "rows": len(one.rows)}
            for path, one in exports.items()
        ],
        "effects": truth.effects(tickets, calls),
        "volumes": truth.volumes(tickets, calls),
        "dirt": {"counts": counts, "rows": entries, "shown_twice": truth.shown_twice(tickets)},
        "absent_columns": [
            {"file": "data/almaty/obrashcheniya.txt", "column": "customer_id"},
            {"file": "data/oslo/anrop.zip", "column": "resolved"},
        ],
    }


if __name__ == "__main__":
    main(*(Path(folder) for folder in sys.argv[1:2]))
