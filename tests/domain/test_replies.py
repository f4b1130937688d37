"""Words that everyone may send."""

import pytest

from wiseops.domain.replies import keyword


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
