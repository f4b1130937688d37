"""What a template brought, and what became of it."""

from __future__ import annotations

import pytest

from wiseops.domain.compositions import Draft, Filled, Overtaken, figures, refuse_overtaken
from wiseops.domain.templates import Rendered

WAS = Rendered(
    "Reminder: 1\u00a0250,00 DKK", "Invoice A-1, due 2026-03-01: 1\u00a0250,00 DKK.\nTo pay: 1\u00a0250,00 DKK"
)


def refused(body: str, now: Rendered) -> str:
    draft = Draft("email", 1, body, "Reminder: 1 250,00 DKK")
    with pytest.raises(Overtaken) as overtaken:
        refuse_overtaken(draft, Filled(1, tuple(figures(WAS))), figures(now))
    return overtaken.value.message


def test_figures_are_words_with_a_digit_however_thousands_are_parted():
    assert figures(WAS) == ["1 250,00", "A-1", "2026-03-01", "1 250,00", "1 250,00"]


def test_a_figure_that_became_another_is_named_with_the_other():
    now = Rendered("Reminder: 800,00 DKK", "Invoice A-1, due 2026-03-01: 800,00 DKK.\nTo pay: 800,00 DKK")

    assert "instead of 1 250,00 it would say 800,00 now" in refused(WAS.body, now)
    assert "it would not say 1 250,00, A-1, 2026-03-01 any more" in refused(WAS.body, Rendered("", ""))


def test_a_total_that_grew_is_seen_though_its_item_says_the_same():
    grown = Rendered(
        "Reminder: 1 550,00", "Invoice A-1, due 2026-03-01: 1 250,00 DKK.\nB-2: 300,00\nTo pay: 1 550,00 DKK"
    )

    assert "it would say 1 550,00, B-2, 300,00 now" in refused(WAS.body, grown)


@pytest.mark.parametrize("body", [WAS.body, "Please call 20 12 34 56."])
def test_what_still_holds_and_what_the_person_took_out_is_nobodys_business(body: str):
    now = WAS if body == WAS.body else Rendered("", "")

    refuse_overtaken(Draft("email", 1, body, "Hello"), Filled(1, tuple(figures(WAS))), figures(now))
