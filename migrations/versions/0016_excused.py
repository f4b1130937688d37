"""Parts of promises know what could not be paid on their day; every account is decided anew.

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-22 11:15:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('promise_parts', schema=None) as batch_op:
        minor = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
        batch_op.add_column(sa.Column('excused', minor, server_default='0', nullable=False))
    # Steps that failed before a later one left are over, and promises wake on the day after theirs.
    op.execute(sa.text('UPDATE automation SET rules_version = rules_version + 1'))


def downgrade():
    with op.batch_alter_table('promise_parts', schema=None) as batch_op:
        batch_op.drop_column('excused')
