"""What a task is about, in words."""

from __future__ import annotations

from datetime import date

from wiseops.domain.money import parse
from wiseops.models import Task
from wiseops.web import message_words
from wiseops.web.filters import day, money
from wiseops.web.texts import gettext as _


def task_words(task: Task) -> str:
    """What a person noted; of a task that made itself, what it is about."""
    if task.note:
        return task.note
    if "address" in task.facts:
        return _returned(task)
    if task.kind == "reply_waits":
        return _("They wrote on %(day)s and nobody answered.", day=day(date.fromisoformat(task.facts["since"])))
    if task.kind.startswith("promise_"):
        promised = money(parse(task.facts["amount"], task.facts["currency"]))
        return _("%(amount)s for %(day)s", amount=promised, day=day(date.fromisoformat(task.facts["due_on"])))
    if task.kind == "new_item" or task.kind.startswith("dispute_"):
        return str(task.facts.get("item", ""))
    if task.step:
        return _("Step %(step)s", step=task.step)
    return ""


def _returned(task: Task) -> str:
    address, why = task.facts["address"], message_words.reason(task.facts["reason"])
    if task.kind == "find_contact":
        return _("%(address)s is of no use any more: %(why)s.", address=address, why=why)
    return _("Your message to %(address)s did not arrive: %(why)s", address=address, why=why)
