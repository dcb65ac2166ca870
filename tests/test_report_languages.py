"""A report in another language shows no English: every section of the sample's report, read as its page shows it."""

from __future__ import annotations

import html
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output

from auditkit import company, report
from auditkit.change_impact import ChangeAudit
from auditkit.checklists.model import FOLDER, SHIPPED, read_checklist
from auditkit.company import CompanyAudit
from auditkit.config import read_config
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.company import Company
from auditkit.exhibits.context import Context
from auditkit.export.html import AuditHTMLExporter
from auditkit.labels import Labels
from auditkit.load import load
from auditkit.measures import CATALOGUE
from auditkit.report.audit import Audit
from auditkit.report.sections import Section
from auditkit.schema import TABLES
from auditkit.service_audit.audited import audited
from auditkit.service_audit.report import ServiceAudit
from auditkit.shipped import shipped
from auditkit.workspace import open_workspace

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
import make_messages as messages

# What the sample's own people called things: their words are theirs in every language.
OF_THE_SAMPLE = set(
    re.findall(
        r"\w+",
        "accuracy, data protection, greeting, solution, tone, understanding, workload, support from the lead, tools, "
        "would recommend as a workplace, helsinki, answer templates renewed, happier customers, delivery, product, "
        "return, payment, account, invoice, warranty",
    )
)
# What customers wrote stands as they wrote it: the columns of these tables that hold it.
OF_CUSTOMERS = {"complaints-read": (5,), "comments-context": (0, 1, 2)}
# What audit.toml says of the figures of others, in its author's words.
OF_BENCHMARKS = [
    text
    for one in read_config(shipped("sample") / "audit.toml").benchmark
    for text in (one.name, one.source, one.population, one.definition, one.reason)
    if text
]
# Authors, methods, programs and standards keep their names.
NAMES = {"auditkit", "erlang", "kaplan", "meier", "net", "promoter", "python", "student", "wilson", "wright", "fisher"}

# What audit.toml and the command line call measures, definitions and columns.
IDS = {one.id for one in CATALOGUE.values()} | {name for one in CATALOGUE.values() for name in one.variants}
IDS |= {column.name for table in TABLES.values() for column in table.columns} | {"within"}


@pytest.fixture(scope="module")
def audits(tmp_path_factory) -> tuple[Audit, CompanyAudit]:
    """The report of one team of the sample and that of all, each evaluated once."""
    folder = tmp_path_factory.mktemp("languages") / "sample"
    shutil.copytree(shipped("sample"), folder, ignore=shutil.ignore_patterns("reports", ".auditkit"))
    load(open_workspace(folder))
    team = report.open(workspace=str(folder), team="Helsinki", period="2026-05")
    return team, company.open(workspace=str(folder), period="2026-05")


@pytest.mark.parametrize("language", messages.present())
def test_a_report_shows_no_english_word_that_is_not_a_name(audits, language):
    team, whole = audits
    told = {
        "team_report": Audit(in_language(team.context, language), team.store),
        "quality_review": Audit(in_language(team.context, language), team.store),
        "change_impact": ChangeAudit(in_language(team.context, language), team.store),
        "company": CompanyAudit(
            Company(
                in_language(whole.company.whole, language),
                tuple(in_language(one, language) for one in whole.company.teams),
            ),
            whole.store,
        ),
        "service_audit": ServiceAudit(
            audited(team.store, ["Helsinki"], team.context.period, team.context.as_of, language), team.store
        ),
        "client_audit": ServiceAudit(
            audited(team.store, ["London", "Oslo"], team.context.period, team.context.as_of, language, client=True),
            team.store,
        ),
    }
    own = words_of([*message_texts(language, translated=True), *checklist_texts(language)])
    english = words_of(message_texts(language, translated=False)) - own
    found = {
        word: text
        for name, audit in told.items()
        for text in shown(AuditHTMLExporter().from_notebook_node(executed(name, audit))[0])
        for word in english_in(text, english - NAMES - OF_THE_SAMPLE)
    }
    assert found == {}, "\n".join(f"{word}: {text}" for word, text in found.items())


def in_language(context: Context, language: str) -> Context:
    """The same figures for another reader."""
    return replace(context, labels=Labels(language, context.labels.zone))


def executed(name: str, audit: Audit | CompanyAudit) -> nbformat.NotebookNode:
    """A notebook of the product with the outputs that its cells would show."""
    notebook = nbformat.read(shipped("notebooks") / f"{name}.ipynb", as_version=4)
    for cell in notebook.cells:
        call = re.fullmatch(r"audit\.(\w+)\(\)", cell.source.strip())
        if cell.cell_type == "code" and (call or cell.source.strip().endswith("\naudit")):
            made = getattr(audit, call[1])() if call else audit.cover()
            parts = made if isinstance(made, Section) else [made]
            cell.outputs = [new_output("display_data", our_words(one)._repr_mimebundle_()) for one in parts]
    return notebook


def our_words(exhibit: Exhibit) -> Exhibit:
    """The exhibit without what customers wrote."""
    theirs = OF_CUSTOMERS.get(exhibit.id)
    if theirs is None or exhibit.kind != "table":
        return exhibit
    rows = [["" if place in theirs else cell for place, cell in enumerate(row)] for row in exhibit.data["rows"]]
    return replace(exhibit, data={**exhibit.data, "rows": rows})


def shown(page: str) -> list[str]:
    """The texts of a page, those in pictures and in descriptions too."""
    page = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.S)
    for text in sorted(OF_BENCHMARKS, key=len, reverse=True):
        page = page.replace(html.escape(text), "")
    described = re.findall(r'(?:alt|aria-label|title)="([^"]*)"', page)
    return [html.unescape(text).strip() for text in [*re.findall(r">([^<]+)<", page), *described] if text.strip()]


def words_in(text: str) -> set[str]:
    """The plain words of a text in lower case: no ids, no paths, no placeholders."""
    return {word.lower() for word in re.findall(r"(?<![\w./{'’-])[A-Za-z]{3,}(?![\w./}’-]\w)", text)}


def words_of(texts: list[str]) -> set[str]:
    return {word for text in texts for word in words_in(re.sub(r"\{\w+\}", "", text))}


def checklist_texts(language: str) -> list[str]:
    """The shipped checklists in one language: their translations stand in their own files."""
    items = [item for name in SHIPPED for item in read_checklist(FOLDER / f"{name}.toml").item]
    return [str(value) for item in items for value in item.texts(language).model_dump().values()]


def message_texts(language: str, translated: bool) -> list[str]:
    """Every text of a catalogue, in English or translated."""
    with messages.po_path(language).open("rb") as stream:
        catalogue = messages.read_po(stream, locale=language, domain=messages.DOMAIN)
    texts = [message.string if translated else message.id for message in messages.spoken(catalogue)]
    return [part for text in texts for part in (text if isinstance(text, tuple) else (text,))]


def english_in(text: str, english: set[str]) -> set[str]:
    """The English words of a text that are no names: within a sentence an id may stand, such as that of a column."""
    words = words_in(re.sub(r"\bauditkit( [a-z]+)+", "", text))  # a command is typed as it is
    foreign = words & english
    if "ICMI" in text:  # a title stands in its own language
        return set()
    return foreign - IDS if words - english - NAMES or re.search("[^\x00-\x7f]", text) else foreign
