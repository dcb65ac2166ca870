"""``new`` and ``doctor``: the first steps, and what stands in their way.

In come a folder's name or a workspace; out come lines on the screen. The work is in new.py and doctor.py of the
package.
"""

from __future__ import annotations

from dataclasses import asdict

from auditkit.cli.show import print_json, print_table, say


def new(folder: str, sample: bool, language: str) -> None:
    """Lay out a workspace and say what to do next."""
    import shlex

    from auditkit.new import lay_out

    made = lay_out(folder, sample, language)
    where = shlex.quote(folder)
    for name in made.kept:
        say(f"kept as it was: {name}")
    say(f"A workspace is in {made.root}")
    say("Next:")
    if sample:
        say(f"  auditkit run -w {where}        makes a report per team, in {where}/reports")
        say(f"  auditkit measures -w {where}   prints the figures")
    else:
        say(f"  1. Put the exports in {where}/data")
        say(f"  2. Describe them in {where}/audit.toml: one [[source]] per kind of file")
        say(f"  3. auditkit check -w {where}    until nothing is refused that should not be")
        say(f"  4. auditkit run -w {where}      makes a report per team, in {where}/reports")


def doctor(root: str, form: str) -> int:
    """Print the findings; 0 when reports can be made, 5 when something needed is missing."""
    from auditkit.doctor import examine
    from auditkit.errors import ReportError

    findings = examine(root)
    missing = [one for one in findings if one.state == "missing"]
    if form == "json":
        print_json({"schema": 1, "ready": not missing, "findings": [asdict(one) for one in findings]})
    else:
        print_table(
            ("what", "state", "found", "remedy"), [[one.what, one.state, one.found, one.remedy] for one in findings]
        )
        say("Something that reports need is missing." if missing else "Reports can be made on this machine.")
    return ReportError.exit_code if missing else 0
