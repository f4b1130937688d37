"""Rows of accounts."""

from wiseops.formats import accounts, tables
from wiseops.formats.profiles import NATIVE
from wiseops.formats.tables import Problem


def read(text: str) -> list[accounts.Row | list[Problem]]:
    table = tables.read(text.encode())
    reader = accounts.Reader(NATIVE["accounts"], table.header)
    return [reader.read(row, cells) for row, cells in table.rows()]


def test_a_row_says_what_its_cells_hold_and_an_empty_cell_says_nothing():
    assert read("number,name,email,city\n0042,Ærø  Færgefart,,Marstal\n") == [
        accounts.Row(2, "0042", {"number": "0042", "name": "Ærø Færgefart", "city": "Marstal"})
    ]


def test_number_and_name_are_needed():
    assert read("number,name\n,Acme\n7,\n") == [
        [Problem(2, "number", "This cell is empty.")],
        [Problem(3, "name", "This cell is empty.")],
    ]


def test_a_number_that_became_a_float_is_refused():
    ((problem,),) = read("number,name\n1.0E+5,Acme\n")
    assert problem.field == "number"
