"""Write the pages of docs/ that follow from the code: the tables and the measures.

``python scripts/make_docs.py [FOLDER]``; tests/test_docs.py fails when a committed page is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from auditkit.definition import Measure, Pair
from auditkit.facts.facts import FACT_TYPES, FACT_WORDS
from auditkit.measures import CATALOGUE
from auditkit.relations import POPULATION_WORDS
from auditkit.schema import TABLES, Table

FOLDER = Path(__file__).resolve().parent.parent / "docs"
MADE = "<!-- Made by scripts/make_docs.py; do not edit. -->\n\n"


def tables_page() -> str:
    """docs/tables.md: every canonical table with its columns."""
    lines = [
        "# Tables",
        "",
        "What every source is turned into. A column marked * must be there; all others may be absent. Instants are",
        "UTC, durations seconds. Every stored row also has `source` and `source_row` (the header is row 1).",
    ]
    for table in TABLES.values():
        lines += ["", *_table(table)]
    return MADE + "\n".join(lines) + "\n"


def _table(table: Table) -> Iterator[str]:
    key = ", ".join(table.key) or "the whole row"
    yield f"## {table.name}"
    yield ""
    yield f"One row per {table.one_row_per}. Key: {key}."
    yield ""
    yield "| column | type | meaning |"
    yield "|---|---|---|"
    for column in table.columns:
        allowed = f" ({', '.join(column.allowed)})" if column.allowed else ""
        yield f"| {column.name}{'*' if column.required else ''} | {column.type} | {column.meaning}{allowed} |"
    if table.name in FACT_TYPES:
        yield ""
        yield "Facts, computed at load:"
        yield ""
        yield "| column | type | meaning |"
        yield "|---|---|---|"
        for name, kind in FACT_TYPES[table.name].items():
            yield f"| {name} | {kind} | {FACT_WORDS.get(name, '')} |"


def measures_page() -> str:
    """docs/measures.md: every measure with its rule, variants and decisions."""
    lines = [
        "# Measures",
        "",
        "Expressions are DuckDB SQL over the columns of [one table](tables.md) and its facts. `{within}` and the like",
        "are parameters: a target's, or the default. `auditkit explain MEASURE` prints the same.",
    ]
    for measure in CATALOGUE.values():
        lines += ["", *_measure(measure)]
    return MADE + "\n".join(lines) + "\n"


def _measure(measure: Measure) -> Iterator[str]:
    yield f"## {measure.id}"
    yield ""
    yield f"**{measure.label}.** {measure.summary}"
    yield ""
    yield f"- Of {measure.of}, dated by {measure.dated_by}; {POPULATION_WORDS[measure.of]}"
    words = {"higher": "higher is better", "lower": "lower is better", "neither": "neither direction is better"}
    clock = f"; {measure.clock} clock" if measure.clock else ""
    yield f"- Unit: {measure.unit}{clock}; {words[measure.better]}. Statistics: {', '.join(measure.statistics)}"
    if measure.parameters:
        yield f"- Parameters: {', '.join(f'{name} = {value:g}' for name, value in measure.parameters.items())}"
    for name, expression in measure.expressions().items():
        yield (
            f"- {name}: `{expression}`" if not isinstance(measure, Pair) else f"- {name}: [{expression}](#{expression})"
        )
    for label, text in (("Decision", measure.decision), ("Golden figure", measure.golden), ("Source", measure.source)):
        if text:
            yield f"- {label}: {text}"
    for name, variant in measure.variants.items():
        changed = [
            f"{part} `{text}`"
            for part, text in variant.expressions().items()
            if measure.expressions().get(part) != text
        ]
        rule = f" ({'; '.join(changed)})" if changed else ""
        yield f"- Variant `{name}`: {variant.variant_words or variant.summary}{rule}"


PAGES = {"tables.md": tables_page, "measures.md": measures_page}


def main() -> None:
    """Write every page."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8", newline="\n")
        print(folder / name)


if __name__ == "__main__":
    main()
