"""Parts: a long SMS that a network delivers piece by piece is kept as the one reply that it is."""

from __future__ import annotations

from wiseops.domain.replies import LONGEST, Part, joined, keyword
from wiseops.extensions import db
from wiseops.models import Reply, ReplyPart
from wiseops.queries import replies


def join(reply: Reply) -> Reply | None:
    """Adds it to the reply that it is a part of, if nobody has seen that; None where it is of none.

    The caller has placed it and writes. One of the words that everyone may send is never a part.
    """
    if reply.channel != "sms" or keyword(reply.body):
        return None
    for begun in replies.near(reply, within=LONGEST):
        rows = [*(replies.parts(begun.id) or [_part(begun, begun)]), _part(reply, begun)]
        turned = joined([Part(row.at, row.body) for row in rows])
        if turned is not None and _stays_unseen(begun):
            db.session.add_all(rows)
            begun.body = "".join(part.text for part in turned)
            begun.received_at = min(part.at for part in turned)
            return begun
    return None


def _stays_unseen(begun: Reply) -> bool:
    """Whether nobody can read it, nor deal with it, before this is written."""
    db.session.refresh(begun, with_for_update=True)
    return begun.read_at is None and begun.handled_at is None


def _part(reply: Reply, whole: Reply) -> ReplyPart:
    row = ReplyPart(reply_id=whole.id, provider=reply.provider, provider_id=reply.provider_id)
    row.body, row.at = reply.body, reply.received_at
    return row
