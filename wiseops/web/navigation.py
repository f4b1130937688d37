"""The sidebar: a place appears once its page exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from wiseops.queries import automation, inbox
from wiseops.web.clock import now


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the sidebar, as the template draws it."""

    label: str
    href: str
    icon: str
    current: bool


PLACES = (
    ("worklist.index", _("Worklist"), "list-checks"),
    ("accounts.index", _("Accounts"), "users"),
    ("auto_collection.index", _("Auto Collection"), "workflow"),
    ("inbox.index", _("Inbox"), "inbox"),
    ("tasks.index", _("Tasks"), "calendar"),
    ("messages.index", _("Messages"), "mail"),
    ("debits.index", _("Direct debit"), "landmark"),
    ("agencies.index", _("Agencies"), "building-2"),
    ("reports.index", _("Reports"), "chart-column"),
    ("settings.index", _("Settings"), "settings"),
)


def places() -> list[Place]:
    """What the sidebar shows now; the place whose path one is at or under is current."""
    shown = [(url_for(endpoint), label, icon) for endpoint, label, icon in PLACES if endpoint in _views()]
    return [Place(str(label), href, icon, _is_here(href)) for href, label, icon in shown]


def waiting() -> int:
    """How many senders wait for somebody, beside the inbox."""
    return inbox.count()


def automation_state() -> Place:
    """Whether automation runs, for every page to show."""
    switch = automation.switch()
    is_paused = switch.paused and (switch.pause_until is None or switch.pause_until > now())
    text = gettext("Paused") if is_paused else gettext("Running")
    if switch.stopped:
        text = gettext("All sending stopped")
    elif switch.mode == "trial":
        text += " · " + gettext("trial")
    href = url_for("auto_collection.index") if "auto_collection.index" in _views() else "/"
    return Place(text, href, "pause" if is_paused or switch.stopped else "play", False)


def _is_here(href: str) -> bool:
    if href == "/":
        return request.path == "/" or request.path.startswith("/worklist/")
    return request.path == href or request.path.startswith(href.rstrip("/") + "/")


def _views() -> Mapping[str, object]:
    return current_app.view_functions
