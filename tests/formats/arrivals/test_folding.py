"""The newest text apart from the quote: sample by sample, the answers written by reading them."""

from __future__ import annotations

import pytest

from tests.arrivals import replied
from wiseops.formats.arrivals import mail
from wiseops.formats.arrivals.folding import fold, unsigned

LATIN = ("Fusce bibendum, quam", "odio id arcu varius aliquet nec nec nibh.")
HELLO = ("Hello", "Hello")
ANSWERS = {
    "email_1.txt": ("Hi folks", "riak-users_lists.basho.com"),
    "email_2.txt": ("Hi,", 'delete them all individually."'),
    "email_3.txt": ("Oh thanks.", "-Abhishek Kona"),
    "email_4.txt": ("Awesome! I haven't", "another problem with it."),
    "email_5.txt": ("One: Here's what", "for a while."),
    "email_6.txt": ("I get proper", "magnificent torch of pixels"),
    "email_ios_outlook.txt": (LATIN[0], "Get Outlook for iOS<https://aka.ms/o0ukef>"),
    "email_blackberry.txt": ("Here is another", "Sent from my BlackBerry"),
    "email_iphone.txt": ("Here is another", "Sent from my iPhone"),
    "email_danish_dash_separator.txt": LATIN,
    "email_german.txt": LATIN,
    "email_german_outlook.txt": LATIN,
    **{f"email_{number}.txt": LATIN for number in (7, 8, 9, 10, 11, 12, 13)},
    **dict.fromkeys(("android.eml", "aol.eml", "apple_mail.eml", "apple_mail_2.eml", "comcast.eml"), HELLO),
    **dict.fromkeys(("gmail.eml", "hotmail.eml", "outlook.eml", "thunderbird.eml", "yahoo.eml"), HELLO),
    **dict.fromkeys(("iphone.eml", "iphone_reply_text"), ("Hello", "Sent from my iPhone")),
    **dict.fromkeys(("sparrow.eml", "sparrow_reply_text"), ("Hello", "(http://www.sparrowmailapp.com/?sig)")),
}
"""The first and the last words of what is new, a signature included."""


def test_the_newest_text_stands_apart_in_nine_of_ten_samples():
    wrong = []
    for name, raw in replied().items():
        first, last = ANSWERS[name]
        newest = mail.read(raw).newest
        if not (newest.startswith(first) and newest.endswith(last) and (first != last or newest == first)):
            wrong.append(name)

    assert len(wrong) <= len(ANSWERS) / 10, wrong
    assert set(replied()) == set(ANSWERS)


OURS = "\n\nKære Mette,\n\nFaktura 1001 er forfalden."


@pytest.mark.parametrize(
    "heading",
    [
        "Den man. 2. mar. 2026 kl. 10.00 skrev Nordlys <rykker@example.com>:",
        "man. 2. mar. 2026 kl. 10:00 skrev Nordlys <rykker@example.com\n>:",
        "Den 2. mars 2026 kl. 10:00 skrev Nordlys <rykker@example.com>:",
        "On Mon, Mar 2, 2026 at 10:00 AM Nordlys <rykker@example.com> wrote:",
        "Fra: Nordlys <rykker@example.com>\nSendt: 2. marts 2026 10:00\nTil: Mette Lund\nEmne: Påmindelse",
        "________________________________\nFrom: Nordlys\nSent: Monday, March 2, 2026 10:00\nTo: Mette\nSubject: R",
        "*Fra:* Nordlys <rykker@example.com>\n*Dato:* mandag 2. mars 2026\n*Til:* Mette\n*Emne:* Purring",
        "-----Oprindelig meddelelse-----",
        "-----Opprinnelig melding-----",
        "-------- Oprindelig besked --------",
    ],
)
def test_our_own_reminder_below_is_quoted_however_it_is_headed(heading: str):
    assert fold(f"Jeg betaler på fredag.\nMvh Mette\n\n{heading}{OURS}").newest == "Jeg betaler på fredag.\nMvh Mette"


@pytest.mark.parametrize(
    "text",
    [
        "On 3 March you wrote:\nthat I must pay 100 kr. That is wrong.",
        "I skrev at jeg skylder 100:\nDet passer ikke.",
        "Se listen:\n- faktura 1\n- faktura 2\n\nTil: jer\nVenlig hilsen",
        "5 > 3, og 100 > 50.",
        "",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str):
    assert fold(text) == (type(fold(""))(text, ""))


def test_answers_between_the_lines_are_new_and_the_quote_then_has_it_all():
    text = "Hej\n\nDen 2. mar. 2026 kl. 10.00 skrev Nordlys:\n> Hvornår betaler du?\nFredag\n> Hvor meget?\nDet hele"

    folded = fold(text)

    assert folded.newest == "Hej\n\nFredag\nDet hele"
    assert folded.quoted == text


def test_a_mail_that_is_only_passed_on_is_new_and_one_without_words_is_not():
    passed_on = "---------- Forwarded message ---------\nFrom: A <a@example.com>\n\nPlease pay this"

    assert fold(passed_on).newest == passed_on
    assert fold("> Hi\n> there").newest == ""


@pytest.mark.parametrize("end", ["-- \nMette Lund\nBogholder", "Sent from my iPhone", "Sendt fra min iPhone"])
def test_a_signature_is_no_part_of_what_is_asked(end: str):
    assert unsigned(f"STOP\n\n{end}") == "STOP"
