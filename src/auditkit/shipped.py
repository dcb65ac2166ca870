"""Where the files are that come with the product: notebooks, templates, the sample.

In comes a name, out goes a folder. From an installed wheel it is ``auditkit/_shipped/<name>``; from a checkout it is
the folder at the top of the repository. It stands alone so that no other module has to know which of the two it is.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_IN_CHECKOUT = {"notebooks": Path("notebooks"), "templates": Path("templates"), "sample": Path("data") / "sample"}


def shipped(name: str) -> Path:
    """The folder of the shipped ``name``: "notebooks", "templates" or "sample".

    Raises ``KeyError`` for another name, and ``FileNotFoundError`` when the installation is incomplete.
    """
    in_checkout = _PACKAGE.parent.parent / _IN_CHECKOUT[name]
    for folder in (_PACKAGE / "_shipped" / name, in_checkout):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the shipped folder '{name}' is missing beside {_PACKAGE}; install auditkit again")
