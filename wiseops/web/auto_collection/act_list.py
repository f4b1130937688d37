"""Every act that the tabs offer: its words, its form, and the verb behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from wiseops.models import Account
from wiseops.queries import accounts as found
from wiseops.services import accounts, holds, interventions, reviews
from wiseops.web.auto_collection import act_forms as forms
from wiseops.web.forms import Form

Verb = Callable[[int, Any, datetime, int], None]


@dataclass(frozen=True, slots=True)
class Act:
    """`does(account_id, form, now, by_id)` must leave deciding to the caller; `tabs` where it is offered."""

    code: str
    label: Any
    help: Any
    done: Any
    icon: str
    form: type[Form]
    tabs: frozenset[str]
    does: Verb
    tone: str = ""


def _row(account_id: int) -> Account:
    return found.get(account_id)


def _tabs(*tabs: str) -> frozenset[str]:
    return frozenset(tabs)


_OPEN = _tabs("outstanding", "scheduled", "engaged", "follow_up")

ACTS = (
    Act(
        "engage", _("Engage now"), _("Starts a plan though none matches. Gaps, hours and the pause still apply."),
        _("engaged"), "play", forms.PlanForm, _tabs("outstanding", "scheduled"),
        lambda key, form, now, me: interventions.engage(
            key, form.plan_id.data, now=now, by_id=me, decides=False
        ),
    ),
    Act(
        "restart", _("Restart at a step"), _("The plan goes on again from that step, over the same items."),
        _("restarted"), "undo-2", forms.StepForm, _tabs("follow_up"),
        lambda key, form, now, me: reviews.restart(key, form.step.data, now=now, by_id=me, decides=False),
    ),
    Act(
        "plan", _("Other plan"), _("Another plan takes over the same items, from its first step."),
        _("given another plan"), "workflow", forms.PlanForm, _tabs("follow_up"),
        lambda key, form, now, me: reviews.change_plan(key, form.plan_id.data, now=now, by_id=me, decides=False),
    ),
    Act(
        "leave", _("Leave until"), _("Nobody needs to look before; a task asks again that day."),
        _("left until then"), "clock", forms.HoldForm, _tabs("follow_up"),
        lambda key, form, now, me: reviews.leave(
            key, until=form.until.data, note=form.reason.data, now=now, by_id=me, decides=False
        ),
    ),
    Act(
        "resume", _("Resume for newer items"),
        _("What was reminded stays with a person for good. Other overdue items start a plan of their own."),
        _("resumed"), "refresh-cw", forms.NothingForm, _tabs("follow_up"),
        lambda key, _form, now, me: reviews.resume_for_newer(key, now=now, by_id=me, decides=False),
    ),
    Act(
        "hold", _("Hold"), _("Nothing goes before that day. The stage stays, and the hold ends by itself."),
        _("held"), "clock", forms.SnoozeForm, _tabs("outstanding", "scheduled", "engaged"),
        lambda key, form, now, me: holds.hold(
            key, until=form.until.data, until_reply=bool(form.until_reply.data), reason=form.reason.data,
            now=now, by_id=me, decides=False,
        ),
    ),
    Act(
        "release", _("End hold"), _("What is due goes at the next allowed time."),
        _("released"), "play", forms.NothingForm, _OPEN,
        lambda key, _form, now, me: holds.release(key, now=now, by_id=me, decides=False),
    ),
    Act(
        "skip", _("Skip step"), _("The next step counts as done though nothing left."),
        _("skipped one step"), "chevron-right", forms.NothingForm, _tabs("scheduled", "engaged"),
        lambda key, _form, now, me: interventions.skip(
            key, _row(key).step or 0, now=now, by_id=me, decides=False
        ),
    ),
    Act(
        "follow-up", _("Move to Follow-Up"), _("A person takes over: nothing goes by itself until a review."),
        _("moved to Follow-Up"), "user", forms.NothingForm, _tabs("scheduled", "engaged"),
        lambda key, _form, now, me: interventions.take_over(key, now=now, by_id=me, decides=False),
    ),
    Act(
        "unblock", _("Unblock"), _("It goes on where it stood."),
        _("unblocked"), "check", forms.UnblockForm, _tabs("blocked"),
        lambda key, form, now, me: interventions.unblock(
            key, starts_over=form.starts_over.data, now=now, by_id=me, decides=False
        ),
    ),
    Act(
        "assign", _("Assign"), _("Whose account it is. Nothing that is sent depends on it."),
        _("assigned"), "users", forms.OwnerForm, _OPEN | _tabs("blocked"),
        lambda key, form, now, me: accounts.assign([key], owner_id=form.owner_id.data, now=now, by_id=me),
    ),
    Act(
        "block", _("Block"), _("Nothing goes until someone unblocks. A review date makes a task and unblocks nothing."),
        _("blocked"), "ban", forms.BlockForm, _OPEN,
        lambda key, form, now, me: accounts.block(
            key, reason=form.reason.data, review_on=form.review_on.data, now=now, by_id=me, decides=False
        ),
        tone="bad",
    ),
)  # fmt: skip


def offered(stage: str) -> list[Act]:
    """The acts of a tab, in the order of their buttons."""
    return [act for act in ACTS if stage in act.tabs]


def get(code: str) -> Act | None:
    """The act of that code."""
    return next((act for act in ACTS if act.code == code), None)
