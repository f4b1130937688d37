"""Rounds of work through a worklist.

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-22 08:05:00.000000

"""
from alembic import op
import sqlalchemy as sa

import wiseops.models.types


# revision identifiers, used by Alembic.
revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('rounds',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('who', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('account_ids', sa.JSON(), nullable=False),
    sa.Column('started_at', wiseops.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', wiseops.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('seen_at', wiseops.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_rounds_account_id_accounts')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_rounds_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rounds'))
    )
    with op.batch_alter_table('rounds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rounds_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rounds_user_id'), ['user_id'], unique=False)


def downgrade():
    op.drop_table('rounds')
