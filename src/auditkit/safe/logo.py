"""The client's logo: a small SVG or PNG of the workspace, checked before any report is made.

In comes the path that ``[branding]`` names, out goes the picture as a report's cover carries it. A logo that a page
could not show safely, or not at all, is refused where the configuration is read, so that no run ends without one. It
stands alone because the workspace checks it and the cover shows it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from auditkit.errors import ConfigError, Problem
from auditkit.safe.png import PngError, clean_png
from auditkit.safe.svg import SvgError, clean_svg
from auditkit.safe.text import clean

LARGEST_FILE = 500_000  # bytes: every page carries it
KINDS = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True)
class Logo:
    """``mime`` and ``data``: SVG as text, PNG as base64; as the JSON of a cover has them."""

    mime: str
    data: str

    def as_json(self) -> dict[str, str]:
        """The logo for a cover."""
        return {"mime": self.mime, "data": self.data}


def read_logo(root: Path, name: str, place: str = "audit.toml, key 'branding.logo'") -> Logo | None:
    """The logo ``name`` in the workspace ``root``; None where none is named.

    Raises ConfigError, citing ``place``, for a file that is outside, absent, too large, or no picture.
    """
    if not name:
        return None
    path = (root / name).resolve()
    expected = f"an SVG or PNG inside the workspace, at most {LARGEST_FILE // 1000} kB"
    if not path.is_relative_to(root.resolve()):
        raise ConfigError(
            Problem(place, f"{name!r} lies outside the workspace", expected, "Copy it beside audit.toml.")
        )
    if path.suffix.lower() not in KINDS:
        raise ConfigError(Problem(place, f"{name!r} is neither .svg nor .png", expected))
    try:
        if path.stat().st_size > LARGEST_FILE:
            finding = f"{name!r} has {path.stat().st_size / 1000:,.0f} kB"
            raise ConfigError(Problem(place, finding, expected, "Save it smaller; 600 pixels across are enough."))
        return _read(path)
    except OSError as error:
        raise ConfigError(Problem(place, f"{name!r} cannot be read: {error.strerror}", expected)) from None
    except (SvgError, PngError, UnicodeDecodeError) as error:
        finding = f"{name!r} is not a picture that can be shown: {error}"
        raise ConfigError(Problem(place, finding, expected, "Save it anew from a drawing program.")) from None


def _read(path: Path) -> Logo:
    mime = KINDS[path.suffix.lower()]
    if mime == "image/png":
        return Logo(mime, base64.b64encode(clean_png(path.read_bytes()).data).decode("ascii"))
    text = clean(path.read_text(encoding="utf-8-sig"))
    clean_svg(text, "logo", "")
    return Logo(mime, text)
