"""Gold pages: what a small report looked like when somebody last looked, and what a new one shows otherwise.

``python tests/export/gold.py`` (``make gold``) writes them anew: a picture of each page and the place of each line of
its text. ``differences`` compares a PDF with them the way an eye would: colours in CIE L*a*b*, blurred a little, so
that another version of the renderer does not matter, and names what moved, what is gone, what is new, and at which
words a picture looks different. The report holds no date and no version but its own, so time does not change it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from PIL import Image
from scipy import ndimage

HERE = Path(__file__).resolve().parents[1] / "gold"
DPI = 50
MM = 25.4 / 72  # of a point
BLUR = 0.8  # pixels: finer than this nobody sees on a page held at arm's length
VISIBLE = 9.0  # distance in L*a*b* that an eye sees beside each other; 2.3 is the least, antialiasing makes up to 6
SMALLEST = 4  # pixels of a difference
MOVED = 0.6  # mm


@dataclass(frozen=True)
class Line:
    """One line of text on a page, with its box in mm from the top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """A page as a picture (rows by columns by red, green, blue) and its lines."""

    picture: np.ndarray
    lines: tuple[Line, ...]


def read_pages(pdf: bytes) -> list[Page]:
    """The pages of a PDF, rendered and read by poppler."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "report.pdf").write_bytes(pdf)
        tool = {"check": True, "capture_output": True, "cwd": folder}
        subprocess.run(["pdftoppm", "-r", str(DPI), "-png", "report.pdf", "page"], **tool)
        subprocess.run(["pdftotext", "-bbox-layout", "report.pdf", "words.xml"], **tool)
        pictures = [_picture(path) for path in sorted(folder.glob("page-*.png"))]
        tree = ElementTree.parse(folder / "words.xml")
    texts = [tuple(_lines(page)) for page in tree.iter("{http://www.w3.org/1999/xhtml}page")]
    return [Page(picture, lines) for picture, lines in zip(pictures, texts, strict=True)]


def read_gold() -> list[Page]:
    """The pages that were kept."""
    kept = json.loads((HERE / "lines.json").read_text(encoding="utf-8"))
    lines = [tuple(Line(**line) for line in page) for page in kept]
    return [Page(_picture(path), lines[place]) for place, path in enumerate(sorted(HERE.glob("page-*.png")))]


def write_gold(pages: Sequence[Page]) -> None:
    """Keep these pages instead of the earlier ones."""
    HERE.mkdir(exist_ok=True)
    for path in HERE.glob("page-*.png"):
        path.unlink()
    for number, page in enumerate(pages, 1):
        Image.fromarray(page.picture).save(HERE / f"page-{number:02d}.png", optimize=True)
    lines = [[asdict(line) for line in page.lines] for page in pages]
    text = json.dumps(lines, ensure_ascii=False, indent=0)
    (HERE / "lines.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def differences(gold: Sequence[Page], now: Sequence[Page]) -> list[str]:
    """What an eye would see otherwise on each page, in words; empty when it would see nothing."""
    told = [] if len(gold) == len(now) else [f"{len(now)} pages instead of {len(gold)}"]
    for number, (before, after) in enumerate(zip(gold, now, strict=False), 1):
        told += [f"page {number}: {one}" for one in _on_page(before, after)]
    return told


def _on_page(before: Page, after: Page) -> Iterator[str]:
    moved = list(_moves(before.lines, after.lines))
    yield from moved
    if before.picture.shape != after.picture.shape:
        yield f"it measures {after.picture.shape[:2]} instead of {before.picture.shape[:2]} pixels"
        return
    if moved:  # the words say it; what stands around them has moved along
        return
    for box, distance in _regions(before.picture, after.picture):
        yield f"{_named(box, after.lines)} looks different ({distance:.0f} in L*a*b*, at {_place(box)})"


def _moves(before: Sequence[Line], after: Sequence[Line]) -> Iterator[str]:
    """Lines that are gone, new, or elsewhere; equal lines are matched in order."""
    left: dict[str, list[Line]] = {}
    for line in before:
        left.setdefault(line.text, []).append(line)
    for line in after:
        if not left.get(line.text):
            yield f"{line.text!r} is new, at {line.left:.0f} by {line.top:.0f} mm"
            continue
        was = min(left[line.text], key=lambda one, line=line: abs(one.top - line.top) + abs(one.left - line.left))
        left[line.text].remove(was)
        down, right = line.top - was.top, line.left - was.left
        if max(abs(down), abs(right)) > MOVED:
            yield f"{line.text!r} moved {_by(down, 'down', 'up')}{_by(right, 'right', 'left')}".rstrip(", ")
    for text, rest in left.items():
        for was in rest:
            yield f"{text!r} is gone, from {was.left:.0f} by {was.top:.0f} mm"


def _by(distance: float, forth: str, back: str) -> str:
    return f"{abs(distance):.1f} mm {forth if distance > 0 else back}, " if abs(distance) > MOVED else ""


def _regions(before: np.ndarray, after: np.ndarray) -> Iterator[tuple[tuple[float, ...], float]]:
    """(box in mm, greatest distance) of each place that looks different."""
    seen = np.sqrt(((_lab(before) - _lab(after)) ** 2).sum(axis=2))
    near, count = ndimage.label(ndimage.binary_dilation(seen > VISIBLE, iterations=4))
    for number, (rows, columns) in enumerate(ndimage.find_objects(near, count), 1):
        inside = (near[rows, columns] == number) & (seen[rows, columns] > VISIBLE)
        if inside.sum() >= SMALLEST:
            scale = 25.4 / DPI
            box = (columns.start * scale, rows.start * scale, columns.stop * scale, rows.stop * scale)
            yield box, float(seen[rows, columns][inside].max())


def _named(box: tuple[float, ...], lines: Sequence[Line]) -> str:
    """The words on a place, and the nearest sentence above it, which is the title of a chart or the row of a table."""
    left, top, right, bottom = box
    on = [one for one in lines if one.left < right and one.right > left and one.top < bottom and one.bottom > top]
    above = [one for one in lines if one.bottom <= top + 1 and len(one.text.split()) > 2]
    words = repr(" / ".join(one.text for one in on[:3])) if on else "what stands"
    return f"{words} below {max(above, key=lambda one: one.bottom).text!r}" if above else f"{words} at the top"


def _place(box: tuple[float, ...]) -> str:
    return f"{box[0]:.0f}–{box[2]:.0f} by {box[1]:.0f}–{box[3]:.0f} mm"


def _lab(picture: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of sRGB, blurred by what an eye does not part."""
    share = picture.astype(float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    linear = ndimage.gaussian_filter(linear, (BLUR, BLUR, 0))
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = np.moveaxis(root, 2, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=2)


def _picture(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def _lines(page: ElementTree.Element) -> Iterator[Line]:
    space = "{http://www.w3.org/1999/xhtml}"
    for line in page.iter(f"{space}line"):
        text = " ".join(word.text or "" for word in line.iter(f"{space}word"))
        edges = [round(float(line.get(name, "0")) * MM, 2) for name in ("xMin", "yMin", "xMax", "yMax")]
        yield Line(text, *edges)


@cache
def report() -> bytes:
    """The report that is kept: every kind of block, in the product's own drawing alone."""
    return pdf_of(*pieces())


def pieces() -> list:
    """Its cells, for a test to change one of them."""
    from sample_notebook import closing, cover, own_charts, rich_notebook, signatures, table

    from auditkit.exhibits.base import EXHIBIT_MIME, Exhibit

    found = {}
    for cell in rich_notebook().cells:
        for output in cell.get("outputs", ()):
            shown = output.get("data", {}).get(EXHIBIT_MIME)
            if shown:
                found[shown["id"]] = Exhibit(shown["id"], shown["kind"], shown)
    rows = [[f"#{10_400 + place}", f"Parcel {place} is late", f"{60 - place} d"] for place in range(45)]
    oldest = table("oldest", "Forty-five tickets have waited longer than two weeks", ["Ticket", "Subject", "Age"], rows)
    logo = {"mime": "image/svg+xml", "data": _LOGO}
    return [
        cover(logo=logo), "## Summary\nThe month in **four** sentences, for readers in a *hurry*.", found["summary"],
        found["scorecard"], "## Every form of chart", *own_charts(), "## Rows", found["weekdays"], oldest,
        "## Definitions", found["definitions"], "## Who stands for it", signatures(),
        "## Where the figures come from", closing(),
    ]  # fmt: skip


def pdf_of(*contents) -> bytes:
    from sample_notebook import notebook_of

    from auditkit.export.document import read_document
    from auditkit.export.typeset import pdf_file

    return pdf_file(read_document(notebook_of(*contents)))


_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20" width="60" height="20">'
    '<rect width="20" height="20" fill="#1f5f8b"/><circle cx="45" cy="10" r="10" fill="#c4570a"/></svg>'
)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    write_gold(read_pages(report()))
    print(f"{len(list(HERE.glob('page-*.png')))} pages in {HERE}: look at them before they are kept")
