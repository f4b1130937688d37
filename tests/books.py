"""The real ledger of the shared sample data, whole or up to a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.oracles import standard
from wiseops.formats.profiles import IBM_LATE_PAYMENT
from wiseops.services.imports import Options, import_entries

IBM = SHARED / "ibm-late-payment" / "WA_Fn-UseC_-Accounts-Receivable.csv"
needs_ibm = pytest.mark.skipif(not IBM.exists(), reason="the late-payment file is not at ../shared/data")


def ibm_until(day: date, folder: Path) -> Path:
    """A file of the invoices issued until `day`."""
    header, *rows = IBM.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    position = header.split(",").index("InvoiceDate")
    kept = [row for row in rows if standard.day(row.split(",")[position]) <= day]
    path = folder / "invoices.csv"
    path.write_text(header + "".join(kept), encoding="utf-8")
    return path


def put(path: Path) -> None:
    """Imports the file into the running app's book."""
    answer = import_entries(
        path.read_bytes(), profile=IBM_LATE_PAYMENT, options=Options(), now=datetime(2014, 3, 1, tzinfo=UTC)
    )
    assert not answer.problems
