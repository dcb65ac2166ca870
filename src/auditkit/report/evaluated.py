"""Everything that the sections of a report need, evaluated once: all measures over the history, rows, notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache

from auditkit.clocks.period import Period
from auditkit.exhibits.context import Context
from auditkit.labels import Labels
from auditkit.report.history import history_of, is_partial, periods_of
from auditkit.store import Store


def make_context(store: Store, team: str, period: Period, as_of: datetime, language: str = "en") -> Context:
    """Evaluate everything that the sections of a report need, once."""
    from auditkit.evaluation.evaluate import evaluate
    from auditkit.evidence.rows import TeamRows
    from auditkit.exhibits.changes import headlines
    from auditkit.exhibits.figures import Results, figures_of
    from auditkit.exhibits.quality import concerning
    from auditkit.exhibits.scorecard import headline_measures
    from auditkit.known_changes import Change
    from auditkit.measures import find
    from auditkit.privacy import masker

    config, info = store.workspace.config, store.meta.teams[team]
    history, year_before = history_of(store, team, period)
    periods = periods_of(history, year_before)
    measures = {measure.id: measure for measure in find((), config.measure)}
    figures = evaluate(store, teams=[team], periods=periods, variants=True, as_of=as_of)
    varied = [name for name, measure in measures.items() if measure.variants]
    variants = figures[figures["measure"].isin(varied) & (figures["period"] == period.label)]
    rows = TeamRows(store, team, periods, as_of)
    files = rows.sources()
    notices = concerning(store.meta.notices, team, store.meta.teams, files)
    context = Context(
        client=config.audit.client,
        team=team,
        period=period,
        history=history,
        as_of=as_of,
        labels=Labels(language, info.zone),
        results=Results.from_frame(figures[figures["variant"] == "default"]),
        variants=Results.from_frame(variants),
        variant_rows=variants,
        measures=measures,
        fetch=rows.fetch,
        sample=rows.sample,
        durations=rows.durations,
        evaluate=lambda measures, asked, by: figures_of(rows.figures(measures, asked, by)),
        year_before=year_before,
        targets=config.targets,
        has_hours=info.has_hours,
        partial=is_partial(period, info.zone, as_of),
        accent=config.branding.accent,
        meta=store.meta,
        notices=notices,
        notices_elsewhere=sum(notice.severity != "low" for notice in set(store.meta.notices) - set(notices)),
        coverage=store.coverage(team),
        changes=tuple(Change(*one) for one in rows.changes()),
        agent=config.agent,
        reviewer=config.reviewer,
        mask=cache(lambda: masker(store, [team], language)),
        sources=tuple(one for one in store.meta.sources if one.name in files or not one.rows_kept),
    )
    found = headlines(context, headline_measures(context))
    return replace(context, headlines={(one.figure.measure, one.figure.statistic): one for one in found})
