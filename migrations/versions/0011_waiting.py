"""Replies that wait hold their account for some days; a hold may end when they answer.

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-22 07:45:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

WAITS = sa.text('handled_at IS NULL AND NOT automatic')


def upgrade():
    with op.batch_alter_table('company', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reply_hold_days', sa.Integer(), server_default='5', nullable=False))
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('hold_until_reply', sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.create_index('ix_replies_waiting', ['account_id', 'received_at'], unique=False, sqlite_where=WAITS, postgresql_where=WAITS)
    # Replies that came before hold as well: every account is decided anew.
    op.execute(sa.text('UPDATE automation SET rules_version = rules_version + 1'))


def downgrade():
    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.drop_index('ix_replies_waiting', sqlite_where=WAITS, postgresql_where=WAITS)
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_column('hold_until_reply')
    with op.batch_alter_table('company', schema=None) as batch_op:
        batch_op.drop_column('reply_hold_days')
