"""The commands of the audit itself and their options: ``checklist``, ``findings`` and ``review``."""

from __future__ import annotations

from typing import Annotated

import typer

from auditkit.cli.options import FORMS, Folder, PlainFormat, Shape, Teams

Names = Annotated[
    list[str] | None,
    typer.Option("--list", "-l", metavar="NAME", help="A checklist (may be repeated); by default those in use."),
]
OneTeam = Annotated[str | None, typer.Option("--team", metavar="T", help="One team; by default the whole client.")]
Month = Annotated[str | None, typer.Option("--period", metavar="P", help=f"{FORMS}. Default: the last complete month.")]
Missing = Annotated[bool, typer.Option("--missing", help="Only what neither data nor auditor answer yet.")]

checklist = typer.Typer(rich_markup_mode=None)


@checklist.callback(invoke_without_command=True, short_help="Show where the audit stands; forms out and in.")
def show(
    context: typer.Context,
    workspace: Folder = ".",
    names: Names = None,
    team: OneTeam = None,
    period: Month = None,
    missing: Missing = False,
    form: PlainFormat = Shape.table,
) -> None:
    """Show each item of the checklists as computed from the data, attested by the auditor, or missing, with its score.

    The checklists in use are named in audit.toml ([checklist] use); a file of your own in checklist/ is used too.
    'auditkit checklist export FILE' writes a form to fill in (.xlsx or .md), 'auditkit checklist import FILE' brings
    it back; answers are kept in checklist/answers/ and never overwritten unasked.

    Example: auditkit checklist -w acme --team Oslo --missing
    """
    if context.invoked_subcommand is None:
        from auditkit.cli.checklists import show as command

        command(workspace, names or (), team, period, form, missing)


@checklist.command("export", short_help="Write a form to fill in.")
def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The form to write: NAME.xlsx or NAME.md.")],
    workspace: Folder = ".",
    names: Names = None,
    team: OneTeam = None,
    period: Month = None,
    language: Annotated[
        str | None, typer.Option(metavar="LANG", help="Language of the form: en, fi, nb or ru; the team's by default.")
    ] = None,
    missing: Missing = False,
) -> None:
    """Write a form with every question, what the data say to it, and the answers that stand.

    A file that exists is refused (exit 2): it may hold somebody's answers.

    Example: auditkit checklist export oslo.xlsx -w acme --team Oslo --language nb
    """
    from auditkit.cli.checklists import export as command

    command(workspace, file, names or (), team, period, language, missing)


@checklist.command("import", short_help="Bring a filled-in form back.")
def bring_in(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The filled-in form.")],
    workspace: Folder = ".",
    team: Annotated[
        str | None, typer.Option("--team", metavar="T", help="The team it is about; by default as the form says.")
    ] = None,
) -> None:
    """Bring a filled-in form back: every row is taken, or refused with its place and reason (exit 4).

    Rows that were refused change nothing, the rest are written to checklist/answers/. An answer that was changed since
    the form was made is not overwritten: that row is refused.

    Example: auditkit checklist import oslo.xlsx -w acme
    """
    from auditkit.cli.checklists import bring_in as command

    command(workspace, file, team)


review = typer.Typer(rich_markup_mode=None)


@review.callback(short_help="Draw tickets to review; bring scores in.", no_args_is_help=True)
def _reviews() -> None:
    """Quality review: 'review draw' draws a random sample of tickets with a form for each reviewer, 'review import'
    brings the scores back as rows of the table reviews.

    The scorecard is a file: shipped (service_quality, 22 criteria) or one of your own in scorecards/.

    Example: auditkit review draw -w acme --team Oslo --reviewer Kari --reviewer Per --error 10%
    """


@review.command("draw", short_help="Draw tickets, a form per reviewer.")
def draw(
    reviewer: Annotated[list[str], typer.Option("--reviewer", metavar="NAME", help="Who reviews (may be repeated).")],
    workspace: Folder = ".",
    team: Annotated[
        str | None, typer.Option("--team", metavar="T", help="The team whose tickets are reviewed.")
    ] = None,
    period: Month = None,
    error: Annotated[
        str, typer.Option(metavar="E", help="Half-width of the 95 % interval wanted for a share, for example 10%.")
    ] = "10%",
    size: Annotated[int | None, typer.Option(min=1, metavar="N", help="How many tickets, in place of --error.")] = None,
    calibration: Annotated[int, typer.Option(min=0, metavar="N", help="Tickets that every reviewer gets.")] = 5,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="The same seed draws the same tickets.")] = 1,
    scorecard: Annotated[str, typer.Option(metavar="NAME", help="The scorecard.")] = "service_quality",
    language: Annotated[
        str | None, typer.Option(metavar="LANG", help="Language of the forms: en, fi, nb or ru; the team's by default.")
    ] = None,
) -> None:
    """Draw a stratified random sample (by agent, channel and type) of the tickets resolved in a period, and write
    reviews/SAMPLE/ with a form for each reviewer.

    Every stratum gets its proportional part and at least one ticket. Some tickets go to every reviewer, so that their
    agreement can be measured; the forms do not say which.

    Example: auditkit review draw -w acme --team Oslo --reviewer Kari --reviewer Per --error 10%
    """
    from auditkit.cli.reviews import draw as command

    command(workspace, team, period, reviewer, error, size, calibration, seed, scorecard, language)


@review.command("import", short_help="Bring scores back.")
def bring_scores_in(
    file: Annotated[list[str], typer.Argument(metavar="FILE...", help="Filled-in forms.")],
    workspace: Folder = ".",
    replace: Annotated[
        bool, typer.Option("--replace", help="Let changed scores replace those handed in before.")
    ] = False,
) -> None:
    """Bring filled-in forms back: every row is taken whole, or refused with its place and reason (exit 4).

    Scores are written to reviews/SAMPLE/REVIEWER.csv, which a [[source]] of audit.toml reads.

    Example: auditkit review import -w acme acme/reviews/*/*.xlsx
    """
    from auditkit.cli.reviews import bring_in as command

    command(workspace, file, replace)


findings = typer.Typer(rich_markup_mode=None)


@findings.callback(invoke_without_command=True, short_help="What the audit has found, and who does what.")
def show_findings(
    context: typer.Context,
    workspace: Folder = ".",
    team: Teams = None,
    period: Month = None,
    every: Annotated[bool, typer.Option("--all", help="Also what is verified or not found any more.")] = False,
    form: PlainFormat = Shape.table,
) -> None:
    """Look for findings (targets missed, changes to the worse, faults of the data, gaps of checklists), keep them in
    the workspace's findings.toml, and show them.

    A finding has the same number every month. What people write in findings.toml (state, owner, due, done_on, cause,
    action, note) is never changed. An action that is done is verified when its measure moves on signal after the day.
    'auditkit findings export FILE' writes the action plan.

    Example: auditkit findings -w acme --team Oslo
    """
    if context.invoked_subcommand is None:
        from auditkit.cli.findings import findings as command

        command(workspace, team or (), period, every, form)


@findings.command("export", short_help="Write the action plan.")
def export_plan(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The plan: NAME.xlsx, NAME.ics or NAME.csv.")],
    workspace: Folder = ".",
    team: Teams = None,
    period: Month = None,
    language: Annotated[
        str | None,
        typer.Option(metavar="LANG", help="Language of the headings: en, fi, nb or ru; by default the audit's."),
    ] = None,
) -> None:
    """Write what the open findings ask for: a workbook, calendar entries (iCalendar), or CSV for a task board.

    Actions stand on an Eisenhower matrix: important where the finding is grave, urgent where it is due within 30 days,
    overdue, or back again.

    Example: auditkit findings export plan.xlsx -w acme
    """
    from auditkit.cli.findings import export as command

    command(workspace, file, team or (), period, language)
