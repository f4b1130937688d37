"""Calls that we start, and the phone of whoever makes them.

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-22 05:44:37.342801

"""
from alembic import op
import sqlalchemy as sa

import wiseops.models.types


# revision identifiers, used by Alembic.
revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('calls',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ref', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contact_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('contact_name', sa.String(length=200), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('asked', sa.String(length=40), nullable=False),
    sa.Column('collector_leg', sa.String(length=40), nullable=False),
    sa.Column('debtor_leg', sa.String(length=40), nullable=False),
    sa.Column('leg_uuid', sa.String(length=200), nullable=False),
    sa.Column('conversation_uuid', sa.String(length=200), nullable=False),
    sa.Column('detail', sa.String(length=200), nullable=False),
    sa.Column('started_at', wiseops.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('heard_at', wiseops.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('answered_at', wiseops.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('ended_at', wiseops.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('duration', sa.Integer(), nullable=True),
    sa.Column('activity_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_calls_account_id_accounts')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_calls_activity_id_activities')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_calls_by_id_users')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_calls_contact_id_contacts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calls')),
    sa.UniqueConstraint('ref', name=op.f('uq_calls_ref'))
    )
    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.create_index('ix_calls_account_id_started_at', ['account_id', 'started_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_calls_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index('ix_calls_by_id_started_at', ['by_id', 'started_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_calls_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_calls_conversation_uuid'), ['conversation_uuid'], unique=False)
        batch_op.create_index('ix_calls_unlogged', ['account_id', 'answered_at'], unique=False, sqlite_where=sa.text('answered_at IS NOT NULL AND activity_id IS NULL'), postgresql_where=sa.text('answered_at IS NOT NULL AND activity_id IS NULL'))

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.add_column(sa.Column('phone', sa.String(length=40), server_default='', nullable=False))



def downgrade():
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_column('phone')

    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.drop_index('ix_calls_unlogged', sqlite_where=sa.text('answered_at IS NOT NULL AND activity_id IS NULL'), postgresql_where=sa.text('answered_at IS NOT NULL AND activity_id IS NULL'))
        batch_op.drop_index(batch_op.f('ix_calls_conversation_uuid'))
        batch_op.drop_index(batch_op.f('ix_calls_contact_id'))
        batch_op.drop_index('ix_calls_by_id_started_at')
        batch_op.drop_index(batch_op.f('ix_calls_activity_id'))
        batch_op.drop_index('ix_calls_account_id_started_at')

    op.drop_table('calls')
