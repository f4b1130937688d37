"""Profiles: how the columns of a source become accounts and entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wiseops.formats.tables import Unreadable
from wiseops.formats.values import DATES, DECIMALS

ACCOUNT_FIELDS = (
    "number", "name", "email", "phone", "country", "language", "timezone",
    "kind", "street", "postal_code", "city", "tags", "collector",
)  # fmt: skip
ENTRY_FIELDS = (
    "account", "kind", "number", "issued_on", "due_on", "currency", "amount",
    "allocate_to", "disputed_amount", "payment_reference",
)  # fmt: skip
SETTLED_ON = "settled_on"
"""An entry field of profiles only: the day the invoice was paid in full, which makes a payment of it."""

NEEDED = {
    "accounts": ("number", "name"),
    "entries": ("account", "kind", "number", "issued_on", "currency", "amount"),
}
_HOLE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Profile:
    """`accounts` and `entries` map our field to a pattern: “{Column}”, a fixed text, or “{Column}@example.com”.

    `ignored` columns are known and left out. `encoding` and `delimiter` are found out where empty.
    """

    name: str
    accounts: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    decimal: str = "."
    grouped: bool = True
    dates: str = "iso"
    encoding: str = ""
    delimiter: str = ""

    @property
    def kind(self) -> str:
        """What a row makes: accounts, entries, or both."""
        if self.accounts and self.entries:
            return "both"
        return "accounts" if self.accounts else "entries"

    @property
    def is_settled(self) -> bool:
        """Whether it is ours, shipped or saved: no guess that a person should look over."""
        return bool(self.name) or any(
            self.fields(noun).items() <= own.fields(noun).items() and self.kind == noun for noun, own in NATIVE.items()
        )

    def fields(self, noun: str) -> Mapping[str, str]:
        """The patterns of `noun`: accounts or entries."""
        return self.accounts if noun == "accounts" else self.entries

    @property
    def columns(self) -> frozenset[str]:
        """Every column that a pattern reads."""
        patterns = (*self.accounts.values(), *self.entries.values())
        return frozenset(same(name) for pattern in patterns for name in _HOLE.findall(pattern))

    def to_json(self) -> dict[str, Any]:
        """As stored."""
        return {
            "accounts": dict(self.accounts), "entries": dict(self.entries), "ignored": list(self.ignored),
            "decimal": self.decimal, "grouped": self.grouped, "dates": self.dates,
            "encoding": self.encoding, "delimiter": self.delimiter,
        }  # fmt: skip

    @classmethod
    def from_json(cls, name: str, stored: Mapping[str, Any]) -> Profile:
        """As it was stored."""
        return cls(**{**stored, "name": name, "ignored": tuple(stored.get("ignored", ()))})


NATIVE = {
    "accounts": Profile("", accounts={name: f"{{{name}}}" for name in ACCOUNT_FIELDS}, grouped=False),
    "entries": Profile("", entries={name: f"{{{name}}}" for name in ENTRY_FIELDS}, grouped=False),
}
"""The headers that always work, any optional column left out."""

IBM_LATE_PAYMENT = Profile(
    "ibm-late-payment",
    accounts={"number": "{customerID}", "name": "{customerID}", "email": "{customerID}@example.com"},
    entries={
        "account": "{customerID}",
        "kind": "invoice",
        "number": "{invoiceNumber}",
        "issued_on": "{InvoiceDate}",
        "due_on": "{DueDate}",
        "currency": "USD",
        "amount": "{InvoiceAmount}",
        SETTLED_ON: "{SettledDate}",
    },
    ignored=("countryCode", "PaperlessDate", "Disputed", "PaperlessBill", "DaysToSettle", "DaysLate"),
    dates="m/d/y",
)
SHIPPED = (IBM_LATE_PAYMENT,)


def same(header: str) -> str:
    """The form in which two headers are compared."""
    return " ".join(header.split()).casefold()


def recognise(header: Sequence[str], noun: str, known: Iterable[Profile]) -> Profile | None:
    """The profile that reads exactly this header, our own first."""
    found = {same(name) for name in header if name}
    own = NATIVE[noun]
    if found <= own.columns and found >= set(NEEDED[noun]):
        return own
    for profile in known:
        everything = profile.columns | {same(name) for name in profile.ignored}
        if profile.fields(noun) and profile.columns <= found <= everything:
            return profile
    return None


def check(profile: Profile, noun: str) -> None:
    """Raises Unreadable where `profile` cannot make a `noun`."""
    missing = [name for name in NEEDED[noun] if not profile.fields(noun).get(name)]
    if missing:
        raise Unreadable(f"The profile says nothing about {', '.join(missing)}.")
    if profile.decimal not in DECIMALS or profile.dates not in DATES:
        raise Unreadable("The profile names a decimal sign or a date form that does not exist.")


def unknown_header(header: Sequence[str], noun: str) -> Unreadable:
    """The refusal of a header that nothing recognises, naming what is missing or too much."""
    found = {same(name) for name in header if name}
    missing = [name for name in NEEDED[noun] if name not in found]
    surplus = [name for name in header if name and same(name) not in NATIVE[noun].columns]
    parts = [f"missing: {', '.join(missing)}"] if missing else []
    parts += [f"not known: {', '.join(surplus[:10])}"] if surplus else []
    return Unreadable(
        f"The first row is no header of {noun} ({'; '.join(parts)}). Expected: {','.join(NATIVE[noun].fields(noun))}."
        " For another layout name a profile, or make one on the import page."
    )


Pick = Callable[[Sequence[str]], str]


def pickers(profile: Profile, noun: str, header: Sequence[str]) -> dict[str, Pick]:
    """For each field that the file can fill, what reads it from a row's cells."""
    at: dict[str, int] = {}
    for position, name in enumerate(header):
        if name and same(name) in at and same(name) in profile.columns:
            raise Unreadable(f"The column “{name}” is there twice.")
        at.setdefault(same(name), position)
    found: dict[str, Pick] = {}
    for target, pattern in profile.fields(noun).items():
        holes = [same(name) for name in _HOLE.findall(pattern)]
        missing = [name for name in _HOLE.findall(pattern) if same(name) not in at]
        if not missing:
            found[target] = _pick(pattern, [at[hole] for hole in holes])
        elif pattern != NATIVE[noun].fields(noun).get(target) or target in NEEDED[noun]:
            raise Unreadable(f"The column “{missing[0]}”, which {target} is read from, is missing.")
    return found


def _pick(pattern: str, positions: list[int]) -> Pick:
    if not positions:
        return lambda cells: pattern
    if _HOLE.fullmatch(pattern):
        position = positions[0]
        return lambda cells: cells[position].strip()
    pieces = _HOLE.split(pattern)[::2]

    def fill(cells: Sequence[str]) -> str:
        values = [cells[position].strip() for position in positions]
        if not all(values):
            return ""
        return pieces[0] + "".join(value + piece for value, piece in zip(values, pieces[1:], strict=True))

    return fill


def shown_name(profile: Profile, noun: str, target: str) -> str:
    """What a person calls the field: the file's column where one fills it, else our name."""
    whole = _HOLE.fullmatch(profile.fields(noun).get(target, ""))
    return whole[1] if whole else target
