"""The commands of customers' words and their options: ``comments``, with what can be read, counted and checked."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from auditkit.cli.auditing import Month
from auditkit.cli.options import FigureFormat, Folder, Format, PlainFormat, Shape, Teams


class Category(StrEnum):
    """The lists of keywords."""

    complaint = "complaint"
    praise = "praise"
    blame = "blame"
    greeting = "greeting"
    thanks = "thanks"


OneTeam = Annotated[
    str | None, typer.Option("--team", metavar="T", help="The team; needed where the client has several.")
]
Seed = Annotated[int, typer.Option(min=0, metavar="N", help="The same seed draws the same.")]
comments = typer.Typer(rich_markup_mode=None)


@comments.callback(short_help="Complaints to read, themes, keywords and their precision.", no_args_is_help=True)
def _comments() -> None:
    """What customers wrote: complaints to read, themes that recur, keywords in context, and how often they are right.

    Names, addresses, phone and account numbers are masked, unless audit.toml says [privacy] texts = "shown". Keywords
    are files, one for each language; keywords/fi.toml in the workspace adds to those that come with auditkit.

    Example: auditkit comments list -w acme --team Oslo --size 30 --output oslo.xlsx
    """


@comments.command("list", short_help="Draw complaints to read.")
def complaints(
    workspace: Folder = ".",
    team: Teams = None,
    period: Month = None,
    size: Annotated[int, typer.Option(min=1, metavar="N", help="How many complaints of each team.")] = 20,
    seed: Seed = 1,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to NAME.xlsx, NAME.csv or NAME.json.")
    ] = None,
    form: FigureFormat = Format.table,
) -> None:
    """Draw a random sample of the complaints to read, in proportion to their reasons; the same seed draws the same.

    A complaint is a ticket that the source calls so, an answer with a low score and a comment, or a comment with a
    complaint keyword in it.

    Example: auditkit comments list -w acme --team Oslo --period 2026-05
    """
    from auditkit.cli.comments import complaints as command

    command(workspace, team or (), period, size, seed, output, form)


@comments.command("themes", short_help="Say which complaints recur.")
def themes(
    workspace: Folder = ".", team: Teams = None, period: Month = None, form: FigureFormat = Format.table
) -> None:
    """Show the reasons that customers complain of over thirteen periods: how many, in how many periods, whether more
    than of the others, and whether the rate certainly rises or falls.

    Example: auditkit comments themes -w acme --team Oslo
    """
    from auditkit.cli.comments import themes as command

    command(workspace, team or (), period, form)


@comments.command("keywords", short_help="Show keywords in context.")
def keywords(
    workspace: Folder = ".",
    team: Teams = None,
    period: Month = None,
    category: Annotated[
        list[Category] | None, typer.Option("--list", "-l", metavar="NAME", help="Only these lists (may be repeated).")
    ] = None,
    shown: Annotated[int, typer.Option("--size", min=0, metavar="N", help="Hits shown of each list.")] = 5,
    seed: Seed = 1,
    form: PlainFormat = Shape.table,
) -> None:
    """Show how many texts hold a keyword of each list, some of them in context, and the lists' precision where it was
    checked.

    Example: auditkit comments keywords -w acme --team Oslo --list blame
    """
    from auditkit.cli.comments import keywords as command

    command(workspace, team or (), period, [one.value for one in category or ()], shown, seed, form)


@comments.command("check", short_help="Draw hits to judge.")
def check(
    workspace: Folder = ".",
    team: OneTeam = None,
    period: Month = None,
    size: Annotated[int, typer.Option(min=1, metavar="N", help="Hits of each list and language.")] = 50,
    seed: Seed = 1,
    language: Annotated[
        str | None, typer.Option(metavar="LANG", help="Language of the form: en, fi, nb or ru; the team's by default.")
    ] = None,
) -> None:
    """Draw a random sample of hits of each list, and write a form on which somebody says whether each is right.

    The form is in keywords/checks/SAMPLE/. 'auditkit comments import FILE' brings it back; the precision is then told
    wherever the keywords are.

    Example: auditkit comments check -w acme --team Oslo --period 2025-06..2026-05
    """
    from auditkit.cli.comments import check as command

    command(workspace, team, period, size, seed, language)


@comments.command("import", short_help="Bring judgements back.")
def bring_in(
    file: Annotated[list[str], typer.Argument(metavar="FILE...", help="Filled-in forms.")],
    workspace: Folder = ".",
    replace: Annotated[
        bool, typer.Option("--replace", help="Let changed judgements replace those brought in before.")
    ] = False,
) -> None:
    """Bring filled-in forms back: every row is taken, or refused with its place and reason (exit 4).

    Example: auditkit comments import -w acme acme/keywords/checks/*/form.xlsx
    """
    from auditkit.cli.comments import bring_in as command

    command(workspace, file, replace)
