"""Rounds: somebody goes through a worklist, one account after the other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete

from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Round
from wiseops.queries import rounds
from wiseops.services.transaction import transaction

MOST = 500


def begin(account_ids: Sequence[int], *, who: str, kind: str, user_id: int, now: datetime) -> tuple[int, int]:
    """A round over these, and its first account. Raises Refused where there is none. Rounds of other days go."""
    if not account_ids:
        raise Refused("Nothing waits on this list.")
    with transaction():
        old = (Round.user_id == user_id, Round.started_at < now - rounds.LASTS)
        db.session.execute(delete(Round).where(*old))
        ids = list(account_ids[:MOST])
        begun = Round(user_id=user_id, who=who, kind=kind, account_ids=ids, started_at=now)
        begun.account_id, begun.seen_at = ids[0], now
        db.session.add(begun)
        db.session.flush()
        return begun.id, ids[0]


def go_on(round_id: int, account_id: int, *, still: Collection[int], user_id: int, now: datetime) -> int | None:
    """The next account after this one that is still on the list; None, and the round is over, where none is."""
    with transaction():
        found = rounds.get(round_id, user_id=user_id)
        return _open(found, _after(found, account_id), still, now)


def postpone(round_id: int, account_id: int, *, still: Collection[int], user_id: int, now: datetime) -> int | None:
    """As go_on; this account comes again as the last. Twice from the same page goes on as once."""
    with transaction():
        found = rounds.get(round_id, user_id=user_id)
        if found.account_id not in (None, account_id) and found.account_ids[-1:] == [account_id]:
            return found.account_id
        later = _after(found, account_id)
        if account_id in found.account_ids:
            found.account_ids = [*(each for each in found.account_ids if each != account_id), account_id]
        return _open(found, [*later, account_id], still, now)


def go_back(round_id: int, account_id: int, *, user_id: int, now: datetime) -> int:
    """The account before this one; the first stays where it is."""
    with transaction():
        found = rounds.get(round_id, user_id=user_id)
        at = found.account_ids.index(account_id) if account_id in found.account_ids else 1
        found.account_id, found.seen_at = found.account_ids[max(at - 1, 0)], now
        return found.account_id


def end(round_id: int, *, user_id: int, now: datetime) -> None:
    """The person is done, or does something else."""
    with transaction():
        found = rounds.get(round_id, user_id=user_id)
        found.ended_at, found.account_id = now, None


def _after(found: Round, account_id: int) -> list[int]:
    ids = found.account_ids
    return ids[ids.index(account_id) + 1 :] if account_id in ids else ids


def _open(found: Round, account_ids: Sequence[int], still: Collection[int], now: datetime) -> int | None:
    following = next((each for each in account_ids if each in still), None)
    found.account_id, found.seen_at = following, now
    if following is None:
        found.ended_at = now
    return following
