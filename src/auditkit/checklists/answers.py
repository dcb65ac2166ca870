"""The auditor's answers: kept as TOML in the workspace, changed only where a new answer was given.

In comes the folder ``checklist/answers/``, one file for the client and one for each team; out come frozen answers. What
is written keeps every comment and key that a person put there, moves an answer that is replaced into ``earlier``, and
takes the file's place in one step.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from auditkit.errors import DataError, Problem
from auditkit.safe.files import write_whole
from auditkit.slug import slug
from auditkit.workspace import Workspace

SCORES = {"yes": 1.0, "partly": 0.5, "no": 0.0}
NOT_APPLICABLE = "not applicable"
WORDS = (*SCORES, NOT_APPLICABLE)
FOLDER = Path("checklist") / "answers"
EARLIER = "earlier"
_REMEDY = "See who may write there, and whether the disk is full; the answers are as they were."


@dataclass(frozen=True)
class Answer:
    """What the auditor attests to one item: the answer (one of :data:`WORDS`), evidence, the day, and who says so.

    ``score`` is 0..1; None where it follows from the answer, or the item does not apply.
    """

    answer: str
    score: float | None = None
    evidence: str = ""
    on: date | None = None
    who: str = ""
    comment: str = ""

    @property
    def points(self) -> float | None:
        """The score that counts; None for an item that does not apply."""
        if self.answer == NOT_APPLICABLE:
            return None
        return SCORES[self.answer] if self.score is None else self.score

    def fields(self) -> dict[str, Any]:
        """As it stands in the file: what is empty is left out."""
        written = {"answer": self.answer, "score": self.score, "evidence": self.evidence, "date": self.on}
        written |= {"who": self.who, "comment": self.comment}
        return {name: value for name, value in written.items() if value not in (None, "")}

    @property
    def fingerprint(self) -> str:
        """A short hash by which a form knows what it was exported from."""
        text = json.dumps(self.fields(), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def answers_path(workspace: Workspace, team: str | None = None) -> Path:
    """The file of the client's answers, or of one team's."""
    folder = workspace.root / FOLDER
    return folder / "teams" / f"{slug(team)}.toml" if team else folder / "client.toml"


def read_answers(workspace: Workspace, team: str | None = None) -> dict[tuple[str, str], Answer]:
    """Answers by (checklist, item): those to the client, with a team's own over them. DataError for a bad file."""
    found = _read(answers_path(workspace))
    return found | _read(answers_path(workspace, team)) if team else found


def own_answers(workspace: Workspace, team: str | None = None) -> dict[tuple[str, str], Answer]:
    """Only the answers that the file of this team (or of the client) holds."""
    return _read(answers_path(workspace, team))


def write_answers(workspace: Workspace, team: str | None, changed: Mapping[tuple[str, str], Answer]) -> Path:
    """Put answers into the file; everything else in it stays as it is. Returns the file's path."""
    import tomlkit

    path = answers_path(workspace, team)
    document = tomlkit.parse(path.read_text(encoding="utf-8-sig")) if path.exists() else tomlkit.document()
    for (checklist, item), answer in changed.items():
        group = document.setdefault(checklist, tomlkit.table(is_super_table=True))
        if item not in group:
            group[item] = tomlkit.table()
        _replace(group[item], answer)
    write_whole(path, tomlkit.dumps(document), _REMEDY)
    return path


def _replace(table: Any, answer: Answer) -> None:
    """The new answer in the table, what it replaces under ``earlier``; keys of the auditor's own are left alone."""
    import tomlkit

    names = ("answer", "score", "evidence", "date", "who", "comment")
    before = {name: table[name] for name in names if name in table}
    if before and before != answer.fields():
        record = tomlkit.inline_table()
        record.update(before)
        table.setdefault(EARLIER, tomlkit.array().multiline(True)).append(record)
    for name in names:
        if name in answer.fields():
            table[name] = answer.fields()[name]
        elif name in table:
            del table[name]


def _read(path: Path) -> dict[tuple[str, str], Answer]:
    import tomllib

    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        remedy = "Mend the line; it was left as it is."
        raise DataError(Problem(str(path), f"cannot be read: {error}", "a TOML file in UTF-8", remedy)) from None
    found, problems = {}, []
    for checklist, items in raw.items():
        for item, written in (items if isinstance(items, dict) else {"": items}).items():
            try:
                found[checklist, item] = answer_of(written if isinstance(written, dict) else {})
            except ValueError as error:
                problems.append(Problem(f"{path}, [{checklist}.{item}]", str(error)))
    if problems:
        raise DataError(*problems)
    return found


def answer_of(written: Mapping[str, Any]) -> Answer:
    """An answer from its fields; ValueError says what is wrong and what was expected."""
    word = written.get("answer")
    if word not in WORDS:
        raise ValueError(f"answer {word!r} is not understood (expected {', '.join(WORDS)})")
    score = written.get("score")
    if score is not None and (isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1):
        raise ValueError(f"score {score!r} is outside the scale (expected 0 to 1)")
    on = written.get("date")
    if on is not None and not isinstance(on, date):
        raise ValueError(f"date {on!r} is no date (expected 2026-05-12)")
    texts = {name: str(written.get(name, "")) for name in ("evidence", "who", "comment")}
    return Answer(word, None if score is None else float(score), on=on, **texts)
