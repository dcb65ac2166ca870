"""Encodings: the letters come out as they were written, or the error says where they do not."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from auditkit.errors import DataError
from auditkit.sources.codepages import CODEPAGES, most_plausible
from auditkit.sources.read import open_file

FINNISH = "Hyvää päivää, sähköposti ei lähde työasemalta. Käyttäjä yrittää kirjautua, ÄLÄ sulje."
FINNISH_A_ONLY = "Tämä laite ei käynnisty, kiitän avusta jo etukäteen."
NORWEGIAN = "Får ikke åpnet e-post på kontoret. Skjermen er svart, Ødelagt kabel? Hør med Kåre, vær så snill."
SWEDISH = "Åtkomst nekas när jag försöker öppna skrivaren."
GERMAN = "Größere Störung: Drucker fällt ständig aus, bitte prüfen."
ENGLISH = "It’s broken – the customer’s “special” rate is £50, or 60 €."
FRENCH = "Problème d’accès à la messagerie, été très gêné."
RUSSIAN = "Не могу войти в почту, пароль не подходит. Принтер не печатает, ошибка №5."
CAPITALS = "ЗАЯВКА ОТКРЫТА, ОЖИДАНИЕ ОТВЕТА КЛИЕНТА"
WESTERN_PAGES = [FINNISH, FINNISH_A_ONLY, NORWEGIAN, SWEDISH, GERMAN]


def values(tmp_path: Path, content: bytes, **options: object) -> tuple[str, list[str]]:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    (raw,) = open_file(path, "data/a.csv", scratch=tmp_path / "scratch", **options)
    return raw.encoding, raw.reader.read_all().column("subject").to_pylist()


def table(*subjects: str) -> str:
    return "id;subject\n" + "".join(f'{i};"{subject}"\n' for i, subject in enumerate(subjects, start=1))


@pytest.mark.parametrize("text", [*WESTERN_PAGES, FRENCH, ENGLISH])
def test_western_text_in_cp1252(tmp_path, text):
    assert values(tmp_path, table(text).encode("cp1252")) == ("cp1252", [text])


@pytest.mark.parametrize("text", WESTERN_PAGES)
def test_western_text_in_cp850(tmp_path, text):
    assert values(tmp_path, table(text).encode("cp850")) == ("cp850", [text])


@pytest.mark.parametrize("text", [RUSSIAN, CAPITALS])
def test_russian_in_cp1251(tmp_path, text):
    assert values(tmp_path, table(text).encode("cp1251")) == ("cp1251", [text])


@pytest.mark.parametrize("text", [RUSSIAN.replace("№", "N"), CAPITALS])
def test_russian_in_koi8(tmp_path, text):
    assert values(tmp_path, table(text).encode("koi8-r")) == ("koi8-r", [text])


@pytest.mark.parametrize(
    ("word", "codec"),
    [
        ("Mäki", "cp1252"),
        ("Mäki", "cp850"),
        ("Bjørn", "cp1252"),
        ("Bjørn", "cp850"),
        ("Привет", "cp1251"),
        ("Åse", "cp850"),
    ],
)
def test_one_name_in_a_file_is_enough(tmp_path, word, codec):
    assert values(tmp_path, table("plain", word).encode(codec)) == (codec, ["plain", word])


@pytest.mark.parametrize("text", [FINNISH, RUSSIAN])
@pytest.mark.parametrize(
    ("codec", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
    ],
)
def test_unicode_with_and_without_a_mark(tmp_path, text, codec, mark):
    path = tmp_path / "a.csv"
    path.write_bytes(mark + table(text).encode(codec))
    (raw,) = open_file(path, "a.csv", scratch=tmp_path)
    assert (raw.encoding, raw.headers) == (codec, ("id", "subject"))
    assert raw.reader.read_all().to_pylist() == [{"id": "1", "subject": text, "source_row": 2}]


def test_a_utf8_file_is_read_where_it_lies(tmp_path):
    values(tmp_path, table(FINNISH).encode())
    assert not list(tmp_path.glob("scratch/*"))


def test_letters_cut_by_a_chunk_boundary_stay_whole(tmp_path):
    subject = "ä" * ((1 << 20) + 1)
    for codec in ("utf-8", "utf-16-le", "cp1252"):
        content = ("id;subject\n" + "x" * 3 + f";{subject}\n").encode(codec)
        assert values(tmp_path, content, encoding=codec) == (codec, [subject])


def test_a_declared_encoding_is_taken_at_its_word(tmp_path):
    assert values(tmp_path, table("Mäki").encode("cp850"), encoding="latin-1") == ("iso8859-1", ["M\x84ki"])


def test_bytes_that_the_declared_encoding_lacks_are_told_with_row_byte_and_remedy(tmp_path):
    content = table("plain", "two\nlines", "Mäki").encode("cp1252")
    with pytest.raises(DataError) as caught:
        values(tmp_path, content, encoding="utf-8")
    (problem,) = caught.value.problems
    assert problem.place == "data/a.csv, row 4"
    assert problem.finding == f"byte {content.index(0xE4)} (0xE4) cannot be read as utf-8"
    assert "cp1252" in problem.remedy


def test_utf8_with_one_broken_byte_is_not_taken_for_another_encoding(tmp_path):
    content = table(FINNISH, FINNISH, "x").encode().replace(b'"x"', b'"\xe4"')
    with pytest.raises(DataError, match=r"row 4: byte \d+ \(0xE4\) is not UTF-8, while the rest of the file is"):
        values(tmp_path, content)


def test_an_encoding_that_does_not_exist_gets_near_names(tmp_path):
    with pytest.raises(DataError, match=r"encoding 'cp1215' does not exist. Did you mean .*cp125"):
        values(tmp_path, table("a").encode(), encoding="cp1215")


def test_a_declared_encoding_against_the_first_bytes_is_an_error(tmp_path):
    with pytest.raises(DataError, match="is utf-16-le by its first bytes, not cp1252 as declared"):
        values(tmp_path, table("a").encode("utf-16"), encoding="cp1252")
    assert values(tmp_path, table("ä").encode("utf-16"), encoding="utf-16") == ("utf-16-le", ["ä"])


def test_a_nul_byte_is_told_with_its_row(tmp_path):
    with pytest.raises(DataError, match=r"data/a.csv, row 3: byte 26 is a NUL"):
        values(tmp_path, b"id,subject\n1,good\n2,a good\0bad\n3,fine and long enough\n")


def test_two_nul_bytes_do_not_make_a_file_utf16(tmp_path):
    with pytest.raises(DataError, match="row 2: byte 12 is a NUL"):
        values(tmp_path, b"id,subject\n1\0,\0good\n2,fine\n3,fine\n")


@pytest.mark.parametrize("junk", [bytes(range(128, 160)) * 9, bytes([1, 2, 3, 200, 10] * 50), b"\x9f\x9e\x01\x02" * 99])
def test_what_is_no_text_in_any_encoding_is_refused(tmp_path, junk):
    with pytest.raises(DataError):
        values(tmp_path, b"id;subject\n1;" + junk)


def test_nothing_plausible_gives_no_encoding():
    assert most_plausible(bytes(range(128, 160)), CODEPAGES) is None
