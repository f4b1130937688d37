"""Words that everyone may send, and parts of one SMS."""

from datetime import UTC, datetime, timedelta

import pytest

from wiseops.domain.replies import Part, joined, keyword

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("STOP", "stop"),
        (" »Stopp!« ", "stop"),
        ("stop all", "stop"),
        ("Opt-Out.", "stop"),
        ("REVOKE", "stop"),
        ("Afmeld", "stop"),
        ("AVMELD", "stop"),
        ("slut", "stop"),
        ("Unstop", "start"),
        ("Tilmeld", "start"),
        ("PÅMELD", "start"),
        ("Hjælp?", "help"),
        ("info", "help"),
        ("Please stop by on Monday", None),
        ("Jeg har betalt. Slut.", None),
        ("", None),
        ("👍", None),
    ],
)
def test_a_word_alone_is_a_keyword_and_a_sentence_is_for_a_person(text: str, said: str | None):
    assert keyword(text) == said


@pytest.mark.parametrize(
    ("came", "order"),
    [
        ([(0, "a" * 153), (1, "b" * 153), (2, "c")], "abc"),
        ([(0, "a" * 160), (1, "b")], "ab"),
        ([(0, "€" * 76 + "a"), (1, "b")], "€b"),
        ([(0, "a" * 67), (1, "b👍")], "ab"),
        ([(0, "b"), (1, "a" * 153)], "ab"),
        ([(0, "b"), (0, "a" * 153)], "ab"),
        ([(1, "b" * 153), (2, "c"), (0, "a" * 153)], "abc"),
        ([(0, "a" * 152), (1, "b")], None),
        ([(0, "b"), (1, "a" * 160)], None),
        ([(0, "a" * 153), (61, "b")], None),
        ([(0, "a"), (1, "b")], None),
        ([(0, "👍"), (5, "a" * 67)], "a👍"),
        ([(0, "👍"), (6, "a" * 67)], None),
    ],
)
def test_what_is_full_to_the_last_letter_goes_on(came: list[tuple[int, str]], order: str | None):
    found = joined([Part(AT + timedelta(seconds=second), text) for second, text in came])

    assert (found and "".join(part.text[0] for part in found)) == order
