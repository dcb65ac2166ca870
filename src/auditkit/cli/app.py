"""The commands and their options: what a user reads under ``--help``, and nothing else.

Each function names its options and hands over to the module that does the work, which is imported only then. Those
that only ask are in asking.py.
"""

from __future__ import annotations

from typing import Annotated

import typer

from auditkit.cli import asking
from auditkit.cli.auditing import checklist, findings, review
from auditkit.cli.commenting import comments
from auditkit.cli.options import (
    PERIODS,
    AsOf,
    CellTime,
    Dask,
    Engine,
    EngineChoice,
    Folder,
    Memory,
    PlainFormat,
    ReportTime,
    Shape,
    Teams,
)

app = typer.Typer(
    name="auditkit",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help="""Audits of customer service from exports of help desks, phone systems and surveys.

    Start: 'auditkit new DIR --sample', then 'auditkit run -w DIR'. With data of your own: 'auditkit new DIR', put the
    exports in DIR/data, describe them in DIR/audit.toml, then check, run.

    Exit codes: 0 done; 2 usage; 3 configuration; 4 data; 5 some reports failed; 130 interrupted; 1 a fault of
    auditkit.""",
)


def _version(asked: bool) -> None:
    if asked:
        import auditkit

        typer.echo(f"auditkit {auditkit.__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    pass


@app.command(short_help="Lay out a workspace.")
def new(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder to lay out; made when absent.")],
    sample: Annotated[bool, typer.Option("--sample", help="With the sample's data, ready to run.")] = False,
    language: Annotated[str, typer.Option(metavar="LANG", help="Language of the reports: en, fi, nb or ru.")] = "en",
) -> None:
    """Lay out a workspace: audit.toml to fill in, and folders for data, notes, checklists and notebooks.

    Nothing that exists is overwritten; a folder that already has audit.toml is refused (exit 2).

    Example: auditkit new acme --sample && auditkit run -w acme
    """
    from auditkit.cli.setup import new as command

    command(folder, sample, language)


@app.command(short_help="Check configuration and data; write nothing.")
def check(workspace: Folder = ".", form: PlainFormat = Shape.table) -> None:
    """Check the configuration, the mapping and the quality of the data; nothing is written in the workspace.

    Shows for each file its rows in, kept, refused and folded, then refused rows by column and reason with examples,
    then what was noticed. Ends with 0 when the data can be loaded (refused rows are said, not fatal), 3 when
    audit.toml is wrong, 4 when a file cannot be read.

    Example: auditkit check -w acme
    """
    from auditkit.cli.data import check as command

    command(workspace, form)


@app.command(short_help="Read the sources into the store.")
def load(
    workspace: Folder = ".",
    force: Annotated[
        bool, typer.Option("--force", help="Read everything again, also when nothing has changed.")
    ] = False,
    dask: Dask = None,
) -> None:
    """Read the sources into the store; unchanged files and configuration are not read twice.

    A file that cannot be read stops the load (exit 4) and leaves the earlier store as it was. Rows that could not be
    kept are listed with file, row, column, value and reason in .auditkit/refused.csv.

    Example: auditkit load -w acme
    """
    from auditkit.cli.data import load as command

    command(workspace, force, dask)


app.command(short_help="Print the figures.")(asking.measures)
app.command(short_help="Say what a measure means.")(asking.explain)
app.command(short_help="Print the rows behind a figure.")(asking.evidence)
app.command(short_help="Say who is behind a pseudonym.")(asking.agents)
app.command(short_help="Show how figures depend on definitions.")(asking.definitions)
app.command(short_help="Compare the sources' own figures with ours.")(asking.reconcile)
app.command(short_help="Say what is different since the last audit.")(asking.since)
for name, group in (("checklist", checklist), ("findings", findings), ("review", review), ("comments", comments)):
    app.add_typer(group, name=name, context_settings={"help_option_names": ["-h", "--help"]})


@app.command(short_help="Make reports, HTML and PDF.")
def run(
    report: Annotated[
        list[str] | None,
        typer.Argument(metavar="REPORT", help="Notebooks by name or path; team_report by default."),
    ] = None,
    workspace: Folder = ".",
    team: Teams = None,
    period: Annotated[
        list[str] | None,
        typer.Option("--period", metavar="P", help=f"{PERIODS}. Default: each team's last complete month with data."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Reports made at the same time; by default one per processor."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make also what is up to date.")] = False,
    no_pdf: Annotated[bool, typer.Option("--no-pdf", help="HTML and tables only.")] = False,
    as_of: AsOf = None,
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A parameter of a notebook of your own (may be repeated)."),
    ] = None,
    engine: EngineChoice = Engine.auditkit,
    dask: Dask = None,
    cell_time: CellTime = None,
    report_time: ReportTime = None,
    memory: Memory = None,
    form: PlainFormat = Shape.table,
) -> None:
    """Make reports: load what changed, run each notebook, export HTML and PDF; skip what is up to date.

    Each edition is a folder, reports/<team>/<period>/, with the report, its tables as CSV and a manifest of what it
    was made from. An edition is whole or absent. When a report fails, the others are made all the same, the failing
    cell is named here and in reports/<period>/failures.html, and the exit code is 5. A run that was interrupted or
    killed is started again with the same command and goes on where it was.

    Example: auditkit run -w acme --team Oslo --period 2024-05
    """
    from auditkit.cli.options import limits_of
    from auditkit.cli.reports import Ways
    from auditkit.cli.reports import run as command

    ways = Ways(workers, engine.value, dask, limits_of(cell_time, report_time, memory), form.value)
    raise typer.Exit(
        command(workspace, report or (), team or (), period or (), force, not no_pdf, as_of, param or (), ways)
    )


@app.command(short_help="Show editions and what is stale.")
def status(workspace: Folder = ".", form: PlainFormat = Shape.table) -> None:
    """Show what was made when and from what, what is stale and why, what failed and why, and who is at work.

    Example: auditkit status -w acme
    """
    from auditkit.cli.status import status as command

    command(workspace, form)


@app.command(short_help="Say what is missing on this machine.")
def doctor(workspace: Folder = ".", form: PlainFormat = Shape.table) -> None:
    """Say what is missing on this machine, and how to mend it.

    Looks at Python and the libraries, fonts, the PDF maker, the notebook kernel, the time zones, and write access and
    space in the workspace. Ends with 0 when reports can be made, 5 when something needed is missing.

    Example: auditkit doctor -w acme
    """
    from auditkit.cli.setup import doctor as command

    raise typer.Exit(command(workspace, form))
