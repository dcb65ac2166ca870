"""The rooms of the package and who may use whom: arrows are drawn from the imports, and none may point backwards."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

SRC = Path(__file__).parents[1] / "src"
# A room (a module or a folder of them) imports only from rooms named before it. `auditkit` itself is the version and
# the door for analysts, which opens when it is asked.
LAYERS = [
    ["auditkit", "errors", "translation", "languages", "shipped", "slug", "pseudonyms", "schema", "lock", "fonts"],
    ["versions", "stats", "clocks", "known_changes", "labels", "sayings", "notices", "relations", "config"],
    ["safe", "colour", "definition", "measures", "workspace", "itemlists", "masking"],
    ["sources", "facts", "store", "answers", "checks", "build", "load", "new"],
    ["privacy", "evaluation", "evidence", "staffing", "impact"],
    ["frames", "preview", "checklists", "scorecards", "comments", "previous"],
    ["notes", "exhibits", "report", "company_rows", "company", "findings", "since", "service_audit", "analyst"],
    ["change_impact"],
    ["export"],
    ["running", "cluster"],
    ["doctor", "cli"],
]
ROOMS = [name for layer in LAYERS for name in layer]


def test_every_room_has_its_place_in_the_order():
    assert sorted(ROOMS) == sorted({room(module) for module in MODULES})


def test_no_room_imports_from_one_below_it():
    place = {name: number for number, name in enumerate(ROOMS)}
    backward = [
        f"{importer} imports {imported}"
        for importer, imported in arrows()
        if room(importer) != room(imported) and place[room(importer)] < place[room(imported)]
    ]
    assert backward == []


def test_no_modules_import_each_other_in_a_circle():
    graph: dict[str, set[str]] = {}
    for importer, imported in arrows():
        if not importer.startswith(f"{imported}."):  # a folder's own name is not a module that uses another
            graph.setdefault(importer, set()).add(imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


def arrows() -> Iterator[tuple[str, str]]:
    """Importer and imported for every import inside the package, those within functions too."""
    for module, path in MODULES.items():
        for node in imports(ast.parse(path.read_text(encoding="utf-8"))):
            for imported in names(node, module):
                if imported != module and imported.split(".")[0] == "auditkit":
                    yield module, imported


def imports(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that run; those only for type checkers do not."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        yield from imports(node)


def names(node: ast.Import | ast.ImportFrom, module: str) -> Iterator[str]:
    """The modules that one import statement names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    assert node.level == 0, f"{module}: imports are written in full, from auditkit"
    for alias in node.names:
        submodule = f"{node.module}.{alias.name}"
        yield submodule if submodule in MODULES else node.module


def room(module: str) -> str:
    """``auditkit.sources.dates`` is in the room ``sources``."""
    return module.split(".")[1] if "." in module else module


def all_modules() -> dict[str, Path]:
    """Every module of the package by its full name."""
    paths = {path.relative_to(SRC).with_suffix("").parts: path for path in (SRC / "auditkit").rglob("*.py")}
    return {".".join(parts[:-1] if parts[-1] == "__init__" else parts): path for parts, path in paths.items()}


MODULES = all_modules()
