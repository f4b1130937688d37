"""Channels: unclear answers in a row, and until when one rests after them.

Revision ID: 0017
Revises: 0016
Create Date: 2026-11-22 14:25:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('channels', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unclear', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('rests_until', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table('channels', schema=None) as batch_op:
        batch_op.drop_column('rests_until')
        batch_op.drop_column('unclear')
