"""Evidence: the rows behind one figure, so that a reader can check it ticket by ticket.

In come a store and what names a figure (measure, variant, team, period); out comes a frame of its rows, marked as
counted and met. The query is the figure's own, with every row as its own group: which rows count is settled in
query.py and nowhere else, and the marked rows add up to the figure. Groups that are too small to be told (privacy.py)
show no rows either.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from auditkit.clocks.period import Period, parse_period
from auditkit.config import nearest
from auditkit.definition import Cohort, Computed, Count, Measure, Net, Pair, Quantity, Share, Snapshot, Survival
from auditkit.errors import Problem, UsageError
from auditkit.evaluation.evaluate import evaluate, scope_of
from auditkit.evaluation.query import Scope, base, for_targets, group_expression, prepare
from auditkit.evaluation.statements import aggregate_sql, cohort_sql, snapshot_sql
from auditkit.measures import find
from auditkit.privacy import hide_small_groups
from auditkit.relations import RELATIONS
from auditkit.store import Store

if TYPE_CHECKING:
    import duckdb

Rows = Literal["counted", "met", "all"]
PROVENANCE = ("source", "source_row")
MARKS = ("top", "bottom", "plus", "minus", "observed", "asked", "counted", "met")
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_WORD = re.compile(r"[A-Za-z_]\w*")


def evidence(
    store: Store,
    measure_id: str | Measure,
    team: str,
    period: Period | str | None,
    *,
    variant: str = "default",
    rows: Rows = "counted",
    as_of: datetime | None = None,
    by: str | None = None,
    group: str | None = None,
) -> pd.DataFrame:
    """The rows behind one figure, one row per row of its table, sorted by ``source`` and ``source_row`` (or key).

    Columns: the table's key, the group when ``by`` is given, the columns that the measure's expressions use, what a
    row adds to the figure, and three marks. ``asked``: the measure asks about the row; ``counted``: and the row has
    what is needed; ``met``: and it is in the numerator. As many rows are counted as the figure's denominator says (or
    its n, where it has none), and as many are met as its numerator says, for a share. Other kinds of measures say what
    a row adds: a count ``amount`` (for distinct values, count those of its column), a quantity ``value``, a net score
    ``plus`` (met) and ``minus``, a survival ``value`` and ``observed`` (met), a snapshot its age as ``value`` (all in
    seconds where they are durations), a pair of counts ``top`` (met) and ``bottom`` (counted).

    ``rows`` "counted" gives the counted rows, "met" the met ones, "all" every row of the population in the period.
    ``group`` None gives all groups, "" the rows that have none. A figure that does not exist, and a small group of a
    survey, yield no rows; ``attrs["reason"]`` says why. Raises UsageError for a team, measure, variant, group or kind
    of rows that does not exist.
    """
    if rows not in get_args(Rows):
        raise UsageError(Problem(f"rows {rows!r}", "is not known", ", ".join(get_args(Rows)), ""))
    if group is not None and by is None:
        raise UsageError(Problem(f"group {group!r}", "is of no kind", "by as well", "Say by what: by='channel'."))
    config = store.workspace.config
    measure = find([measure_id], config.measure)[0]
    store.find_teams([team])
    periods = [parse_period(period) if isinstance(period, str) else period] if period else []
    chosen = _variant(measure, variant)
    figures = evaluate(store, [chosen], [team], periods, by, as_of=as_of)
    task = for_targets(chosen, config.targets)
    found = _marked_rows(store, task, scope_of(store, [team], periods, by, as_of))
    found, reason = _shown(found, figures, task, group)
    if rows != "all":
        found = found[found[rows]]
    order = [name for name in PROVENANCE if name in found] or list(RELATIONS[task.of].key)
    found = found.sort_values(order, kind="stable").reset_index(drop=True)
    found.attrs |= {"measure": measure.id, "variant": variant, "team": team, "reason": reason}
    return found


def _variant(measure: Measure, name: str) -> Measure:
    """The default or the variant of this name; UsageError names the nearest."""
    known = {"default": measure} | dict(measure.variants)
    if name not in known:
        raise UsageError(Problem(f"variant {name!r} of {measure.id}", "does not exist", "", nearest(name, known)))
    return known[name]


def _marked_rows(store: Store, task: Measure, scope: Scope) -> pd.DataFrame:
    """All rows of the period with their marks; no rows and no columns where the table or the group is absent."""
    sides = (task.top, task.bottom) if isinstance(task, Pair) else (task,)
    if any(one.of not in store.meta.tables or _group(one, task, scope) is None for one in sides):
        return pd.DataFrame({name: pd.Series(dtype=bool) for name in ("group", *MARKS[-3:], *PROVENANCE)})
    with store.connect() as con:
        prepare(con, scope)
        if isinstance(task, Pair):
            return _pair_rows(con, task, scope)
        return _fetch(con, _row_sql(con, task, scope), task.of)


def _group(one: Measure, task: Measure, scope: Scope) -> str | None:
    """SQL of the group; both sides of a pair are grouped alike."""
    return group_expression(one.of, RELATIONS[one.of].time if isinstance(task, Pair) else one.dated_by, scope.by)


def _row_sql(con: duckdb.DuckDBPyConnection, task: Measure, scope: Scope) -> str:
    """SQL of the figure with every row as its own group: its columns, what it adds, its marks."""
    key = _row_key(con, task, (task,), scope)
    if isinstance(task, Snapshot):
        inner = snapshot_sql(task, scope, key)
        return f'SELECT "group".*, v0 AS value, TRUE AS asked, TRUE AS counted, TRUE AS met FROM ({inner})'
    if isinstance(task, Cohort):
        inner = cohort_sql(task, scope, key)
    else:
        inner = aggregate_sql(task.of, task.dated_by, [task], scope, key)
    adds, met = _additions(task)
    marks = f"asked_0 > 0 AS asked, n_0 > 0 AS counted, n_0 > 0 AND coalesce({met}, FALSE) AS met"
    return f"""SELECT {", ".join(["* EXCLUDE (team_no, period_no)", *adds, marks])}
        FROM (SELECT "group".*, * EXCLUDE ("group") FROM ({inner}))"""


def _additions(task: Measure) -> tuple[list[str], str]:
    """What a row adds to the figure, and the condition under which it is met, over its columns and its own counts."""
    if isinstance(task, Count):
        return ([] if task.distinct else ["coalesce(amount_0 / n_0, 0) AS amount"]), "TRUE"
    if isinstance(task, Share | Cohort):
        return [], "met_0 > 0"
    if isinstance(task, Computed):
        return [], "TRUE"
    if isinstance(task, Net):
        return ["plus_0 > 0 AS plus", "minus_0 > 0 AS minus"], "plus_0 > 0"
    if isinstance(task, Survival):
        return [f"CAST({task.value} AS DOUBLE) AS value", f"({task.observed}) AS observed"], f"({task.observed})"
    assert isinstance(task, Quantity), type(task)
    return [f"CAST({task.value} AS DOUBLE) AS value"], "TRUE"


def _pair_rows(con: duckdb.DuckDBPyConnection, task: Pair, scope: Scope) -> pd.DataFrame:
    """The rows of both counts: one row that is in both stands once where they are counts of one table."""
    sides = {"top": task.top, "bottom": task.bottom}
    tables = dict.fromkeys(one.of for one in sides.values())
    return pd.concat([_pair_of(con, task, sides, table, scope) for table in tables], ignore_index=True)


def _pair_of(
    con: duckdb.DuckDBPyConnection, task: Pair, sides: dict[str, Count], table: str, scope: Scope
) -> pd.DataFrame:
    own = {name: one for name, one in sides.items() if one.of == table}
    key = _row_key(con, task, tuple(own.values()), scope)
    parts = [
        f'SELECT "group", asked_0 > 0 AS asked, n_0 > 0 AS {name}'
        f" FROM ({aggregate_sql(table, one.dated_by, [one], scope, key)})"
        for name, one in own.items()
    ]
    marks = [f"coalesce(bool_or({name}), FALSE)" if name in own else "FALSE" for name in sides]
    inner = f"""SELECT "group", bool_or(asked) AS asked, {marks[0]} AS top, {marks[1]} AS bottom
        FROM ({" UNION ALL BY NAME ".join(parts)}) GROUP BY "group" """
    marked = "top, bottom, asked, bottom AS counted, top AS met"
    return _fetch(con, f'SELECT "group".*, {marked} FROM ({inner})', table)


def _row_key(con: duckdb.DuckDBPyConnection, task: Measure, sides: tuple[Measure, ...], scope: Scope) -> str:
    """SQL of one value per row: its group, its key and the columns that the expressions use, as a struct."""
    table = sides[0].of
    known = con.sql(f"SELECT * FROM {base(table, scope)} LIMIT 0").columns
    used = {name for one in sides for name in _used(one)} | set(RELATIONS[table].key) | set(PROVENANCE)
    fields = [f'"group" := {_group(sides[0], task, scope)}']
    fields += [f'"{name}" := "{name}"' for name in known if name in used and name != "team"]
    return f"struct_pack({', '.join(fields)})"


def _used(one: Measure) -> set[str]:
    """The words of a measure's expressions that may be columns, and the columns it is dated by and needs."""
    words = {word for text in one.expressions().values() for word in _WORD.findall(_LITERAL.sub("", text))}
    return words | {one.dated_by, RELATIONS[one.of].time, *one.needs}


def _fetch(con: duckdb.DuckDBPyConnection, sql: str, table: str) -> pd.DataFrame:
    """The rows as pandas: key and group first, provenance last; the marks are plain booleans."""
    import pyarrow as pa

    found = con.sql(sql).to_arrow_table().to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
    if "asked_0" in found:  # rows that are alike in every column asked for were counted together
        found = found.loc[found.index.repeat(found["asked_0"].clip(lower=1).astype(int))]
    found = found.astype(dict.fromkeys([name for name in MARKS if name in found], bool))
    keys = [name for name in RELATIONS[table].key if name in found]
    middle = [name for name in found if name not in (*keys, "group", *PROVENANCE) and not name.endswith("_0")]
    return found[[*keys, "group", *middle, *(name for name in PROVENANCE if name in found)]]


def _shown(
    found: pd.DataFrame, figures: pd.DataFrame, task: Measure, group: str | None
) -> tuple[pd.DataFrame, str | None]:
    """The rows of the figure that may be shown, and why there are fewer, or none."""
    exists = figures["available"].astype(bool)
    told = figures.loc[~exists, "reason"].dropna().tolist()
    if not exists.any() and not figures["n"].sum() and found["counted"].any():
        return found.iloc[:0], told[0]  # no such figure: a table, column or target is missing
    if figures["by"].isna().all():
        return found.drop(columns="group"), told[0] if told else None
    if group is not None:
        found = found[found["group"].isna() if group == "" else found["group"] == group]
    small = _small_groups(found, figures["by"].iloc[0], task)
    shown = found[~found["group"].isin(small["group"])]
    told = small["reason"].tolist() or (told if shown.empty else [])
    return shown, told[0] if told else None


def _small_groups(found: pd.DataFrame, by: str, task: Measure) -> pd.DataFrame:
    """The groups whose figure is hidden, with the reason: the rule is that of privacy.py."""
    sizes = found.groupby("group", dropna=False)["counted"].sum().rename("n").reset_index()
    sizes = sizes.assign(by=by, measure=task.id, available=True, reason=None, variant=task.variant)
    sizes = sizes.assign(value=1.0, numerator=1.0, denominator=1.0, low=1.0, high=1.0)
    hidden = hide_small_groups(sizes, {task.id: task.of})
    return hidden[~hidden["available"].astype(bool)]
