"""The page one comes to: what is to be done, by whom, and who may give it to others."""

import re

from tests.factories import NOW, TODAY, a_debtor, a_user
from tests.web.conftest import Browser
from wiseops.extensions import db
from wiseops.models import Account
from wiseops.queries.users import by_email
from wiseops.services import accounts, tasks


def a_call(name: str, owner_id: int | None) -> int:
    account = a_debtor(name=name)
    accounts.assign([account], owner_id=owner_id, now=NOW, by_id=None)
    tasks.create(account, kind="call", note="Ask for the order number", due_on=TODAY, now=NOW)
    return account


def whose(email: str) -> int:
    found = by_email(email)
    assert found
    return found.id


def test_a_row_says_why_it_is_there_and_what_its_rank_is_made_of(collector: Browser):
    a_call("Nordlys", whose("collector@example.com"))
    a_call("Fjord", a_user().id)

    page = collector.get("/").text

    assert "Nordlys" in page
    assert "Fjord" not in page
    assert "Ask for the order number" in page
    rank = int(re.search(r"<strong>(\d+)</strong>", page)[1])  # type: ignore[index]
    parts = re.findall(r"<span>(\d+) ([^<]+)</span>", page)
    assert rank == sum(int(points) for points, _ in parts)
    assert parts[0] == ("40", "call")
    assert "Nothing of this kind" in collector.get("/?kind=reply").text
    assert "<html" not in collector.fragment("/?kind=call").text


def test_what_nobody_has_can_be_taken(collector: Browser):
    account = a_call("Nordlys", None)
    assert "Nordlys" not in collector.get("/").text
    assert "Take Nordlys" in collector.get("/?who=none").text

    assert collector.post("/worklist/taking", data={"account_id": account, "who": "none"}).status_code == 303

    assert "Nordlys" in collector.get("/").text


def test_other_peoples_lists_loads_and_reassigning_are_for_managers(collector: Browser):
    other = a_user().id
    account = a_call("Nordlys", other)
    for path in (f"/?who={other}", "/worklist/loads", f"/worklist/loads/{other}"):
        assert collector.get(path).status_code == 403
    assert collector.post("/worklist/reassignment", data={"id": account, "to": other}).status_code == 403
    assert collector.post(f"/worklist/loads/{other}", data={"to": other}).status_code == 403
    assert "ticked: give to" not in collector.get("/?who=all").text


def test_a_manager_sees_everyones_load_and_reassigns(manager: Browser):
    ida, bo = a_user(name="Ida Holm").id, a_user(name="Bo Dahl").id
    first, second = a_call("Nordlys", ida), a_call("Fjord", ida)
    assert re.search(r"Ida Holm.*?<td class=\"number\">2<", manager.get("/worklist/loads").text, re.DOTALL)
    assert "Nordlys" in manager.get(f"/?who={ida}").text

    answer = manager.post("/worklist/reassignment", data={"id": first, "to": bo, "who": ida})
    assert answer.location == f"/?who={ida}"
    assert db.session.get_one(Account, first).owner_id == bo
    assert manager.post(f"/worklist/loads/{ida}", data={"to": ""}).status_code == 422
    assert manager.post(f"/worklist/loads/{ida}", data={"to": bo}).status_code == 303
    assert db.session.get_one(Account, second).owner_id == bo


def test_work_mode_leads_from_one_account_to_the_next(collector: Browser):
    me = whose("collector@example.com")
    first, second = a_call("Nordlys", me), a_call("Fjord", me)

    begun = collector.post("/rounds", data={"who": "me"})
    assert begun.location == f"/accounts/{first}/collections"
    page = collector.get(begun.location).text
    assert "1 of 2" in page
    (bar,) = re.findall(r'class="round-bar" method="post" action="([^"]+)"', page)

    assert collector.post(bar, data={"step": "next", "account_id": first}).location == f"/accounts/{second}/collections"
    assert collector.post(bar, data={"step": "back", "account_id": second}).location.endswith(f"/{first}/collections")
    assert collector.post(bar, data={"step": "next", "account_id": second}).location == "/"
    assert "1 of 2" not in collector.get(begun.location).text
    assert collector.post("/rounds", data={"kind": "reply"}).location == "/"
