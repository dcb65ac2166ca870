"""What leaves as CSV is read back as it was, and nothing in it runs in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest

from auditkit.safe.spreadsheets import csv_text, harmless


@pytest.mark.parametrize("cell", ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "-"])
def test_a_formula_is_led_by_an_apostrophe(cell):
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-3", "+4.5", "-1 234,5", "-12 %", "1e-5", "-2.5e+3", "plain", "", "a=b", "–"])
def test_numbers_and_words_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_cells_with_commas_quotes_and_lines_are_read_back():
    rows = [["a,b", 'say "x"', "two\nlines", None, 3]]
    assert list(csv.reader(io.StringIO(csv_text(["v", "w", "x", "y", "z"], rows)))) == [
        ["v", "w", "x", "y", "z"],
        ["a,b", 'say "x"', "two\nlines", "", "3"],
    ]
