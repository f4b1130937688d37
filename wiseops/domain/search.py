"""What an account is found by, and what is looked for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 60
_PARTS = re.compile(r"[^\W_]+")
_PHONE = re.compile(r"\+?[\d\s().-]{5,}")


def fold(text: str) -> str:
    """Small letters without accents: Café is cafe; æ, ø and ß stay or become what small letters make of them."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str) -> set[str]:
    """The words of a text, whole and in their parts: `Bo-Hus A/S` is found by bo-hus, bo, hus, a/s, a and s."""
    folded = fold(text)
    return {word[:LONGEST] for word in (*folded.split(), *_PARTS.findall(folded))}


def address_words(email: str | None, phone: str | None, phone_given: str) -> set[str]:
    """The words of a contact: its e-mail address, and its number with and without the country."""
    found = {fold(email)[:LONGEST]} if email else set()
    digits = re.sub(r"\D", "", phone or phone_given)
    if digits:
        found.add(digits[:LONGEST])
        found.add(re.sub(r"\D", "", phone_given).removeprefix("00")[:LONGEST] or digits)
    return found


@dataclass(frozen=True, slots=True)
class Sought:
    """What a person typed: `prefixes` must each begin a word; `digits` begin a phone number; `reference` is exact."""

    prefixes: tuple[str, ...]
    digits: str
    reference: str


def sought(text: str) -> Sought:
    """Reads what a person typed into a search box."""
    text = text.strip()[:200].replace("\x00", "")
    digits = re.sub(r"\D", "", text).removeprefix("00") if _PHONE.fullmatch(text) else ""
    return Sought(tuple(word[:LONGEST] for word in fold(text).split()[:6]), digits[:LONGEST], text[:LONGEST])
