"""What customers bought after they had been in contact: orders within thirty days, by the week of the contact.

In come a store, teams and periods; out come, for each team and period, the customers in contact, the part of them who
ordered and the amount per customer. The customer of a week is one, however many contacts it took; the thirty days run
from the first of them. Periods whose thirty days are not over, or lie outside what is known of orders, have no value.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from auditkit.clocks.period import Period
from auditkit.evaluation.evaluate import scope_of
from auditkit.evaluation.query import base, prepare
from auditkit.impact.series import Rows, Subject
from auditkit.store import Store, microseconds_of

DAYS = 30
ORDERED = Subject("order_share", "share", "share")
AMOUNT = Subject("order_amount", "amount", "mean")


def orders_by_period(
    store: Store, teams: Sequence[str], periods: Sequence[Period], as_of: datetime
) -> dict[str, dict[str, Rows]]:
    """By subject (the share who ordered; the amount, where orders have one) the rows of each team."""
    if "team_orders" not in store.meta.tables:
        return {}
    scope = scope_of(store, list(teams), list(periods), None, as_of)
    with store.connect() as con:
        prepare(con, scope)
        found = con.execute(_sql(base("contacts", scope), base("team_orders", scope), as_of)).fetchall()
    counts, ordered, amounts = (np.full((len(teams), len(periods)), np.nan) for _ in range(3))
    for team, period, customers, some, amount in found:
        counts[team, period], ordered[team, period] = customers, some / customers
        amounts[team, period] = np.nan if amount is None else amount / customers
    for place, team in enumerate(teams):
        unknown = [number for number, period in enumerate(periods) if not _is_known(store, team, period, as_of)]
        ordered[place, unknown] = amounts[place, unknown] = np.nan
    counts = np.nan_to_num(counts)
    shown = {ORDERED.id: ordered} | ({AMOUNT.id: amounts} if "amount" in store.meta.tables["orders"].present else {})
    return {
        name: {team: (values[place], counts[place]) for place, team in enumerate(teams)}
        for name, values in shown.items()
    }


def _is_known(store: Store, team: str, period: Period, as_of: datetime) -> bool:
    """Whether orders are known from the period's first day to thirty days after its last."""
    table = store.meta.tables["team_orders"]
    if team not in table.first_day:
        return False
    last = period.end + timedelta(days=DAYS)
    return table.first_day[team] < period.end and last <= as_of.date() + timedelta(days=1)


def _sql(contacts: str, orders: str, as_of: datetime) -> str:
    return f"""WITH seen AS (
        SELECT c.team_no, d.period_no, c.customer_id, min(epoch_us(c."at")) AS first_us
        FROM {contacts} c JOIN audit_days d ON c.at_on = d.day WHERE c.customer_id IS NOT NULL GROUP BY ALL),
    bought AS (
        SELECT s.team_no, s.period_no, s.customer_id, count(o.order_id) AS orders, sum(o.amount) AS amount,
            count(o.order_id) > count(o.amount) AS unpriced
        FROM seen s LEFT JOIN {orders} o ON o.team_no = s.team_no AND o.customer_id = s.customer_id
            AND epoch_us(o.ordered_at) > s.first_us AND epoch_us(o.ordered_at) <= s.first_us + {DAYS * 86_400_000_000}
            AND epoch_us(o.ordered_at) <= {microseconds_of(as_of)}
        GROUP BY ALL)
    SELECT team_no, period_no, count(*), count(*) FILTER (orders > 0),
        CASE WHEN bool_or(unpriced) THEN NULL ELSE coalesce(sum(amount), 0) END FROM bought GROUP BY ALL"""
