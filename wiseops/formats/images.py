"""Pictures, known by their content and never by their name."""

from __future__ import annotations

SIGNATURES = (
    ("image/png", 0, b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", 0, b"\xff\xd8\xff"),
    ("image/webp", 8, b"WEBPVP8"),
)


def content_type(content: bytes) -> str | None:
    """What the bytes are, of the kinds that every browser and printer shows; None for anything else."""
    for kind, at, signature in SIGNATURES:
        if content[at : at + len(signature)] == signature:
            return kind
    return None
