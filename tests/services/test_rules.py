"""The rules leave as a document and come back as the same rules."""

import json
from pathlib import Path

import pytest
from flask import Flask

from tests.factories import NOW, an_account
from wiseops.config import ROOT
from wiseops.domain.errors import Refused
from wiseops.domain.plans import Conditions
from wiseops.extensions import db
from wiseops.formats.rules import dump, parse
from wiseops.models import Automation
from wiseops.queries import plans, rules
from wiseops.services import exclusions
from wiseops.services.rules import load

NOTHING = {"created": 0, "updated": 0, "unchanged": 0}


def rules_version() -> int:
    return db.session.get_one(Automation, 1, populate_existing=True).rules_version


def changed(**parts: object) -> bytes:
    """The document in force with some of its parts replaced."""
    return json.dumps(json.loads(dump(rules.document())) | parts).encode()


def a_step(**values: object) -> dict:
    return {"offset_days": 3, "weekdays": [0], "at": "10:00", "channels": ["call"]} | values


def test_what_was_exported_changes_nothing_when_imported(app: Flask):
    an_account(number="1001")
    exclusions.save(None, name="Partners", conditions=None, numbers=["1001"], now=NOW)
    exclusions.save(None, name="Public", conditions=Conditions(tags=frozenset({"public"})), now=NOW)
    exported, version = dump(rules.document()), rules_version()

    answer = load(parse(exported.encode()), now=NOW)

    assert answer == {
        "templates": NOTHING | {"unchanged": 3},
        "plans": NOTHING | {"unchanged": 1},
        "exclusions": NOTHING | {"unchanged": 2},
    }
    assert (dump(rules.document()), rules_version()) == (exported, version)


def test_what_ships_is_such_a_document(app: Flask):
    shipped = json.loads((ROOT / "migrations" / "defaults.json").read_text())
    document = {name: shipped[name] for name in ("templates", "plans")}

    answer = load(parse(json.dumps(document).encode()), now=NOW)

    assert (answer["templates"]["unchanged"], answer["plans"]["unchanged"]) == (3, 1)


def test_a_new_plan_with_a_new_template_is_created_and_the_others_stay(app: Flask):
    document = {
        "templates": [
            {"name": "Hello", "wordings": [{"channel": "sms", "language": "en", "body": "Hi {{ account.name }}"}]}
        ],
        "plans": [
            {
                "name": "Quick",
                "priority": 10,
                "conditions": {"days_overdue": 2, "minimum": {"DKK": "100.00"}, "countries": ["DK"]},
                "steps": [a_step(channels=["sms"], template="Hello"), a_step(offset_days=9)],
            }
        ],
        "exclusions": [{"name": "Public", "conditions": {"tags": ["public"]}}],
    }
    content = json.dumps(document).encode()

    first, second = load(parse(content), now=NOW), load(parse(content), now=NOW)

    assert [first[noun]["created"] for noun in ("templates", "plans", "exclusions")] == [1, 1, 1]
    assert [second[noun]["unchanged"] for noun in ("templates", "plans", "exclusions")] == [1, 1, 1]
    assert [plan.name for plan in plans.everything().values()] == ["Quick", "Standard"]


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        ({"plans": [{"name": "P", "steps": [a_step(at="21:00")]}]}, "plans[0].conditions.days_overdue"),
        (
            {"plans": [{"name": "P", "conditions": {"days_overdue": 1}, "steps": [a_step(), a_step(at="21:00")]}]},
            "plans[0].steps[1].at",
        ),
        (
            {"plans": [{"name": "P", "conditions": {"days_overdue": 1}, "steps": [a_step(at="ten")]}]},
            "plans[0].steps[0].at",
        ),
        (
            {"plans": [{"name": "P", "conditions": {"days_overdue": 1}, "steps": [a_step(offset_days="3")]}]},
            "plans[0].steps[0].offset_days",
        ),
        (
            {
                "plans": [
                    {
                        "name": "P",
                        "conditions": {"days_overdue": 1},
                        "steps": [a_step(channels=["sms"], template="No such")],
                    }
                ]
            },
            "plans[0].steps[0].template",
        ),
        (
            {"plans": [{"name": "P", "conditions": {"days_overdue": 1, "minimum": {"DKK": "1,5"}}, "steps": []}]},
            "plans[0].conditions.minimum",
        ),
        ({"plans": [{"name": "P", "stpes": []}]}, "plans[0].stpes"),
        ({"plans": {}}, "plans"),
        ({"plans": [7]}, "plans"),
        ({"templates": [{"name": ""}]}, "templates[0].name"),
        (
            {
                "templates": [
                    {"name": "T", "wordings": [{"channel": "sms", "language": "en", "body": "{{ lipsum() }}"}]}
                ]
            },
            "templates[0].wordings[0].body",
        ),
        ({"exclusions": [{"name": "E", "conditions": {}}]}, "exclusions[0].conditions.days_overdue"),
        ({"exclusions": [{"name": "E", "accounts": ["nobody"]}]}, "exclusions[0].accounts"),
        ({"exclusions": [{"name": "E"}]}, "exclusions[0]"),
        ({"else": []}, "else"),
    ],
)
def test_a_mistake_is_named_by_its_path_and_nothing_is_written(app: Flask, parts: dict, path: str):
    content = changed(**parts)
    before, version = dump(rules.document()), rules_version()

    with pytest.raises(Refused) as refused:
        load(parse(content), now=NOW)

    assert refused.value.field == path
    assert (dump(rules.document()), rules_version()) == (before, version)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_what_is_no_json_is_said_to_be_none(content: bytes):
    with pytest.raises(Refused, match="not a JSON document"):
        parse(content)


def test_a_template_is_archived_once_no_plan_sends_it(app: Flask):
    document = json.loads(dump(rules.document()))
    document["plans"][0]["steps"] = [a_step(template=None)]
    document["templates"][0]["archived"] = True

    load(parse(json.dumps(document).encode()), now=NOW)
    assert [template.archived for template in rules.document().templates] == [True, False, False]

    document["templates"][0]["archived"] = False
    load(parse(json.dumps(document).encode()), now=NOW)
    assert not any(template.archived for template in rules.document().templates)


def test_the_command_line_says_what_it_did(app: Flask, tmp_path: Path):
    file = tmp_path / "rules.json"
    runner = app.test_cli_runner()

    assert runner.invoke(args=["plans", "export", str(file)]).exit_code == 0
    again = runner.invoke(args=["plans", "import", str(file)])
    file.write_text('{"plans": [{"name": "P", "conditions": {"days_overdue": 1}}]}')
    refused = runner.invoke(args=["plans", "import", str(file)])
    file.write_text("{")
    unreadable = runner.invoke(args=["plans", "import", str(file)])

    assert "plans: 0 created, 0 updated, 1 unchanged" in again.output
    assert (refused.exit_code, unreadable.exit_code) == (1, 2)
    assert "plans[0].steps: A plan needs at least one step." in refused.output
