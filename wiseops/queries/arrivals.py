"""E-mails from outside: their files, and those that wait for somebody at an account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, select

from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import File, Reply, ReplyFile
from wiseops.queries import replies
from wiseops.queries.replies import WAITS


def files(reply_ids: Collection[int]) -> dict[int, list[File]]:
    """The files of these mails, as far as they have any, in their order."""
    found: dict[int, list[File]] = defaultdict(list)
    query = select(ReplyFile.reply_id, File).join(File, File.id == ReplyFile.file_id)
    of_these = query.where(ReplyFile.reply_id.in_(reply_ids)).order_by(File.id)
    for reply_id, file in db.session.execute(of_these) if reply_ids else ():
        found[reply_id].append(file)
    return found


def file(reply_id: int, file_id: int) -> int:
    """The id of a file that came with the mail, or is the mail as it came. Raises NotFound."""
    came_with = select(ReplyFile.file_id).where(ReplyFile.reply_id == reply_id, ReplyFile.file_id == file_id)
    is_raw = select(Reply.raw_id).where(Reply.id == reply_id, Reply.raw_id == file_id)
    found = db.session.scalar(came_with) or db.session.scalar(is_raw)
    if found is None:
        raise NotFound(f"file {file_id} of reply {reply_id}")
    return found


def waiting(account_id: int, *, limit: int) -> tuple[list[Reply], int]:
    """The mails that nobody has dealt with, the longest waiting first, and how many there are."""
    these = (Reply.account_id == account_id, Reply.channel == "email", WAITS)
    rows = db.session.scalars(select(Reply).where(*these).order_by(Reply.received_at, Reply.id).limit(limit)).all()
    count = len(rows) if len(rows) < limit else db.session.scalar(select(func.count(Reply.id)).where(*these))
    return list(rows), count or 0


def of_account(account_id: int, reply_id: int) -> Reply:
    """A mail of the account. Raises NotFound."""
    reply = replies.mail(account_id, reply_id)
    if reply is None:
        raise NotFound(f"reply {reply_id}")
    return reply
