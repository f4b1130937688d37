"""Why an account is on a list, and what its rank is the sum of."""

from datetime import date, timedelta

from wiseops.domain.worklist import WEIGHTS, Debt, Kind, Part, Signal, kind_of_task, rank

TODAY = date(2026, 3, 2)


def signal(account_id: int, kind: Kind, days: int = 0, task_id: int | None = None) -> Signal:
    return Signal(account_id, kind, TODAY - timedelta(days=days), task_id)


def test_an_account_has_one_row_with_all_its_reasons_the_weightiest_first():
    (row,) = rank([signal(1, Kind.TASK, task_id=3), signal(1, Kind.REPLY), signal(1, Kind.TASK, task_id=2)], {}, TODAY)

    assert [(found.kind, found.task_id) for found in row.signals] == [("reply", None), ("task", 2), ("task", 3)]
    assert row.kinds == (Kind.REPLY, Kind.TASK)
    assert row.parts == (Part("reply", 60), Part("task", 20))
    assert row.points == 80


def test_waiting_and_age_count_by_the_day_up_to_a_limit():
    debts = {1: Debt({"DKK": 0}, TODAY - timedelta(days=45)), 2: Debt({}, TODAY - timedelta(days=900))}

    first, second = rank([signal(2, Kind.CALL, 300), signal(1, Kind.CALL, 3)], debts, TODAY)

    assert (first.account_id, first.parts[1:]) == (2, (Part("waited", 20, 300), Part("age", 10, 900)))
    assert (second.account_id, second.parts[1:]) == (1, (Part("waited", 6, 3), Part("age", 4, 45)))


def test_a_large_debt_is_large_among_those_of_its_currency():
    debts = {n: Debt({"DKK": n * 100}) for n in range(1, 11)} | {11: Debt({"JPY": 5}), 12: Debt({"JPY": 0})}

    rows = {row.account_id: row for row in rank([signal(n, Kind.CALL) for n in range(1, 13)], debts, TODAY)}

    sizes = {key: [part.name for part in row.parts[1:]] for key, row in rows.items()}
    assert (sizes[10], sizes[9], sizes[7], sizes[6]) == (["largest"], ["large"], ["large"], [])
    assert (sizes[11], sizes[12]) == (["largest"], [])


def test_of_equal_points_the_longest_waiting_comes_first_then_the_older_account():
    rows = rank([signal(3, Kind.CALL), signal(2, Kind.CALL), signal(1, Kind.REVIEW, 5)], {}, TODAY)

    assert [(row.account_id, row.points) for row in rows] == [(1, 40), (2, 40), (3, 40)]


def test_every_kind_has_its_weight_and_every_task_a_kind():
    assert set(WEIGHTS) == set(Kind)
    found = [kind_of_task(kind) for kind in ("call", "promise_broken", "dispute_overdue", "find_contact")]
    assert found == [Kind.CALL, Kind.BROKEN, Kind.DISPUTE, Kind.TASK]
