"""Guardrails by country, and closed days kept from the holidays package.

Revision ID: 0007
Revises: 0006

"""
from datetime import date

import holidays
from alembic import op
import sqlalchemy as sa

import wiseops.models.types


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

YEARS = range(2010, 2036)
COUNTRIES = ("DE", "DK", "FI", "GB", "IS", "NL", "NO", "SE", "US")
DAY = {"opens": "08:00", "closes": "20:00"}
DEFAULT = {
    "country": "",
    "weekdays": [0, 1, 2, 3, 4, 5, 6],
    **{group + name: at for group in ("", "saturday_", "sunday_") for name, at in DAY.items()},
    "holidays": True,
    "cap": None,
    "cap_days": 7,
    "call_cap": None,
    "call_days": 7,
    "sms_cap": None,
    "sms_days": 7,
    "gap_days": 0,
}
OWN = ({"country": "DK"}, {"country": "NO"}, {"country": "US", "call_cap": 7, "sms_cap": 2})


def upgrade():
    guardrails = op.create_table('guardrails',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('country', sa.String(length=40), nullable=False),
    sa.Column('weekdays', sa.JSON(), nullable=False),
    sa.Column('opens', sa.String(length=5), nullable=False),
    sa.Column('closes', sa.String(length=5), nullable=False),
    sa.Column('saturday_opens', sa.String(length=5), nullable=False),
    sa.Column('saturday_closes', sa.String(length=5), nullable=False),
    sa.Column('sunday_opens', sa.String(length=5), nullable=False),
    sa.Column('sunday_closes', sa.String(length=5), nullable=False),
    sa.Column('holidays', sa.Boolean(), nullable=False),
    sa.Column('cap', sa.Integer(), nullable=True),
    sa.Column('cap_days', sa.Integer(), nullable=False),
    sa.Column('call_cap', sa.Integer(), nullable=True),
    sa.Column('call_days', sa.Integer(), nullable=False),
    sa.Column('sms_cap', sa.Integer(), nullable=True),
    sa.Column('sms_days', sa.Integer(), nullable=False),
    sa.Column('gap_days', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', wiseops.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['users.id'], name=op.f('fk_guardrails_confirmed_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guardrails')),
    sa.UniqueConstraint('country', name=op.f('uq_guardrails_country'))
    )
    closed_days = op.create_table('holidays',
    sa.Column('country', sa.String(length=40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('country', 'day', name=op.f('pk_holidays'))
    )
    op.bulk_insert(guardrails, [DEFAULT, *(DEFAULT | own for own in OWN)])
    op.bulk_insert(closed_days, [row for country in countries() for row in of_country(country)])


def countries():
    """The usual ones, the company's, and those of its accounts."""
    used = op.get_bind().execute(sa.text("SELECT country FROM company UNION SELECT country FROM accounts"))
    known = holidays.list_supported_countries()
    return sorted({*COUNTRIES, *(country for (country,) in used if country in known)})


def of_country(country):
    source = f"holidays {holidays.__version__}"
    named = holidays.country_holidays(country, years=YEARS, language="en_US")
    for day, name in sorted(named.items()):
        if isinstance(day, date) and day.year in YEARS:
            yield {"country": country, "day": day, "name": name[:200], "source": source, "closed": True}


def downgrade():
    op.drop_table('holidays')
    op.drop_table('guardrails')
