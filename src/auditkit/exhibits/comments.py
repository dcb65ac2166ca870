"""What customers wrote: complaints to read, what they complain of period after period, and keywords in context.

In comes what comments/gathered.py found, out come tables and one chart. Every text is masked before it comes here,
and each exhibit says so. A keyword list has a precision only where somebody has checked it; nothing is concluded from
words that nobody has.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from auditkit.comments.checking import Precision
from auditkit.comments.complaints import WHY
from auditkit.comments.gathered import MOST_TEXTS, Counted, Gathered
from auditkit.comments.keywords import CATEGORIES
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, aligned, table
from auditkit.exhibits.values import value_words
from auditkit.labels import NOTHING, Labels
from auditkit.languages import AVAILABLE, own_name
from auditkit.translation import N_

LONGEST = 280  # signs of one text; the rest is in the source
KIND_WORDS = {"comment": N_("comments"), "subject": N_("subjects of tickets"), "reply": N_("agents' replies")}


def complaints_to_read(context: Context, gathered: Gathered) -> list[Exhibit]:
    """A random sample of the period's complaints, with why each is one and its words."""
    labels, sample = context.labels, gathered.sample
    if sample.rows.empty:
        title = labels.say("No complaint is known {when}", when=labels.within(context.period))
        why = labels.say(
            "No ticket is called a complaint by its source, no low score came with a comment, and no comment holds a "
            "complaint keyword."
        )
        return [context.missing("complaints-read", title, why)]
    rows: list[list[Cell]] = [_complaint(labels, one) for one in sample.rows.to_dict("records")]
    heads = [labels.say("Ticket"), labels.say("Day"), labels.say("Channel"), labels.say("Reason"), labels.say("Why"),
        labels.say("Text")]  # fmt: skip
    drawn = len(rows)
    when = labels.within(context.period)
    if drawn == sample.population:
        title = labels.say("Every complaint {when} is here to be read: {count}", when=when, count=drawn)
    else:
        title = labels.say_n(
            "{drawn} of {count} complaint {when}, drawn at random to be read",
            "{drawn} of {count} complaints {when}, drawn at random to be read",
            sample.population,
            drawn=drawn,
            when=when,
        )
    note = labels.say(
        "A complaint is a ticket that its source calls so, a low score with a comment, or a comment with a complaint "
        "keyword. Drawn in proportion to the reasons."
    )
    return [_left(table("complaints-read", title, f"{note} {_masked(labels, gathered)}", heads, rows))]


def keyword_counts(context: Context, gathered: Gathered) -> list[Exhibit]:
    """A row per list, language and kind of text: texts with a keyword, of how many, and the list's precision."""
    labels, when = context.labels, _when(context, gathered)
    if not gathered.counted:
        title = labels.say("No keyword stands in a text {when}", when=when)
        return [context.missing("comments-keywords", title, *_unsearched(labels, gathered))]
    rows: list[list[Cell]] = [_count(labels, one, gathered.precision) for one in gathered.counted]
    heads = [labels.say("List"), labels.say("Language"), labels.say("Kind of text"), labels.say("Texts with a keyword"),
        labels.say("Texts"), labels.say("Share"), labels.say("Right, where checked")]  # fmt: skip
    checked = {(one.category, one.language) for one in gathered.counted}
    done = sum(gathered.precision.get(one, Precision()).value is not None for one in checked)
    if done:
        title = labels.say_n(
            "{done} of {count} keyword list that found something {when} was checked for how often it is right",
            "{done} of {count} keyword lists that found something {when} were checked for how often they are right",
            len(checked),
            done=done,
            when=when,
        )
    else:
        title = labels.say("Keywords were found {when}, but nobody has checked how often they are right", when=when)
    note = labels.say(
        "Right: share of the hits judged that are right, with the 95 % interval (Wilson), and how many were judged. "
        "Until a list is checked, its counts say where to read, not how often customers complain. The command "
        "“{command}” draws hits to judge.",
        command="auditkit comments check",
    )
    made = table("comments-keywords", title, " ".join([note, *_unsearched(labels, gathered)]), heads, rows)
    return [Exhibit(made.id, made.kind, {**made.data, "columns": aligned(heads, (0, 1, 2))})]


def keywords_in_context(context: Context, gathered: Gathered) -> list[Exhibit]:
    """A few hits of each list and language, the keyword in the middle."""
    if not gathered.contexts:
        return []
    labels = context.labels
    rows: list[list[Cell]] = [
        [
            one.before.strip() or NOTHING,
            {"text": one.keyword, "strong": True},
            one.after.strip(),
            labels.tell(CATEGORIES[one.category]),
        ]
        for one in gathered.contexts
    ]
    heads = [labels.say("Text before"), labels.say("Keyword"), labels.say("Text after"), labels.say("List")]
    title = labels.say("Keywords in context {when}: up to three hits of each list", when=_when(context, gathered))
    note = labels.say("Drawn at random, no two of the same text.")
    made = table("comments-context", title, f"{note} {_masked(labels, gathered)}", heads, rows)
    return [Exhibit(made.id, made.kind, {**made.data, "columns": aligned(heads, (1, 2, 3))})]


def _complaint(labels: Labels, one: dict) -> list[Cell]:
    why = labels.listed([labels.tell(WHY[name]) for name in one["why"]])
    text = textwrap.shorten(one["text"], LONGEST, placeholder=" …") or one["text"][:LONGEST]
    about = [
        value_words(labels, name, one[name]) if isinstance(one[name], str) else NOTHING
        for name in ("channel", "reason")
    ]
    return [one["id"], labels.day(one["on"]), *about, why, text or NOTHING]


def _count(labels: Labels, one: Counted, precision) -> list[Cell]:
    found = precision.get((one.category, one.language), Precision())
    return [
        labels.tell(CATEGORIES[one.category]), _language(one.language), labels.tell(KIND_WORDS[one.kind]),
        labels.count(one.texts), labels.count(one.of), labels.share(one.texts / one.of), _right(labels, found),
    ]  # fmt: skip


def _right(labels: Labels, found: Precision) -> str:
    if found.interval is None:
        changed = found.state == "changed"
        return labels.say("not checked since the list changed") if changed else labels.say("not checked")
    low, high = found.interval
    return labels.say(
        "{share} ({interval}), n = {count}",
        share=labels.share(found.value, low, high),
        interval=labels.interval("share", low, high),
        count=found.judged,
    )


def _masked(labels: Labels, gathered: Gathered) -> str:
    if gathered.shown:
        return labels.say("Texts are shown as they were written, because audit.toml asks for it.")
    return labels.say("Names, addresses, phone and account numbers are masked by rules, which do not find every name.")


def _unsearched(labels: Labels, gathered: Gathered) -> list[str]:
    """What was not searched, where there is any such text."""
    drawn = []
    if gathered.all_texts > MOST_TEXTS:
        drawn = [
            labels.say(
                "Searched are {drawn} of {count} texts, drawn at random.", drawn=MOST_TEXTS, count=gathered.all_texts
            )
        ]
    total = sum(gathered.unsearched.values())
    if not total:
        return drawn
    names = ", ".join(_language(one) for one in gathered.unsearched)
    return [
        *drawn,
        labels.say_n(
            "{count} text was not searched, because its language has no keyword list: {languages}.",
            "{count} texts were not searched, because their language has no keyword list: {languages}.",
            total,
            languages=names,
        ),
    ]


def _language(code: str) -> str:
    return own_name(code) if code in AVAILABLE else code


def _when(context: Context, gathered: Gathered) -> str:
    same = gathered.keyword_period == context.period
    return context.labels.within(context.period) if same else context.over_history


def _left(made: Exhibit) -> Exhibit:
    """The table with every column set to the left: it is read, not added up."""
    heads: Sequence[str] = [one["label"] for one in made.data["columns"]]
    return Exhibit(made.id, made.kind, {**made.data, "columns": aligned(heads, range(len(heads)))})
