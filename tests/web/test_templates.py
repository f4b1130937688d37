"""Texts are written beside a preview that fills them in."""

import html
from datetime import timedelta

from tests.factories import TODAY, an_account, an_entry
from tests.web.conftest import Browser
from wiseops.queries import templates
from wiseops.web import clock

EN = "/settings/templates/1/email/en"


def preview(browser: Browser, body: str, *, where: str = "email/en", **form: str) -> str:
    answer = browser.post(f"/settings/templates/preview/{where}", data={"subject": "Hi", "body": body} | form)
    return html.unescape(answer.text).replace("\xa0", " ")


def test_a_text_is_saved_as_the_next_version_and_the_first_comes_back(admin: Browser):
    first = templates.versions(1, "email", "en")[0]

    assert admin.post(EN, data={"subject": "Hi", "body": "You owe {{ totals }}"}).status_code == 303
    assert "You owe {{ totals }}" in admin.get(EN).text
    assert "no longer in use" in admin.get(f"{EN}?version={first.id}").text

    assert admin.post(f"/settings/templates/versions/{first.id}/restoration").status_code == 303
    assert [version.version for version in templates.versions(1, "email", "en")] == [3, 2, 1]


def test_a_text_that_would_not_render_is_refused_on_its_field(admin: Browser):
    answer = admin.post(EN, data={"subject": "Hi", "body": "Dear\n{{ account.__class__ }}"})

    assert answer.status_code == 422
    assert "Line 2: “account.__class__” is not known." in html.unescape(answer.text)
    assert len(templates.versions(1, "email", "en")) == 1


def test_the_preview_shows_the_sample_customer_or_a_real_account(admin: Browser):
    account_id = an_account(number="2044", name="Ærø Blik")
    due_on = clock.today() - timedelta(days=10)
    an_entry(account_id, "250.00 DKK", number="77", on=TODAY - timedelta(days=400), due_on=due_on)
    an_account(number="2045")
    body = "{{ account.name }}: {{ totals }} ({{ numbers }})"

    assert "DKK 2,230.50 and EUR 300.00" in preview(admin, body)
    assert "Ærø Blik: DKK 250.00 (77)" in preview(admin, body, account="2044")
    assert "Nothing is overdue there." in preview(admin, body, account="2045")
    assert "no account of that number" in preview(admin, body, account="9")


def test_the_preview_counts_segments_and_says_what_is_wrong(admin: Browser):
    assert "<strong>1 segment</strong>" in preview(admin, "x" * 160, where="sms/en", subject="")
    assert "<strong>2 segments</strong>" in preview(admin, "x" * 161, where="sms/en", subject="")
    assert "UCS-2" in preview(admin, "ő", where="sms/en", subject="")
    assert "is not known" in preview(admin, "{{ config }}")


def test_the_preview_shows_markup_as_text(admin: Browser):
    answer = admin.post("/settings/templates/preview/email/en", data={"subject": "Hi", "body": "<script>x</script>"})

    assert "<script>" not in answer.text


def test_a_new_template_begins_without_texts(admin: Browser):
    address = admin.post("/settings/templates", data={"name": "Last call"}).location

    page = admin.get(admin.get(address).location)
    assert "Not written yet" in page.text
    assert "missing" in admin.get("/settings/templates").text
    assert admin.post("/settings/templates", data={"name": "Last call"}).status_code == 422


def test_a_template_is_renamed(admin: Browser):
    assert "Friendly reminder" in admin.get("/settings/templates/1/name").text
    assert admin.post("/settings/templates/1/name", data={"name": "Final notice"}).status_code == 422
    assert admin.post("/settings/templates/1/name", data={"name": "First"}).status_code == 303
    assert "First" in admin.get("/settings/templates").text


def test_a_template_in_use_is_not_archived(admin: Browser):
    assert admin.post("/settings/templates/1/archive").status_code == 409


def test_unknown_channels_and_languages_are_not_found(admin: Browser):
    assert admin.get("/settings/templates/1/fax/en").status_code == 404
    assert admin.get("/settings/templates/1/sms/xx").status_code == 404


def test_a_manager_only_looks(manager: Browser):
    page = manager.get(EN)
    assert page.status_code == 200
    assert "Save text" not in page.text
    assert manager.post(EN, data={"subject": "Hi", "body": "Hi"}).status_code == 403
