"""How a contact can end, as an admin sets it."""

from __future__ import annotations

from tests.web.conftest import Browser
from wiseops.queries import dispositions


def test_an_admin_adds_renames_orders_and_retires(admin: Browser):
    page = "/settings/dispositions"
    assert admin.post(page, data={"name": "Wrong Number", "follow_up_days": "3"}).status_code == 303
    mine = dispositions.active()[-1].id
    assert admin.post(page, data={"name": "wrong number", "follow_up_days": ""}).status_code == 422
    assert admin.post(f"{page}/{mine}", data={"name": "Not Theirs", "follow_up_days": "x"}).status_code == 422
    assert admin.post(f"{page}/{mine}", data={"name": "Not Theirs", "follow_up_days": ""}).status_code == 303
    admin.post(f"{page}/{mine}/place", data={"to": "up"})
    assert "Not Theirs" in admin.get(f"{page}/{mine}").text

    names = [row.name for row in dispositions.active()]
    assert names == ["No Answer", "Left Message", "Not Theirs", "Spoke to Customer"]
    admin.post(f"{page}/{mine}/retirement")
    assert "Not Theirs" not in admin.get(page).text


def test_only_admins_may(collector: Browser):
    assert collector.get("/settings/dispositions").status_code == 403
