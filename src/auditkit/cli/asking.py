"""The commands that ask: figures, what they mean, the rows behind them, and what else could have been said.

Each function names its options and hands over to the module that does the work, which is imported only then. They are
entered in app.py beside those that make something.
"""

from __future__ import annotations

from typing import Annotated

import typer

from auditkit.cli.options import (
    AsOf,
    By,
    Dask,
    FigureFormat,
    Folder,
    Format,
    Measures,
    OnePeriod,
    Periods,
    PlainFormat,
    RowShape,
    Shape,
    Teams,
)


def measures(
    workspace: Folder = ".",
    measure: Measures = None,
    team: Teams = None,
    period: Periods = None,
    by: By = None,
    variants: Annotated[bool, typer.Option("--variants", help="Also each measure's variants.")] = False,
    as_of: AsOf = None,
    dask: Dask = None,
    form: FigureFormat = Format.table,
) -> None:
    """Print figures, each with its interval, its n and, where a target is set, its verdict.

    In JSON and CSV shares are 0..1 and durations are seconds; a value that does not exist is null, with the reason.
    Loads first what has changed.

    Example: auditkit measures -w acme -m csat -m answer_rate --period 2024-05 --by channel
    """
    from auditkit.cli.figures import measures as command

    command(workspace, measure or (), team or (), period or (), by, variants, as_of, form, dask)


def explain(
    measure: Annotated[str, typer.Argument(metavar="M", help="A measure's id, such as csat.")],
    workspace: Annotated[
        str | None, typer.Option("--workspace", "-w", metavar="DIR", help="Also knows the measures of this workspace.")
    ] = None,
    form: PlainFormat = Shape.table,
) -> None:
    """Explain a measure: its rule, date, clock and population, its variants, the decision behind it, its source.

    Example: auditkit explain service_level
    """
    from auditkit.cli.figures import explain as command

    command(measure, workspace, form)


def evidence(
    measure: Annotated[str, typer.Argument(metavar="MEASURE", help="A measure's id, such as csat.")],
    team: Annotated[str, typer.Option(metavar="T", help="The team.")],
    workspace: Folder = ".",
    period: OnePeriod = None,
    variant: Annotated[str, typer.Option(metavar="V", help="A variant of the measure.")] = "default",
    counted: Annotated[bool, typer.Option("--counted", help="The rows that count (the default).")] = False,
    met: Annotated[bool, typer.Option("--met", help="Only those of them that are met.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Also the rows that do not count.")] = False,
    by: By = None,
    group: Annotated[
        str | None,
        typer.Option(metavar="X", help="Of the groups of --by, only this; '' for those without."),
    ] = None,
    as_of: AsOf = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to a file that spreadsheets open."),
    ] = None,
    form: Annotated[RowShape, typer.Option("--format", help="How to print.")] = RowShape.csv,
) -> None:
    """Print the rows behind a figure, so that it can be checked ticket by ticket.

    The figure is one of 'auditkit measures' with the same options: as many rows are counted as its denominator (or n)
    says, and as many are met as its numerator says. How many they are, and why rows are hidden or absent, is told on
    standard error. Small groups of a survey are not shown.

    Example: auditkit evidence csat -w acme --team Oslo --period 2024-05 --met -o csat.csv
    """
    from auditkit.cli.rows import evidence as command

    wanted = {"counted": counted, "met": met, "all": everything}
    command(workspace, measure, team, period, variant, wanted, by, group, as_of, output, form)


def agents(workspace: Folder = ".", team: Teams = None, form: PlainFormat = Shape.table) -> None:
    """Say who stands behind the pseudonyms by which reports and checks call agents and reviewers.

    Keep the list where the data are kept: a report is read by more people than may know it. With agents = "names"
    under [privacy] in audit.toml reports show the names themselves.

    Example: auditkit agents -w acme --team Oslo
    """
    from auditkit.cli.people import agents as command

    command(workspace, team or (), form)


def definitions(
    workspace: Folder = ".",
    measure: Measures = None,
    team: Teams = None,
    period: Periods = None,
    as_of: AsOf = None,
    form: FigureFormat = Format.table,
) -> None:
    """Show how much each figure depends on its definition, and which definition flatters.

    For each measure with variants: the default, its place among them (1 flatters most), the lowest and the highest
    value and which variant gives it. JSON also has the variants that cannot be compared, and those without a value.

    Example: auditkit definitions -w acme --team Oslo --period 2024-05
    """
    from auditkit.cli.claims import definitions as command

    command(workspace, measure or (), team or (), period or (), as_of, form)


def reconcile(
    workspace: Folder = ".",
    team: Annotated[str | None, typer.Option(metavar="T", help="The team; all by default.")] = None,
    period: OnePeriod = None,
    worst: Annotated[
        int, typer.Option(min=0, metavar="N", help="Tickets shown per column, clock and explanation.")
    ] = 5,
    rows: Annotated[bool, typer.Option("--rows", help="In CSV the worst tickets, in place of the counts.")] = False,
    as_of: AsOf = None,
    form: FigureFormat = Format.table,
) -> None:
    """Compare what the sources say of their tickets with what was recomputed, and explain the differences.

    Counts tickets by explanation: agrees, time zone, schedule, reopen, rounding, unexplained. Then the tickets that
    differ most, with file and row.

    Example: auditkit reconcile -w acme --team Oslo --period 2024-Q2
    """
    from auditkit.cli.claims import reconcile as command

    command(workspace, team, period, worst, rows, as_of, form)


def since(
    edition: Annotated[
        str | None,
        typer.Argument(
            metavar="EDITION",
            help="A manifest.json, the folder of an edition, or a folder of reports; by default as audit.toml says, "
            "else the edition of the period before.",
        ),
    ] = None,
    workspace: Folder = ".",
    team: Teams = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="P", help="Default: each team's last complete month.")
    ] = None,
    form: PlainFormat = Shape.table,
) -> None:
    """Say what is different since the last audit: figures, rules, data, findings, and what cannot be compared.

    Figures are held against those of the earlier edition as they are counted today, and called changed only by a test.
    Figures of then that come out otherwise today are listed. What is not counted alike is listed with the reason and
    never subtracted.

    Example: auditkit since -w acme --team Oslo
    """
    from auditkit.cli.since import since as command

    command(workspace, edition, team or (), period, form)
