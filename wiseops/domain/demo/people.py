"""The customers of the demo book: some 300 in Denmark, Norway and the United States."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

import phonenumbers

from wiseops.domain import accounts, contacts
from wiseops.domain.demo.words import PLACES, Place

SHARES = {"DK": 180, "NO": 80, "US": 45}
HABITS = {"prompt": 42, "slow": 27, "late": 13, "parts": 8, "never": 6, "new": 4}
"""How customers pay, and how many of a hundred do."""

_SPELLED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_DIGITS = {"DK": 8, "NO": 8, "US": 10}


@dataclass(frozen=True, slots=True)
class Customer:
    """One account, its contact (None: nobody knows an address), the currencies it buys in and how it pays."""

    details: accounts.Details
    contact: contacts.Details | None
    currencies: tuple[str, ...]
    habit: str


def customers(random: Random, shares: Mapping[str, int]) -> list[Customer]:
    """The same people for the same seed, numbered from 1001."""
    countries = [country for country, count in shares.items() for _ in range(count)]
    random.shuffle(countries)
    taken: set[str] = set()
    return [_customer(random, str(1001 + index), country, taken) for index, country in enumerate(countries)]


def _customer(random: Random, number: str, country: str, taken: set[str]) -> Customer:
    place, is_business = PLACES[country], random.random() < 0.66
    person = _new(taken, lambda: f"{random.choice(place.first)} {random.choice(place.last)}")
    name = _new(taken, lambda: _company(random, place)) if is_business else person
    postal_code, city = random.choice(place.city)
    house = random.randint(1, 140)
    street = random.choice(place.street)
    details = accounts.Details(
        number=number,
        name=name,
        kind="business" if is_business else "consumer",
        country=country,
        language="en" if country == "DK" and random.random() < 0.08 else place.language,
        timezone=place.zones.get(city[-2:]),
        street=f"{house} {street}" if country == "US" else f"{street} {house}",
        postal_code=postal_code,
        city=city,
        tags=_tags(random, is_business=is_business),
    )
    currencies = (place.currency, "EUR") if is_business and random.random() < 0.06 else (place.currency,)
    habit = random.choices(list(HABITS), list(HABITS.values()))[0]
    return Customer(details, _contact(random, person, name, country), currencies, habit)


def _company(random: Random, place: Place) -> str:
    return f"{random.choice(place.company)} {random.choice(place.trade)} {random.choice(place.form)}"


def _new(taken: set[str], make: Callable[[], str]) -> str:
    """A name that nobody has yet."""
    while (name := make()) in taken:
        pass
    taken.add(name)
    return name


def _tags(random: Random, *, is_business: bool) -> frozenset[str]:
    wanted = ("key account", 0.06), ("webshop", 0.15), ("service contract", 0.1)
    return frozenset(tag for tag, share in wanted if random.random() < share) if is_business else frozenset()


def _contact(random: Random, person: str, name: str, country: str) -> contacts.Details | None:
    chance = random.random()
    if chance < 0.03:
        return None
    at = "example.com" if name == person else f"{_slug(name.rsplit(' ', 1)[0], '-')}.example.com"
    email = "" if chance < 0.11 else f"{_slug(person, '.')}@{at}"
    phone = "" if email and random.random() < 0.15 else _phone(random, country)
    return contacts.Details(name=person, email=email, phone=phone)


def _slug(text: str, between: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower().translate(_SPELLED)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", between, plain).strip(between)


def _phone(random: Random, country: str) -> str:
    """A number that could exist there, and a mobile one where numbers tell."""
    while True:
        national = str(random.randint(2, 9)) + "".join(str(random.randint(0, 9)) for _ in range(_DIGITS[country] - 1))
        number = phonenumbers.parse(national, country)
        kind = phonenumbers.number_type(number)
        if phonenumbers.is_valid_number(number) and kind in (
            phonenumbers.PhoneNumberType.MOBILE,
            phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        ):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
