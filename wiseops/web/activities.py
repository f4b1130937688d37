"""The collections tab: quick actions, what was done and noted, and everything that happened at an account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from wiseops.auth import me
from wiseops.domain.activities import Kind
from wiseops.domain.errors import NotFound, Refused
from wiseops.models import Call
from wiseops.queries import accounts, calls, contacts, messages
from wiseops.queries import activities as found
from wiseops.services import activities
from wiseops.web import activity_lines, arrivals, call_lines, call_numbers, frames, threads
from wiseops.web.activity_forms import ActivityForm, FilterForm
from wiseops.web.clock import now
from wiseops.web.htmx import done, wants_fragment
from wiseops.web.texts import gettext as _

bp = Blueprint("activities", __name__, url_prefix="/accounts/<int:account_id>")

PAGE = 50
LISTS = ("activities.index", "activities.history")
"""Whose addresses narrow the history; `kind` means another thing elsewhere."""
WORDS = ("q", "kind", "direction", "by", "since", "until")
LINES, MOST = 30, 1200
"""Of the history at a time: more come as one scrolls; and how many are told again when something happened."""


@bp.get("/collections")
def index(account_id: int) -> ResponseReturnValue:
    return frames.tab(account_id, "activities/_index.html", **history_of(account_id))


@bp.get("/collections/<ref>")
def show(account_id: int, ref: str) -> ResponseReturnValue:
    """One line of the history under an address of its own."""
    return frames.tab(account_id, "activities/_show.html", line=_line(account_id, ref), on_account=account_id)


@bp.get("/history/<ref>", endpoint="line")
def one_line(account_id: int, ref: str) -> ResponseReturnValue:
    """One line of the history again: a message on its way asks until it has left; then the page is told."""
    drawn = _line(account_id, ref)
    answer = make_response(render_template("activities/_item.html", line=drawn, on_account=account_id))
    if not drawn.moving:
        answer.headers["HX-Trigger"] = "account-changed"
    return answer


@bp.get("/history")
def history(account_id: int) -> ResponseReturnValue:
    """What the tab shows of it: narrowed, or the page that follows."""
    accounts.get(account_id)
    is_further = "before" in request.args
    template = "activities/_lines.html" if is_further else "activities/_history.html"
    answer = make_response(render_template(template, **_history(account_id)))
    if wants_fragment() and not is_further and "filtered" in request.args:
        answer.headers["HX-Push-Url"] = _address("activities.index", account_id)
    return answer


@bp.get("/activities/new")
def new(account_id: int) -> ResponseReturnValue:
    if _is_call():
        return call_form(account_id)
    return _form(account_id, ActivityForm(account_id, contacts.of_account(account_id)))


def call_form(account_id: int, *, call: Call | None = None) -> ResponseReturnValue:
    """To note a call: one that we started, with what is known of it, or any other."""
    people = contacts.of_account(account_id)
    form = ActivityForm(account_id, people, formdata=None)
    form.kind.data = Kind.CALL
    if call is not None:
        form.of_call(call)
    elif called := call_numbers.numbers(account_id, people, now()):
        form.contact_id.data = called[0].contact.id
    return _form(account_id, form, is_call=True)


@bp.post("/activities")
def create(account_id: int) -> ResponseReturnValue:
    form = ActivityForm(account_id, contacts.of_account(account_id))
    if form.validate():
        try:
            activity_id = activities.add(
                account_id, form.draft(), token=form.token.data or "", now=now(), by_id=me().id
            )
            to = url_for("activities.index", account_id=account_id, _anchor=f"h-a{activity_id}")
            notice = _("Noted. A task waits for the follow-up.") if form.follow_up_on.data else _("Noted.")
            return done("activities/_noted.html", event="account-changed", to=to, notice=notice)
        except Refused as refused:
            form.refuse(refused)
    return _form(account_id, form, status=422)


@bp.get("/activities/follow-up")
def follow_up(account_id: int) -> ResponseReturnValue:
    """The follow-up that the chosen disposition proposes; a date that a person chose stays."""
    form = ActivityForm(account_id, [], formdata=request.args)
    typed = (request.args.get("follow_up_on") or "").strip()
    if not typed or typed == form.proposed.data:
        form.propose()
    return render_template("activities/_follow_up.html", form=form, on_account=account_id)


@bp.get("/messages", endpoint="messages")
def messages_tab(account_id: int) -> ResponseReturnValue:
    page = max(1, request.args.get("page", 1, int))
    rows = messages.of_account(account_id, offset=(page - 1) * PAGE, limit=PAGE + 1)
    return frames.tab(
        account_id, "activities/_messages.html", messages=rows[:PAGE], page_number=page, has_more=len(rows) > PAGE
    )


def _line(account_id: int, ref: str) -> activity_lines.Drawn:
    place = activity_lines.place(ref)
    line = place and found.line(account_id, *place)
    if line is None:
        raise NotFound(ref)
    return activity_lines.draw(line)


def history_of(account_id: int) -> dict[str, Any]:
    """What the tab shows beneath its quick actions: mails that wait, the conversation, and a page of the history."""
    people = contacts.of_account(account_id)
    written = threads.conversation(account_id, people) | arrivals.waiting(account_id, people)
    return _history(account_id) | written | {"people": people}


def _history(account_id: int) -> dict[str, Any]:
    """A page of lines, or as many as are shown already; the filters, the addresses of this list and its next page."""
    asked = _asked()
    form, before = FilterForm(asked), activity_lines.cursor(asked.get("before", ""))
    above = min(max(asked.get("lines", 0, int), 0), MOST)
    wanted = LINES if before else max(LINES, above)
    rows = found.history(account_id, form.wanted(), before=before, limit=wanted + 1)
    lines = activity_lines.by_day(rows[:wanted], after=before)
    following = activity_lines.token(rows[wanted - 1].place) if len(rows) > wanted else ""
    lines_shown = len(lines) + (above if before else 0)
    return {
        "on_account": account_id,
        "filters": form,
        "lines": lines,
        "is_narrowed": any(asked.get(name) for name in form.data),
        "here": _address("activities.history", account_id),
        "lines_shown": lines_shown,
        "further": following and _address("activities.history", account_id, before=following, lines=str(lines_shown)),
        "further_page": following and _address("activities.index", account_id, before=following),
        "actions": _actions(account_id),
    }


def _asked() -> MultiDict[str, str]:
    return request.args if request.endpoint in LISTS else MultiDict()


def _address(endpoint: str, account_id: int, **more: str) -> str:
    kept: dict[str, Any] = {key: value for key, value in _asked().items() if value and key in WORDS}
    return url_for(endpoint, account_id=account_id, **kept | more)


def _actions(account_id: int) -> list[dict[str, Any]]:
    """The quick actions whose pages exist: key, words, icon, address."""
    every: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
        ("c", _("Phone Call"), "phone", "calls.new", {}),
        ("s", _("Send SMS"), "message-square", "compositions.new", {"via": "sms"}),
        ("e", _("Send Email"), "mail", "compositions.new", {"via": "emails"}),
        ("a", _("Add Activity"), "pencil", "activities.new", {}),
        ("p", _("Add Promise to Pay"), "handshake", "promises.new", {}),
    )
    return [
        {"key": key, "label": label, "icon": icon, "href": url_for(endpoint, account_id=account_id, **args)}
        for key, label, icon, endpoint, args in every
        if endpoint in current_app.view_functions
    ]


def _form(account_id: int, form: ActivityForm, *, is_call: bool = False, status: int = 200) -> ResponseReturnValue:
    is_call, call_id = is_call or _is_call(), form.called
    called = call_lines.draw(calls.get(account_id, call_id), now()) if call_id is not None else None
    dials = call_lines.dials(account_id, now()) if is_call and called is None else []
    context: dict[str, Any] = {"form": form, "dials": dials, "is_call": is_call, "called": called}
    if wants_fragment():
        return render_template("activities/_form.html", on_account=account_id, **context), status
    return frames.tab(
        account_id, "activities/_index.html", status=status, quick="activities/_form.html",
        **context, **history_of(account_id),
    )  # fmt: skip


def _is_call() -> bool:
    """Whether the form is that of the Phone Call button: it lists the numbers."""
    return request.args.get("kind") == "call"
