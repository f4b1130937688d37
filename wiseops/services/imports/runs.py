"""Runs: one reading of one file, kept for the history; those of the page are done by a worker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import update

from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.formats.profiles import Profile
from wiseops.formats.tables import Unreadable, too_large
from wiseops.models import Import
from wiseops.queries import imports
from wiseops.queue import ring
from wiseops.services import files
from wiseops.services.imports import locks
from wiseops.services.imports.accounts import import_accounts
from wiseops.services.imports.answers import Answer, Options, Progress
from wiseops.services.imports.entries import import_entries
from wiseops.services.transaction import transaction

DRAFT, QUEUED, RUNNING, POSTING, CHECKED, DONE, REJECTED, FAILED = (
    "draft", "queued", "running", "posting", "checked", "done", "rejected", "failed",
)  # fmt: skip
_ERRORS_KEPT = 5000
_KEEP = timedelta(days=90)
_TRIES = 3


def record(
    answer: Answer, *, noun: str, filename: str, profile: str, options: Options, now: datetime, by_id: int | None = None
) -> int:
    """Keeps in the history what was imported at once. Answers the run's id."""
    with transaction():
        run = Import(kind=noun, profile=profile, filename=filename[:200], options=asdict(options), created_at=now)
        run.created_by_id, run.rows_done = by_id, answer.rows
        _close(run, answer, options, now)
        db.session.add(run)
        db.session.flush()
        return run.id


def upload(
    pieces: Iterable[bytes],
    *,
    noun: str,
    filename: str,
    profile: Profile,
    limit: int,
    now: datetime,
    by_id: int | None,
) -> int:
    """Stores a file to be imported as `profile` says. Raises Unreadable over `limit` bytes. Answers the run's id."""
    with transaction():
        stored = files.store(
            _at_most(pieces, limit), name=filename, content_type="text/csv", now=now, keep_until=now + _KEEP
        )
        run = Import(kind=noun, filename=stored.name, file_id=stored.id, status=DRAFT, created_at=now)
        run.profile, run.options = profile.name, {"profile": profile.to_json()}
        run.created_by_id = by_id
        db.session.add(run)
        db.session.flush()
        return run.id


def start(import_id: int, *, profile: Profile, options: Options) -> None:
    """Hands the run to a worker: a dry run, or the import itself."""
    with transaction():
        run = imports.get(import_id)
        if run.status == DONE or run.file_id is None:
            raise Refused("This file was imported already. Upload it again to import it again.")
        if run.status in (QUEUED, RUNNING, POSTING):
            raise Refused("This file is being read already.")
        run.status, run.rows_done, run.rows_total, run.answer, run.finished_at = QUEUED, 0, 0, None, None
        run.profile = profile.name
        run.options = asdict(options) | {"profile": profile.to_json()}
        ring("imports.run", import_id, queue="bulk")


def run(import_id: int, *, now: datetime) -> None:
    """Does what is queued, once; another worker's call does nothing."""
    with locks.held(import_id) as is_ours:
        if is_ours and _begin(import_id):
            _run(import_id, now)


def take_back(now: datetime) -> None:
    """Queues again what a worker left behind; what three of them did not survive is given up."""
    for import_id in imports.running():
        with locks.held(import_id) as is_left:
            if is_left:
                _take_back(import_id, now)


def _take_back(import_id: int, now: datetime) -> None:
    with transaction():
        run = imports.get(import_id)
        if run.status not in (RUNNING, POSTING):
            return
        tries = run.options.get("tries", 1)
        if tries < _TRIES:
            run.status, run.rows_done, run.options = QUEUED, 0, run.options | {"tries": tries + 1}
        else:
            _fail(import_id, "Its worker was stopped three times. Split it, or give the worker more memory.", now)


def _begin(import_id: int) -> bool:
    with transaction():
        queued = update(Import).where(Import.id == import_id, Import.status == QUEUED)
        return db.session.scalar(queued.values(status=RUNNING).returning(Import.id)) is not None


def _run(import_id: int, now: datetime) -> None:
    found = imports.get(import_id)
    asked = found.options
    profile = Profile.from_json(found.profile, asked["profile"])
    options = Options(asked["dry_run"], asked["snapshot"], asked["accept_partial"])
    noun, by_id, file_id = found.kind, found.created_by_id, found.file_id
    read = import_accounts if noun == "accounts" else import_entries
    try:
        content = b"".join(files.read(file_id or 0))
        answer = read(content, profile=profile, options=options, now=now, by_id=by_id, progress=_teller(import_id))
    except BaseException as error:
        _fail(import_id, error.message if isinstance(error, Unreadable) else "It broke off; nothing was imported.", now)
        if not isinstance(error, Unreadable):
            raise
        return
    with transaction():
        _close(imports.get(import_id), answer, options, now)


def _close(run: Import, answer: Answer, options: Options, now: datetime) -> None:
    run.answer = answer.to_json(longest=_ERRORS_KEPT)
    run.rows_done, run.finished_at = answer.rows, now
    run.proposals = [] if options.dry_run else answer.proposals
    if options.dry_run:
        run.status = CHECKED
    else:
        run.status = REJECTED if answer.rejected and not options.accept_partial else DONE


def _fail(import_id: int, message: str, now: datetime) -> None:
    with transaction():
        run = imports.get(import_id)
        run.status, run.answer, run.finished_at = FAILED, {"message": message}, now


def _teller(import_id: int) -> Progress:
    def tell(phase: str, done: int, total: int) -> None:
        if phase == "read" or done == 0:  # While it posts, nobody could see it.
            with transaction():
                status = RUNNING if phase == "read" else POSTING
                told = {"status": status, "rows_done": done, "rows_total": total}
                db.session.execute(update(Import).where(Import.id == import_id).values(told))

    return tell


def _at_most(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        yield piece
