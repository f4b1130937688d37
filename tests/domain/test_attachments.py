"""Files that people attach."""

from __future__ import annotations

import pytest

from wiseops.domain.attachments import MIB, Upload, check, named
from wiseops.domain.errors import Refused


@pytest.mark.parametrize(
    "uploads",
    [
        [("big.pdf", 30 * MIB, b"%PDF")],
        [("nothing.pdf", 0, b"")],
        [("setup.EXE", 10, b"")],
        [("invoice.pdf", 10, b"MZ\x90\x00")],
        [("run", 10, b"#!/bin/sh")],
        [("a.pdf", 9 * MIB, b""), ("b.pdf", 9 * MIB, b""), ("c.pdf", 9 * MIB, b"")],
    ],
)
def test_files_too_large_empty_or_that_run_are_refused(uploads: list[tuple[str, int, bytes]]):
    with pytest.raises(Refused) as refused:
        check([Upload(name, size, head, [head]) for name, size, head in uploads])

    assert refused.value.field == "files"


def test_a_file_is_called_what_it_is():
    assert named("C:\\temp\\..\\faktura.pdf") == "faktura.pdf"
    assert named("faktura\u202efdp.exe") == "fakturafdp.exe"
    assert named("  ../ ") == "file"
    assert named("x" * 300 + ".pdf") == "x" * 120 + ".pdf"
