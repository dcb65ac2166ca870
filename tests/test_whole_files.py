"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import stat

import pytest

from auditkit.errors import DataError
from auditkit.safe.files import made_whole, write_whole


def test_a_file_takes_the_place_of_another_in_one_step_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "deep" / "answers.toml"
    write_whole(path, "a\r\nb — ж\n")
    write_whole(path, b"second")
    assert path.read_bytes() == b"second"
    assert [one.name for one in path.parent.iterdir()] == ["answers.toml"]


def test_text_is_written_as_it_is(tmp_path):
    write_whole(tmp_path / "x", "a\r\nb — ж \udc80\n")
    assert (tmp_path / "x").read_bytes().startswith("a\r\nb — ж ".encode())


def test_who_fails_half_way_leaves_what_was_there(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"earlier")

    def half(fresh):
        fresh.write_bytes(b"ha")
        raise OSError(28, "No space left on device")

    with pytest.raises(DataError, match="No space left on device"):
        made_whole(path, half, "Free some space.")
    assert path.read_bytes() == b"earlier" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_others_may_read_it_as_any_new_file(tmp_path):
    write_whole(tmp_path / "findings.toml", "x")
    (tmp_path / "ordinary").write_text("x")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("findings.toml", "ordinary")]
    assert modes[0] == modes[1]
