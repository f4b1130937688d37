"""What people have to do: calls that are due, contact data that is missing, blocks to review."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from wiseops.auth import me
from wiseops.domain.errors import Refused
from wiseops.queries import accounts, dispositions, users
from wiseops.queries import tasks as known
from wiseops.services import tasks
from wiseops.web import labels
from wiseops.web.clock import now, today
from wiseops.web.exports import csv_response
from wiseops.web.forms import DateField, Form, options
from wiseops.web.htmx import go, show
from wiseops.web.task_words import task_words
from wiseops.web.texts import gettext as _

bp = Blueprint("tasks", __name__, url_prefix="/tasks")
VIEWS = {
    "mine": _l("Mine"),
    "unassigned": _l("Unassigned"),
    "due": _l("Due"),
    "overdue": _l("Overdue"),
    "all": _l("All open"),
    "done": _l("Done"),
}
PAGE = 50


class CompletionForm(Form):
    """How it went; a call has a disposition."""

    disposition = SelectField(_l("How did the call go?"), validate_choice=False)
    outcome = TextAreaField(_l("Notes"), [Length(max=1800)])

    def __init__(self) -> None:
        super().__init__()
        self.disposition.choices = options(
            [("", _l("Choose …")), *((row.name, row.name) for row in dispositions.active())]
        )

    @property
    def words(self) -> str:
        """The disposition and the notes as one text."""
        return ": ".join(part for part in (self.disposition.data, self.outcome.data) if part)


class TaskForm(Form):
    """Something to do about an account."""

    note = TextAreaField(_l("What is to be done"), [InputRequired(), Length(max=2000)])
    due_on = DateField(_l("Due"), [InputRequired()])
    assignee = SelectField(_l("For"))

    def __init__(self, **typed: object) -> None:
        super().__init__(**typed)
        self.assignee.choices = options([("", _l("Nobody yet")), *((str(u.id), u.name) for u in users.active())])


@bp.app_template_filter("task_kind")
def _kind(code: str) -> str:
    return str(labels.TASKS.get(code, code))


bp.add_app_template_filter(task_words, "task_words")


@bp.get("")
def index() -> ResponseReturnValue:
    view = _view()
    offset = max(0, request.args.get("offset", 0, type=int))
    rows = known.listing(view, user_id=me().id, today=today(), offset=offset, limit=PAGE + 1)
    return show(
        "tasks/index.html",
        "tasks/_list.html",
        view=view,
        views=VIEWS,
        counts=known.counts(user_id=me().id, today=today()),
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        offset=offset,
        size=PAGE,
        today=today(),
    )


@bp.get("/export.csv")
def export() -> ResponseReturnValue:
    header = ("due_on", "task", "account", "account_name", "assignee", "note", "status", "done_at", "outcome")

    def lines() -> Iterator[tuple[str, ...]]:
        for row in known.listing(_view(), user_id=me().id, today=today(), limit=1_000_000):
            task, done_at = row.task, row.task.done_at.isoformat() if row.task.done_at else ""
            start = (task.due_on.isoformat(), _kind(task.kind), row.number, row.name, row.assignee or "")
            yield (*start, task_words(task), task.status, done_at, task.outcome)

    return csv_response("tasks", header, lines())


@bp.get("/new/<int:account_id>")
def new(account_id: int) -> ResponseReturnValue:
    form = TaskForm(data={"due_on": today(), "assignee": str(me().id)})
    return render_template("tasks/new.html", form=form, account=accounts.get(account_id))


@bp.post("/new/<int:account_id>")
def create(account_id: int) -> ResponseReturnValue:
    form, account = TaskForm(), accounts.get(account_id)
    if form.validate():
        try:
            note, due_on, chosen = form.note.data or "", form.due_on.data or today(), form.assignee.data
            assignee_id = int(chosen) if chosen else None
            tasks.create(account_id, note=note, due_on=due_on, assignee_id=assignee_id, now=now(), by_id=me().id)
            return go(f"/accounts/{account_id}", notice=_("The task is noted."))
        except Refused as refused:
            form.refuse(refused)
    return render_template("tasks/new.html", form=form, account=account), 422


@bp.get("/of/<int:account_id>")
def of_account(account_id: int) -> ResponseReturnValue:
    """What the account page shows beside the account."""
    rows = known.of_account(account_id)
    return render_template("tasks/_of_account.html", rows=rows, account_id=account_id, today=today())


@bp.get("/<int:task_id>")
def view(task_id: int) -> ResponseReturnValue:
    return _page(task_id, CompletionForm())


@bp.post("/<int:task_id>/assignment")
def assign(task_id: int) -> ResponseReturnValue:
    """To the person of the form, or to oneself where it names none."""
    known.get(task_id)
    chosen = request.form.get("assignee", str(me().id))
    tasks.assign([task_id], assignee_id=int(chosen) if chosen.isdecimal() else None)
    from_list = request.form.get("back") == "list"
    return go(url_for("tasks.index", view="unassigned") if from_list else url_for("tasks.view", task_id=task_id))


@bp.post("/<int:task_id>/completion")
def complete(task_id: int) -> ResponseReturnValue:
    form = CompletionForm()
    if form.validate():
        try:
            tasks.complete(task_id, outcome=form.words, now=now(), by_id=me().id)
            return go(url_for("tasks.index"), notice=_("The task is done."))
        except Refused as refused:
            form.refuse(refused)
    return _page(task_id, form, status=422)


def _view() -> str:
    view = request.args.get("view", "mine")
    return view if view in VIEWS else "mine"


def _page(task_id: int, form: CompletionForm, *, status: int = 200) -> ResponseReturnValue:
    listed = known.get(task_id)
    phones = known.phones(listed.task.account_id) if listed.task.kind == "call" else []
    return render_template(
        "tasks/view.html",
        listed=listed,
        task=listed.task,
        form=form,
        people=users.active(),
        phones=phones,
        today=today(),
    ), status
