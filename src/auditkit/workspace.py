"""A workspace: one folder with audit.toml, the client's exports, and everything that is made from them.

What a human wrote is only read. What the product writes lives in ``.auditkit/`` (the store) and ``reports/``, and can
be deleted and made again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from auditkit.config import FILE_NAME, Config, config_of, text_of
from auditkit.errors import ConfigError, Problem
from auditkit.safe.logo import Logo, read_logo

ENVIRONMENT_VARIABLE = "AUDITKIT_WORKSPACE"


@dataclass(frozen=True)
class Workspace:
    """The folder and what its audit.toml says."""

    root: Path
    config: Config

    @property
    def store(self) -> Path:
        """Folder of the typed tables."""
        return self.root / ".auditkit" / "store"

    @property
    def state(self) -> Path:
        """Folder of everything the product keeps for itself."""
        return self.root / ".auditkit"

    @property
    def logo(self) -> Logo | None:
        """The client's logo; None where audit.toml names none. Raises ConfigError for one that cannot be shown."""
        return read_logo(self.root, self.config.branding.logo)

    @property
    def reports(self) -> Path:
        """Folder of the editions."""
        return self.root / "reports"


def open_workspace(root: Path | str = ".") -> Workspace:
    """Open the workspace in ``root``; ConfigError when audit.toml is absent or wrong."""
    folder = Path(root).expanduser().resolve()
    if not folder.is_dir():
        remedy = "Make one with 'auditkit new DIR', or name another with --workspace."
        raise ConfigError(Problem(str(root), "is not a folder", "a workspace", remedy))
    path = folder / FILE_NAME
    found = Workspace(folder, _checked(path, text_of(path)))
    _ = found.logo  # one that cannot be shown is told now, not by every report
    return found


@lru_cache(maxsize=4)
def _checked(path: Path, text: str) -> Config:
    """The same text is checked once: a report opens its workspace several times."""
    from auditkit.measures import CATALOGUE

    return config_of(text, path, CATALOGUE)


def find_workspace(start: Path | str = ".") -> Path:
    """The nearest workspace: ``$AUDITKIT_WORKSPACE``, else ``start`` or a folder above it, else a sample in one."""
    if os.environ.get(ENVIRONMENT_VARIABLE):
        return Path(os.environ[ENVIRONMENT_VARIABLE])
    here = Path(start).resolve()
    for folder in (here, *here.parents):
        for candidate in (folder, folder / "data" / "sample"):
            if (candidate / FILE_NAME).is_file():
                return candidate
    remedy = "Start in a workspace, or make one with 'auditkit new DIR --sample'."
    raise ConfigError(Problem(str(here), f"holds no {FILE_NAME}, nor does any folder above it", "a workspace", remedy))
