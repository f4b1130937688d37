"""How columns are mapped, and which header is whose."""

import pytest

from wiseops.formats import profiles, tables
from wiseops.formats.profiles import IBM_LATE_PAYMENT, NATIVE, SHIPPED, Profile, pickers, recognise
from wiseops.formats.tables import Unreadable

IBM_HEADER = [*IBM_LATE_PAYMENT.ignored, "customerID", "invoiceNumber", "InvoiceDate", "DueDate"]
IBM_HEADER += ["InvoiceAmount", "SettledDate"]


def test_our_own_headers_need_no_profile_in_any_order_and_with_options_left_out():
    assert recognise(["Name", "number"], "accounts", SHIPPED) is NATIVE["accounts"]
    assert recognise([*profiles.ENTRY_FIELDS], "entries", SHIPPED) is NATIVE["entries"]


@pytest.mark.parametrize("noun", ["accounts", "entries"])
def test_the_late_payment_file_is_known_by_its_header(noun: str):
    assert recognise(IBM_HEADER, noun, SHIPPED) is IBM_LATE_PAYMENT


def test_a_misspelt_or_missing_column_is_not_guessed_at():
    assert recognise(["number", "name", "e_mail"], "accounts", SHIPPED) is None
    assert recognise(["number", "email"], "accounts", SHIPPED) is None
    words = profiles.unknown_header(["number", "e_mail"], "accounts").message
    assert "missing: name" in words
    assert "not known: e_mail" in words


def test_a_pattern_reads_a_column_a_constant_or_both():
    profile = Profile("x", accounts={"number": "{Id}", "name": "Customer", "email": "{Id}.{No}@example.com"})
    picks = pickers(profile, "accounts", ["No", "ID"])
    assert {target: pick(["7", " 4 "]) for target, pick in picks.items()} == {
        "number": "4",
        "name": "Customer",
        "email": "4.7@example.com",
    }
    assert picks["email"](["7", " "]) == ""


def test_a_column_that_the_profile_reads_must_be_there_once():
    profile = Profile("x", accounts={"number": "{Id}", "name": "{Name}"})
    with pytest.raises(Unreadable, match="“Name”"):
        pickers(profile, "accounts", ["Id"])
    with pytest.raises(Unreadable, match="twice"):
        pickers(profile, "accounts", ["Id", "Name", "name"])


def test_a_profile_survives_being_stored():
    assert Profile.from_json("ibm-late-payment", IBM_LATE_PAYMENT.to_json()) == IBM_LATE_PAYMENT
    assert IBM_LATE_PAYMENT.kind == "both"


def test_a_profile_that_leaves_out_what_is_needed_is_refused():
    with pytest.raises(Unreadable, match="number, issued_on"):
        profiles.check(
            Profile("x", entries={"account": "{A}", "kind": "invoice", "currency": "DKK", "amount": "{B}"}), "entries"
        )


def test_a_header_cell_may_hold_any_spacing_and_case():
    assert tables.read(b" Number ;NAME\n1;Acme\n").header == ("Number", "NAME")
