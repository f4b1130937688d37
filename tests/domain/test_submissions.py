"""What tells one form from another."""

from datetime import date

from wiseops.domain.activities import Draft
from wiseops.domain.attachments import Upload
from wiseops.domain.submissions import digest, quoted


def test_the_same_draft_has_the_same_digest_whatever_order_its_sets_are_in():
    one, other = (Draft(notes="x", finishes=frozenset(ids)) for ids in ([1, 8, 16], [16, 8, 1]))

    assert digest((one, None)) == digest((other, None))
    assert (
        len({digest(draft) for draft in (one, Draft(notes="x"), Draft(notes="x", follow_up_on=date(2026, 3, 2)))}) == 3
    )


def test_a_file_counts_by_its_bytes_and_what_we_write_by_its_name():
    plan, again, another = (Upload(name, 1, b"", [], mark) for name, mark in (("a", "1"), ("b", "1"), ("a", "2")))
    ours = [Upload("Statement.pdf", size, b"", []) for size in (1, 2)]

    assert digest([plan]) == digest([again]) != digest([another])
    assert digest([ours[0]]) == digest([ours[1]])


def test_a_long_text_is_quoted_by_its_beginning():
    assert quoted("Pays\non Friday") == "“Pays on Friday”"
    assert quoted("word " * 100) == "“" + "word " * 15 + "…”"
