"""Promises to pay.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-22 04:49:38.227682

"""
from alembic import op
import sqlalchemy as sa

import wiseops.models.types

# revision identifiers, used by Alembic.
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('promises',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('over_items', sa.Boolean(), nullable=False),
    sa.Column('last_entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('received', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('assignee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('made_at', wiseops.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('judged_on', sa.Date(), nullable=True),
    sa.Column('ended_at', wiseops.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('end_reason', sa.String(length=200), nullable=False),
    sa.Column('replaces_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('amount > 0', name=op.f('ck_promises_amount')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_promises_account_id_accounts')),
    sa.ForeignKeyConstraint(['assignee_id'], ['users.id'], name=op.f('fk_promises_assignee_id_users')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['users.id'], name=op.f('fk_promises_ended_by_id_users')),
    sa.ForeignKeyConstraint(['made_by_id'], ['users.id'], name=op.f('fk_promises_made_by_id_users')),
    sa.ForeignKeyConstraint(['replaces_id'], ['promises.id'], name=op.f('fk_promises_replaces_id_promises')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promises'))
    )
    with op.batch_alter_table('promises', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_promises_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_promises_status_due_on', ['status', 'due_on'], unique=False)
        batch_op.create_index('uq_promises_open', ['account_id', 'currency'], unique=True, sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'"))

    op.create_table('promise_items',
    sa.Column('promise_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_promise_items_entry_id_entries')),
    sa.ForeignKeyConstraint(['promise_id'], ['promises.id'], name=op.f('fk_promise_items_promise_id_promises')),
    sa.PrimaryKeyConstraint('promise_id', 'entry_id', name=op.f('pk_promise_items'))
    )
    with op.batch_alter_table('promise_items', schema=None) as batch_op:
        batch_op.create_index('ix_promise_items_entry_id', ['entry_id'], unique=False)

    op.create_table('promise_parts',
    sa.Column('promise_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['promise_id'], ['promises.id'], name=op.f('fk_promise_parts_promise_id_promises')),
    sa.PrimaryKeyConstraint('promise_id', 'place', name=op.f('pk_promise_parts'))
    )
    with op.batch_alter_table('company', schema=None) as batch_op:
        batch_op.add_column(sa.Column('promise_grace_days', sa.Integer(), server_default='2', nullable=False))
        batch_op.add_column(sa.Column('promise_longest_days', sa.Integer(), server_default='30', nullable=False))


def downgrade():
    with op.batch_alter_table('company', schema=None) as batch_op:
        batch_op.drop_column('promise_longest_days')
        batch_op.drop_column('promise_grace_days')

    op.drop_table('promise_parts')
    with op.batch_alter_table('promise_items', schema=None) as batch_op:
        batch_op.drop_index('ix_promise_items_entry_id')

    op.drop_table('promise_items')
    with op.batch_alter_table('promises', schema=None) as batch_op:
        batch_op.drop_index('uq_promises_open', sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'"))
        batch_op.drop_index('ix_promises_status_due_on')
        batch_op.drop_index(batch_op.f('ix_promises_account_id'))

    op.drop_table('promises')