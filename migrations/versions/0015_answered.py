"""Replies: when one was given to its account, and the message that answered it.

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-22 09:40:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.add_column(sa.Column('placed_at', sa.DateTime(timezone=True), nullable=True))
    # Said by hand: the table need not be copied on SQLite for a column that refers to another table.
    kind = 'INTEGER' if op.get_bind().dialect.name == 'sqlite' else 'BIGINT'
    refers = 'CONSTRAINT fk_replies_answered_by_id_messages REFERENCES messages (id)'
    op.execute(sa.text(f'ALTER TABLE replies ADD COLUMN answered_by_id {kind} {refers}'))


def downgrade():
    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.drop_constraint('fk_replies_answered_by_id_messages', type_='foreignkey')
        batch_op.drop_column('answered_by_id')
        batch_op.drop_column('placed_at')
