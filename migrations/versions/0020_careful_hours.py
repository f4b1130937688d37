"""Each country's own careful limits, where nobody set or confirmed others, for it or for every country without its own.

Revision ID: 0020
Revises: 0019
Create Date: 2026-11-22 14:15:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

TO_FRIDAY, TO_SATURDAY = [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5]
TIMES = ("opens", "closes", "saturday_opens", "saturday_closes", "sunday_opens", "sunday_closes")
CAPS = ("cap", "call_cap", "sms_cap")
GUARDRAILS = sa.table(
    "guardrails",
    *(sa.column(name) for name in ("country", *TIMES, *CAPS, "cap_days", "call_days", "sms_days", "gap_days")),
    sa.column("weekdays", sa.JSON),
    sa.column("holidays", sa.Boolean),
    sa.column("confirmed_at"),
)


def limits(country, weekdays=TO_FRIDAY, hours=("08:00", "20:00"), saturday=("10:00", "16:00"), **caps):
    times = dict(zip(TIMES, (*hours, *saturday, "10:00", "16:00")))
    return {"country": country, "weekdays": weekdays, **times, **dict.fromkeys(CAPS), **caps}


CAREFUL = (
    limits(""),
    limits("DE", TO_SATURDAY, saturday=("08:00", "20:00")),
    limits("DK"),
    limits("GB", TO_SATURDAY),
    limits("NO", TO_SATURDAY, ("08:00", "21:00"), ("09:00", "15:00")),
    limits("SE"),
    limits("US", TO_SATURDAY, ("08:00", "21:00"), ("08:00", "21:00"), cap=3, call_cap=7, sms_cap=2),
)
SHIPPED = dict(zip(TIMES, ("08:00", "20:00") * 3), weekdays=[*range(7)], cap=None, call_cap=None, sms_cap=None)
REST = {"holidays": True, "cap_days": 7, "call_days": 7, "sms_days": 7, "gap_days": 0}


def upgrade():
    rows = {row["country"]: row for row in op.get_bind().execute(sa.select(GUARDRAILS)).mappings()}
    others_are_as_shipped = is_as_shipped(rows[""])
    for row in CAREFUL:
        if row["country"] not in rows:
            if others_are_as_shipped:
                op.execute(GUARDRAILS.insert().values(**row, **REST))
        elif is_as_shipped(rows[row["country"]]):
            op.execute(GUARDRAILS.update().where(GUARDRAILS.c.country == row["country"]).values(**row))
    op.execute(sa.text('UPDATE automation SET rules_version = rules_version + 1'))


def is_as_shipped(row):
    shipped = SHIPPED | REST | ({"call_cap": 7, "sms_cap": 2} if row["country"] == "US" else {})
    return row["confirmed_at"] is None and all(row[name] == value for name, value in shipped.items())


def downgrade():
    pass
