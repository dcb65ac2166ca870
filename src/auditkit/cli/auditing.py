"""The commands of the audit itself and their options: ``checklist`` with what it can be asked to do."""

from __future__ import annotations

from typing import Annotated

import typer

from auditkit.cli.options import FORMS, Folder, PlainFormat, Shape

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
