"""Files of accounts and entries: uploaded, mapped, checked, imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField

from wiseops.auth import me, only
from wiseops.domain.errors import NotFound, Refused
from wiseops.domain.files import PART
from wiseops.formats.profiles import Profile
from wiseops.formats.tables import Unreadable
from wiseops.models import Import
from wiseops.queries import imports as known
from wiseops.security import MIB, body_limit
from wiseops.services.imports import Options, drafts, profiles, runs, snapshots
from wiseops.web import mappings
from wiseops.web.clock import now
from wiseops.web.exports import csv_response
from wiseops.web.forms import Form, options
from wiseops.web.htmx import go, show

bp = Blueprint("imports", __name__, url_prefix="/settings/imports")
bp.before_request(only("manager"))

NOUNS = [
    ("entries", lazy_gettext("Entries: invoices, credit notes, payments")),
    ("accounts", lazy_gettext("Accounts: customers and their contact data")),
]
_MARGIN_MB = 15
"""A file this much too large is still read, and refused on its field."""


class UploadForm(Form):
    """A file, and what it holds."""

    noun = RadioField(lazy_gettext("The file holds"), choices=options(NOUNS), default="entries")
    file = FileField(lazy_gettext("CSV file"), [FileRequired(lazy_gettext("Choose a file."))])


@bp.get("")
def index() -> ResponseReturnValue:
    return _index(UploadForm())


@bp.post("")
@body_limit(lambda config: (config.import_max_mb + _MARGIN_MB) * MIB)
def create() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate():
        return _index(form, status=422)
    file = form.file.data
    try:
        head = file.stream.read(PART)
        noun, profile = drafts.suggest(head, form.noun.data)
        import_id = runs.upload(
            _pieces(head, file.stream),
            noun=noun,
            filename=file.filename or "",
            profile=profile,
            limit=_limit(),
            now=now(),
            by_id=me().id,
        )
    except Unreadable as unreadable:
        form.refuse(Refused(unreadable.message, "file"))
        return _index(form, status=422)
    return go(url_for("imports.detail", import_id=import_id))


@bp.get("/export.csv")
def export() -> ResponseReturnValue:
    counts = ("rows", "created", "updated", "unchanged", "rejected")

    def lines() -> Iterator[tuple[Any, ...]]:
        for run in known.latest(limit=1_000_000):
            answer, finished = run.answer or {}, run.finished_at.isoformat() if run.finished_at else ""
            start = (run.created_at.isoformat(), run.filename, run.kind, run.profile, run.status, finished)
            yield (*start, *(answer.get(name, "") for name in counts))

    return csv_response("imports", ("at", "file", "holds", "profile", "status", "finished_at", *counts), lines())


@bp.get("/<int:import_id>")
def detail(import_id: int) -> ResponseReturnValue:
    return _detail(known.get(import_id))


@bp.post("/<int:import_id>/preview")
def preview(import_id: int) -> ResponseReturnValue:
    run = known.get(import_id)
    profile = _submitted(run)
    return render_template("imports/_preview.html", **_preview(run, profile))


@bp.post("/<int:import_id>/check")
def check(import_id: int) -> ResponseReturnValue:
    run = known.get(import_id)
    profile = _submitted(run)
    try:
        mappings.preview(drafts.head(run, profile), profile, run.kind)
        if profile.name:
            profiles.save(profile)
    except Unreadable as unreadable:
        return _detail(run, profile=profile, refused=unreadable.message, status=422)
    return _start(import_id, profile, Options(dry_run=True, snapshot="snapshot" in request.form))


@bp.post("/<int:import_id>/import")
def perform(import_id: int) -> ResponseReturnValue:
    run = known.get(import_id)
    choice = Options(
        snapshot=bool(run.options.get("snapshot")) and "accept_partial" not in request.form,
        accept_partial="accept_partial" in request.form,
    )
    return _start(import_id, drafts.profile_of(run), choice)


@bp.get("/<int:import_id>/rejected.csv")
def rejected(import_id: int) -> ResponseReturnValue:
    run = known.get(import_id)
    rows = ((error["row"], error["field"], error["message"]) for error in (run.answer or {}).get("errors", ()))
    return csv_response(f"rejected-{import_id}", (_("Row"), _("Field"), _("Reason")), rows)


@bp.post("/<int:import_id>/proposals")
def settle(import_id: int) -> ResponseReturnValue:
    chosen = [int(value) for value in request.form.getlist("entry") if value.isdecimal()]
    count = snapshots.confirm(import_id, chosen, now=now(), by_id=me().id)
    notice = _("%(count)s invoices were booked as paid.", count=count)
    return go(url_for("imports.detail", import_id=import_id), notice=notice)


@bp.post("/profiles/<int:profile_id>/removal")
def forget(profile_id: int) -> ResponseReturnValue:
    profiles.remove(profile_id)
    return go(url_for("imports.index"), notice=_("The profile was removed."))


def _index(form: UploadForm, *, status: int = 200) -> ResponseReturnValue:
    lists = {"runs": known.latest(), "saved": known.saved(), "largest": _limit() // MIB}
    return render_template("imports/index.html", form=form, **lists), status


def _detail(
    run: Import, *, profile: Profile | None = None, refused: str = "", status: int = 200
) -> ResponseReturnValue:
    is_open = run.file_id is not None and run.status in (runs.DRAFT, runs.CHECKED, runs.REJECTED, runs.FAILED)
    if run.file_id is not None and profile is None:
        profile = drafts.profile_of(run)
    context = {
        "run": run,
        "is_open": is_open,
        "is_known": run.status == runs.CHECKED or (profile is not None and profile.is_settled),
        "proposals": known.proposals(run),
        "refused": refused,
    }
    if is_open and profile is not None:
        context |= _preview(run, profile) | {"forms": mappings, "columns": drafts.head(run).header}
    return show("imports/detail.html", "imports/_run.html", status=status, **context)


def _preview(run: Import, profile: Profile) -> dict[str, object]:
    try:
        rows, problem = mappings.preview(drafts.head(run, profile), profile, run.kind), ""
    except Unreadable as unreadable:
        rows, problem = [], unreadable.message
    return {"run": run, "profile": profile, "sample": rows, "problem": problem}


def _submitted(run: Import) -> Profile:
    if run.file_id is None:
        raise NotFound(f"file of import {run.id}")
    return mappings.submitted(request.form, drafts.head(run).header, request.form.get("save_as", ""))


def _start(import_id: int, profile: Profile, choice: Options) -> ResponseReturnValue:
    runs.start(import_id, profile=profile, options=choice)
    return go(url_for("imports.detail", import_id=import_id))


def _limit() -> int:
    return int(current_app.extensions["wiseops"].import_max_mb) * MIB


def _pieces(head: bytes, rest: IO[bytes]) -> Iterator[bytes]:
    yield head
    while piece := rest.read(PART):
        yield piece
