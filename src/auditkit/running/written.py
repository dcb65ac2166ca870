"""What people wrote in a workspace that can show in a report: notes, checklists, samples of reviews, keyword lists.

In comes a workspace, a team and how far a report looks; out go the files. What was written of another team is nothing
to a report that looks at its own. The plan hashes these files, and a worker that does not see the workspace gets them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from auditkit.running.slices import COMPANY
from auditkit.slug import slug
from auditkit.workspace import Workspace

FOLDERS = ("notes", "checklist", "reviews")
OF_AUDIT = ("findings.toml", "keywords")  # shown by the audit alone: a team's report is not redone for them
SAMPLE = "sample.json"  # of reviews/<sample>/: how tickets were chosen; the forms beside it come back as data


def written_files(workspace: Workspace, team: str, reads: str, files: Sequence[str] = ()) -> list[Path]:
    """The files, sorted; those of one team and of nobody in particular, or all for who ``reads`` the company.

    ``files`` are those of :data:`OF_AUDIT` that the notebook says it shows; a file of another name is none of them.
    """
    notes, checklist, reviews = (workspace.root / name for name in FOLDERS)
    if reads == COMPANY:
        found = [*notes.rglob("*"), *checklist.rglob("*"), *reviews.glob(f"*/{SAMPLE}")]
    else:
        own = slug(team)
        of_teams = checklist / "answers" / "teams"
        found = [*notes.glob("*"), *(notes / own).rglob("*")]
        found += [path for path in checklist.rglob("*") if path.parent != of_teams or path.stem == own]
        found += [path for path in reviews.glob(f"*/{SAMPLE}") if path.parent.name.startswith(f"{own}-")]
    shown = [workspace.root / name for name in OF_AUDIT if reads == COMPANY or name in files]
    of_keywords = ("*.toml", f"checks/*/{SAMPLE}", "checks/*/checked.csv")
    found += [*shown, *(path for folder in shown for one in of_keywords for path in folder.glob(one))]
    return sorted(path for path in found if path.is_file())
