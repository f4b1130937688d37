"""Texts that people type."""

import pytest

from wiseops.domain.errors import Refused
from wiseops.domain.texts import one_line


@pytest.mark.parametrize("gap", ["\t", "\u00a0", "\u202f", "\u2009", " "])
def test_whatever_space_was_copied_is_a_space(gap: str):
    assert one_line(f"{gap}Paid 1{gap}500,00 ", "reason", 20) == "Paid 1 500,00"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a" * 21, "Use at most 20 characters, in one line."),
        ("two\nlines", "Use at most 20 characters, in one line."),
        ("a bell\x07", "It has a character that cannot be shown."),
        ("turned \u202e round", "It has a character that cannot be shown."),
    ],
)
def test_what_is_not_one_line_is_refused_for_what_is_wrong_with_it(text: str, words: str):
    with pytest.raises(Refused) as refused:
        one_line(text, "reason", 20)
    assert (refused.value.message, refused.value.field) == (words, "reason")
