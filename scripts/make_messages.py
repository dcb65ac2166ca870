"""Keeps the translations in step with the texts: ``python scripts/make_messages.py [--clean] [LANGUAGE ...]``.

In come the texts that the source and the notebooks show a reader (what stands in ``say``, ``said`` and their kin, in
``N_``, and in Markdown cells); out go the catalogues of src/auditkit/locale: the .po files with every text of today,
new ones empty, and the compiled .mo files beside them. What was translated stays; what is no longer said is kept at the
end of the file until ``--clean``. Where languages are named only those are written; one without a catalogue gets an
empty one. Nothing is guessed: a changed text is a new one.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from auditkit.translation import DOMAIN, LOCALE, markdown_messages

ROOT = Path(__file__).parents[1]
KEYWORDS = {"say": 1, "said": 1, "say_n": 2, "said_n": 2, "say_in": 2, "N_": 1}  # and how many of their words are texts
ENGLISH_ONLY = ("cli",)  # rooms that speak to the operator, in English
COMMENT = "TRANSLATORS:"  # a comment of the source that begins so is shown to translators
HEADER = "# Texts of auditkit's reports. The keys are the English texts; see docs/translating.md.\n"
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # the same texts give the same files on every day


def main() -> int:
    """Write every catalogue; print how much of each is translated."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help="only this one; a new one gets a catalogue")
    parser.add_argument("--clean", action="store_true", help="drop what is no longer said")
    asked = parser.parse_args()
    try:
        wanted = sorted({str(Locale.parse(name)) for name in asked.languages}) or present()
    except (UnknownLocaleError, ValueError) as error:
        parser.error(f"{error}; expected a code such as sv")
    texts = current()
    for language in wanted:
        catalogue = updated(language, texts, clean=asked.clean)
        write(language, catalogue)
        open_ones = sum(not is_translated(message) for message in spoken(catalogue))
        print(f"{language}: {len(spoken(catalogue))} texts, {open_ones} not translated")
    return 0


def present() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parts[-3] for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def po_path(language: str) -> Path:
    """Where a language's texts are."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def current() -> Catalog:
    """Every text that source and notebooks show a reader, in the order of the files."""
    catalogue = Catalog(domain=DOMAIN)
    for place, text, comments, context in sorted(found_in_source(), key=lambda one: one[0]):
        catalogue.add(text, locations=[(place, 0)], auto_comments=comments, context=context)
    for place, text in found_in_notebooks():
        catalogue.add(text, locations=[(place, 0)])
    for message in spoken(catalogue):
        mark(message)
    return catalogue


def found_in_source() -> Iterator[tuple[str, str | tuple[str, str], list[str], str | None]]:
    """Place, text, comments for translators and context of each text in the package."""
    package = ROOT / "src" / "auditkit"
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] not in ENGLISH_ONLY:
            place = path.relative_to(ROOT).as_posix()
            for text, comments, context in texts_of(path.read_text(encoding="utf-8")):
                yield place, text, comments, context


def texts_of(source: str) -> Iterator[tuple[str | tuple[str, str], list[str], str | None]]:
    """Text, comments and context of each call in Python ``source`` whose words are literal, wherever it stands.

    >>> list(texts_of('say("a {b}", b=said_n("one", "many", 2)); say_in("where", "what"); say(text)'))
    [('a {b}', [], None), (('one', 'many'), [], None), ('what', [], 'where')]
    """
    lines = source.splitlines()
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        wanted = KEYWORDS.get(_name(call), 0)
        words = [one.value for one in call.args[:wanted] if isinstance(one, ast.Constant)]
        if words and len(words) == wanted:
            context = words.pop(0) if _name(call) == "say_in" else None
            yield words[0] if len(words) == 1 else tuple(words), _comments_above(lines, call.lineno), context


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _comments_above(lines: list[str], number: int) -> list[str]:
    """The comment for translators that stands right above a line."""
    above = []
    for line in reversed(lines[: number - 1]):
        if not line.strip().startswith("#"):
            return []
        above.insert(0, line.strip().lstrip("# "))
        if above[0].startswith(COMMENT):
            return [" ".join(above).removeprefix(COMMENT).strip()]
    return []


def found_in_notebooks() -> Iterator[tuple[str, str]]:
    """Place and text of each heading and paragraph of the notebooks that travel with the product."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                for text in markdown_messages("".join(cell["source"])):
                    yield path.relative_to(ROOT).as_posix(), text


def updated(language: str, texts: Catalog, clean: bool = False) -> Catalog:
    """The language's catalogue with the texts of today."""
    path = po_path(language)
    if path.exists():
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale=language, domain=DOMAIN)
    else:
        catalogue = Catalog(locale=language, domain=DOMAIN)
    catalogue.update(texts, no_fuzzy_matching=True)
    if clean:
        catalogue.obsolete.clear()
    for message in spoken(catalogue):
        mark(message)
    return catalogue


def mark(message: Message) -> None:
    """Say of a text what its placeholders are; a percentage is none."""
    message.flags.discard("python-format")
    texts = message.id if isinstance(message.id, tuple) else (message.id,)
    if any(placeholders(text) for text in texts):
        message.flags.add("python-brace-format")


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def spoken(catalogue: Catalog) -> list[Message]:
    """The texts of a catalogue, without its head."""
    return [message for message in catalogue if message.id]


def is_translated(message: Message) -> bool:
    """Whether every form is there and none is a guess."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms) and not message.fuzzy


def write(language: str, catalogue: Catalog) -> None:
    """The .po and the .mo beside it."""
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po(language, catalogue))
    path.with_suffix(".mo").write_bytes(mo(language, catalogue))


def po(language: str, catalogue: Catalog) -> bytes:
    """The catalogue as text, without dates and line numbers: what changes is what was said."""
    body = io.BytesIO()
    write_po(body, catalogue, width=100, omit_header=True, include_lineno=False)
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in head(language, catalogue))
    return f'{HEADER}msgid ""\nmsgstr ""\n{lines}\n{body.getvalue().decode()}'.encode()


def mo(language: str, catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    plain = Catalog(locale=language, domain=DOMAIN, charset="utf-8", creation_date=NO_DATE, revision_date=NO_DATE)
    for message in spoken(catalogue):
        if is_translated(message):
            plain.add(message.id, message.string, context=message.context)
    made = io.BytesIO()
    write_mo(made, plain)
    return made.getvalue()


def head(language: str, catalogue: Catalog) -> list[tuple[str, str]]:
    """What gettext has to know of the file."""
    plurals = f"nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};"
    return [("Language", language), ("Plural-Forms", plurals), ("Content-Type", "text/plain; charset=utf-8")]


if __name__ == "__main__":
    sys.exit(main())
