"""Writes requirements.lock: ``python scripts/lock.py``.

In comes what pyproject.toml asks for (to build, to run, and in every extra); out goes one ``name==version`` per line
that holds for every system and every Python the project supports. pip chooses the newest versions that the oldest
Python takes, without installing them; the markers of the requirements are then followed for each system and Python,
because pip follows them only for the machine on which it runs. What not all of them need carries a marker of its own,
so the file serves ``pip install -c`` and ``-r`` alike.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import NamedTuple

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
PYTHONS = ("3.11", "3.12", "3.13")  # the oldest first: it decides the versions
SYSTEMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "darwin": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "win32": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
WHEELS = {
    "linux": ["manylinux2014_x86_64", *(f"manylinux_2_{minor}_x86_64" for minor in (28, 27, 26, 24, 17, 12, 5))],
    "darwin": ["macosx_14_0_arm64"],
    "win32": ["win_amd64"],
}
HEADER = f"""\
# Versions with which auditkit is built and tested: Python {PYTHONS[0]} to {PYTHONS[-1]}, Linux, macOS, Windows.
# Use:       pip install -c requirements.lock -e ".[dev]"
# Made anew: make lock
"""


class Target(NamedTuple):
    """One system and one Python for which the lock must hold."""

    system: str
    python: str

    def environment(self, extra: str) -> dict[str, str]:
        """What the markers of requirements see on this target."""
        values = {**default_environment(), **SYSTEMS[self.system]}
        return {**values, "python_version": self.python, "python_full_version": f"{self.python}.0", "extra": extra}


class Package(NamedTuple):
    """One distribution: its version and what it requires."""

    version: str
    requires: tuple[Requirement, ...]


def main() -> None:
    """Write the lock."""
    packages = chosen_by_pip(declared(), Target("linux", PYTHONS[0]))
    targets = [Target(system, python) for system in SYSTEMS for python in PYTHONS]
    needed_on: dict[str, set[Target]] = {}
    for target in targets:
        for name in closure(target, packages):
            needed_on.setdefault(name, set()).add(target)
    pins = [f"{name}=={packages[name].version}{marker(needed_on[name])}\n" for name in sorted(needed_on)]
    LOCK.write_text(HEADER + "".join(pins), encoding="utf-8", newline="\n")
    print(f"{LOCK.name}: {len(pins)} packages")


def declared() -> list[Requirement]:
    """What pyproject.toml asks for: to build, to run, and in every extra."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = content["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in [*content["build-system"]["requires"], *project["dependencies"], *extras]]


def chosen_by_pip(requirements: list[Requirement], target: Target, *options: str) -> dict[str, Package]:
    """The distributions that pip would install on ``target``, by name; nothing is installed."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", *options]
        command += ["--report", "-", "--target", folder, "--only-binary", ":all:"]
        command += ["--python-version", f"{target.python}.0"]
        command += [f"--platform={wheels}" for wheels in [*WHEELS[target.system], "any"]]
        command += [f"{each.name}{each.specifier}" for each in requirements]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = [item["metadata"] for item in json.loads(output)["install"]]
    return {canonicalize_name(each["name"]): as_package(each) for each in found}


def as_package(metadata: dict) -> Package:
    """One distribution of pip's report."""
    return Package(metadata["version"], tuple(Requirement(line) for line in metadata.get("requires_dist", ())))


def closure(target: Target, packages: dict[str, Package]) -> set[str]:
    """The names of everything that one target needs; ``packages`` learns what only this target needs."""
    waiting = [(requirement, "") for requirement in declared()]
    seen: set[tuple[str, str]] = set()
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate(target.environment(extra)):
            continue
        name = canonicalize_name(requirement.name)
        if name not in packages:
            packages.update(chosen_by_pip([requirement], target, "--no-deps"))
        for wanted in {"", *requirement.extras}:
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                waiting += [(child, wanted) for child in packages[name].requires]
    return {name for name, _ in seen}


def marker(targets: set[Target]) -> str:
    """The marker that holds on exactly these targets; empty when they are all there are."""
    systems = {target.system for target in targets}
    pythons = {target.python for target in targets}
    if len(targets) != len(systems) * len(pythons):
        return ""  # needed here and there: a pin that nobody asks for does no harm
    terms = []
    if len(systems) == 1:
        terms.append(f'sys_platform == "{systems.pop()}"')
    elif len(systems) < len(SYSTEMS):
        terms.append(f'sys_platform != "{(set(SYSTEMS) - systems).pop()}"')
    if len(pythons) < len(PYTHONS):
        either = " or ".join(f'python_version == "{python}"' for python in sorted(pythons))
        terms.append(f"({either})" if terms and len(pythons) > 1 else either)
    return " ; " + " and ".join(terms) if terms else ""


if __name__ == "__main__":
    main()
