"""A reply that came in several SMS keeps what it came in.

Revision ID: 0021
Revises: 0020
Create Date: 2026-11-22 15:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

import wiseops.models.types


# revision identifiers, used by Alembic.
revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('reply_parts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reply_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provider', sa.String(length=40), nullable=False),
    sa.Column('provider_id', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', wiseops.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['reply_id'], ['replies.id'], name=op.f('fk_reply_parts_reply_id_replies')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_parts')),
    sa.UniqueConstraint('provider', 'provider_id', name=op.f('uq_reply_parts_provider_provider_id'))
    )
    with op.batch_alter_table('reply_parts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reply_parts_reply_id'), ['reply_id'], unique=False)


def downgrade():
    op.drop_table('reply_parts')
