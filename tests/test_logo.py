"""The client's logo: shown on the cover when it can be, and refused with its reason before any report is made."""

from __future__ import annotations

import io
import struct
import zlib

import pypdf
import pytest

from auditkit.errors import ConfigError
from auditkit.export.document import read_document
from auditkit.export.page import html_page
from auditkit.export.typeset import pdf_file
from auditkit.safe.logo import LARGEST_FILE, read_logo
from auditkit.safe.png import PngError, clean_png
from auditkit.safe.svg import clean_svg

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><style>.st0{fill:#e30613;} .st1,.st2{stroke:#0a3}'
    '</style><rect class="st0" width="40" height="40"/><path class="st2" d="M50 20h60"/></svg>'
)


def png(width=4, height=2, *, extra=b"", rows=None, colour=2) -> bytes:
    """A PNG of ``width`` by ``height`` black pixels, with chunks ``extra`` before its data."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    body = zlib.compress(rows if rows is not None else (b"\0" + b"\0\0\0" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def cover_with(tmp_path, name, data):
    """The document of a notebook that has nothing but a cover with this logo."""
    (tmp_path / name).write_bytes(data)
    cover = {"schema": 1, "kind": "cover", "id": "cover", "title": "Report", "client": "Acme", "language": "en",
             "logo": read_logo(tmp_path, name).as_json()}  # fmt: skip
    output = {"output_type": "display_data", "data": {"application/vnd.auditkit.exhibit+json": cover}, "metadata": {}}
    return read_document({"cells": [{"cell_type": "code", "source": "", "outputs": [output]}]})


@pytest.mark.parametrize(("name", "data"), [("logo.svg", SVG.encode()), ("Logo.PNG", png())])
def test_it_stands_on_the_cover_of_page_and_print(tmp_path, name, data):
    document = cover_with(tmp_path, name, data)
    page = html_page(document)
    assert page.index('class="logo"') < page.index('class="client"')
    with_logo = pdf_file(document)
    without = pdf_file(read_document({"cells": []}))
    assert b"pdfuaid:part" in pypdf.PdfReader(io.BytesIO(with_logo)).trailer["/Root"]["/Metadata"].get_data()
    assert len(with_logo) > len(without)


def test_colours_that_a_drawing_program_wrote_as_classes_stay():
    made = clean_svg(SVG, "logo", "").text
    assert '<rect width="40" height="40" fill="#e30613"/>' in made
    assert '<path d="M50 20h60" stroke="#0a3"/>' in made
    assert "style" not in made and "class" not in made


@pytest.mark.parametrize(
    ("name", "data", "finding"),
    [
        ("absent.svg", None, "cannot be read"),
        ("logo.gif", b"GIF89a", "neither .svg nor .png"),
        ("logo.svg", b"<html/>", "not a picture that can be shown"),
        ("logo.svg", b"\xff\xfe<svg", "not a picture that can be shown"),
        ("logo.svg", SVG.replace('viewBox="0 0 120 40"', "").encode(), "it says no size"),
        ("logo.svg", f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{SVG}".encode(), "declares entities"),
        ("logo.svg", b" " * (LARGEST_FILE + 1), "has 500 kB"),
        ("logo.png", SVG.encode(), "does not begin as a PNG does"),
        ("logo.png", png()[:-20], "is damaged"),
        ("logo.png", png(rows=b"\0" * 5), "not as large as it says"),
        ("logo.png", png(20_000, 1), "20000 by 1 pixels"),
        ("../logo.png", png(), "outside the workspace"),
    ],
)
def test_one_that_cannot_be_shown_is_refused_with_its_reason(tmp_path, name, data, finding):
    workspace = tmp_path / "audit"
    workspace.mkdir()
    if data is not None:
        (workspace / name).write_bytes(data)
    with pytest.raises(ConfigError, match=finding) as caught:
        read_logo(workspace, name)
    (problem,) = caught.value.problems
    assert problem.place == "audit.toml, key 'branding.logo'"
    assert "SVG or PNG inside the workspace" in problem.expectation
    assert caught.value.exit_code == 3


def test_only_the_picture_of_a_png_is_kept():
    note = chunk(b"tEXt", b"Comment\0made by Jane on Monday")
    assert clean_png(png(extra=note)).data == clean_png(png() + b"<script>").data == png()


def test_a_png_that_unpacks_to_more_than_it_says_is_stopped_early():
    with pytest.raises(PngError, match="not as large as it says"):
        clean_png(png(rows=b"\0" * 50_000_000))


def test_a_workspace_with_a_wrong_logo_does_not_open(tmp_path):
    from auditkit.workspace import open_workspace

    (tmp_path / "audit.toml").write_text(
        '[audit]\nclient = "x"\n[[source]]\ntable = "tickets"\npath = "t.csv"\n[branding]\nlogo = "logo.svg"\n'
        'paper = "a5"\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match="expected a4, letter"):
        open_workspace(tmp_path)
    text = (tmp_path / "audit.toml").read_text(encoding="utf-8").replace('paper = "a5"', 'paper = "letter"')
    (tmp_path / "audit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"logo.svg' cannot be read"):
        open_workspace(tmp_path)
    (tmp_path / "logo.svg").write_text(SVG, encoding="utf-8")
    workspace = open_workspace(tmp_path)
    assert (workspace.logo.mime, workspace.config.branding.paper) == ("image/svg+xml", "letter")
