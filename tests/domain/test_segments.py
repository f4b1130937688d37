"""An SMS costs by segment: 160 or 70 characters, or 153 or 67 a part."""

import pytest

from wiseops.domain.segments import measure, plainer


@pytest.mark.parametrize(
    ("text", "encoding", "characters", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("æøåÆØÅ", "GSM-7", 6, 1),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
        ("ő", "UCS-2", 1, 1),
        ("ő" * 70, "UCS-2", 70, 1),
        ("ő" * 71, "UCS-2", 71, 2),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
        ("😀" * 67, "UCS-2", 134, 3),
    ],
)
def test_segments_are_counted_as_the_network_does(text: str, encoding: str, characters: int, segments: int):
    size = measure(text)

    assert (size.encoding, size.characters, size.segments) == (encoding, characters, segments)


def test_typographic_characters_no_longer_force_the_small_alphabet():
    text = "1\u00a0234,50\u202fDKK \u2013 \u201cnow\u201d\u2026"

    assert measure(text).encoding == "UCS-2"
    assert plainer(text) == '1 234,50 DKK - "now"...'
    assert measure(plainer(text)).encoding == "GSM-7"
