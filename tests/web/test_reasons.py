"""Every reason that the engine can give has its sentence."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings

from tests.domain.test_deciding import worlds
from tests.worlds import World
from wiseops.domain import positions
from wiseops.domain.automation import decision
from wiseops.web import conditions, labels, reasons

AUTOMATION = Path(decision.__file__).parent


def strings_in(path: Path, *, called: str | None = None) -> set[str]:
    """The string constants of a module; or those a call of that name begins with."""
    tree = ast.parse(path.read_text())
    if called is None:
        return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == called]
    return {n.args[0].value for n in calls if n.args and isinstance(n.args[0], ast.Constant)}


def engine_codes() -> set[str]:
    named = set().union(*(strings_in(path, called="Reason") for path in AUTOMATION.glob("*.py")))
    wishes = {"offset", "gap", "cap", "settled_gap", "part_payment", "one_a_day", "deadline"}
    keepers = {"case", "dispute", "debit", "promise"}
    assert wishes <= strings_in(AUTOMATION / "schedule.py")
    assert keepers <= strings_in(Path(positions.__file__))
    parts = {"dispute_part"}
    assert parts <= strings_in(AUTOMATION / "disputed.py")
    return named | wishes | keepers | parts


def test_every_code_of_the_engine_has_a_sentence_and_no_other():
    assert engine_codes() == set(reasons.SENTENCES)


def test_every_condition_that_can_fail_has_words():
    source = (AUTOMATION / "matching.py").read_text()
    assert set(conditions.WORDS) == {part.split('"')[1] for part in source.split('"condition": ')[1:]}


def test_every_hold_has_a_label():
    assert strings_in(AUTOMATION / "holds.py", called="Reason") | {"no_channel", "no_slot"} <= set(labels.HOLDS)


@pytest.fixture
def english(app: Flask):
    with app.test_request_context():
        yield


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds())
def test_whatever_is_decided_can_be_said(english: None, world: World):
    for reason in world.decide().reasons:
        facts = reason.to_json()
        assert reasons.sentence(facts).endswith(".")
        reasons.when(facts)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"code": "hold", "until": "2026-03-09"}, "A person holds it until Mar 9, 2026."),
        (
            {"code": "offset", "on": "2026-03-05", "due_on": "2026-03-02", "days": 3, "step": 1},
            "Step 1 comes 3 days after Mar 2, 2026, the oldest due date.",
        ),
        (
            {
                "code": "no_plan",
                "plan": "Standard",
                "failing": [{"condition": "days_overdue", "need": 9, "due_on": None}],
            },
            "Standard does not match: it asks for 9 days overdue.",
        ),
        (
            {
                "code": "no_plan",
                "plan": "Large",
                "failing": [{"condition": "minimum", "need": {"DKK": "500.00"}, "have": {"DKK": "12.50"}}],
            },
            "Large does not match: it asks for 500.00\u00a0DKK overdue, there is 12.50\u00a0DKK.",
        ),
        ({"code": "blocked", "reason": "Asked for it.", "review_on": None}, "Blocked: Asked for it."),
        ({"code": "paused", "until": None}, "Automation is paused until someone resumes it."),
    ],
)
def test_a_sentence_says_it_to_a_person(english: None, facts: dict, words: str):
    assert reasons.sentence(facts) == words


def test_a_reason_knows_its_day():
    assert reasons.when({"code": "gap", "on": "2026-03-09", "since": "2026-03-04"}) == date(2026, 3, 9)
    assert reasons.when({"code": "no_plans"}) is None
