"""Indexes for how old the book is, on any day.

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-22 07:32:00.000000

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('allocations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_allocations_effective_on'), ['effective_on'], unique=False)

    with op.batch_alter_table('entries', schema=None) as batch_op:
        batch_op.create_index('ix_entries_ageing', ['currency', 'due_on', 'issued_on', 'open', 'account_id'], unique=False, sqlite_where=sa.text('open <> 0'), postgresql_where=sa.text('open <> 0'))


def downgrade():
    with op.batch_alter_table('entries', schema=None) as batch_op:
        batch_op.drop_index('ix_entries_ageing', sqlite_where=sa.text('open <> 0'), postgresql_where=sa.text('open <> 0'))

    with op.batch_alter_table('allocations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_allocations_effective_on'))
