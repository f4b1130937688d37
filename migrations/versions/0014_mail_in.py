"""Replies by e-mail: who wrote them, what they answer, their files.

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-22 07:57:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=40), server_default='reply', nullable=False))
        batch_op.add_column(sa.Column('from_name', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('mail_id', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('quoted', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('left_out', sa.JSON(), server_default='[]', nullable=False))
        batch_op.create_index(batch_op.f('ix_replies_mail_id'), ['mail_id'], unique=False)
    op.create_table('reply_files',
    sa.Column('reply_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_reply_files_file_id_files')),
    sa.ForeignKeyConstraint(['reply_id'], ['replies.id'], name=op.f('fk_reply_files_reply_id_replies')),
    sa.PrimaryKeyConstraint('reply_id', 'file_id', name=op.f('pk_reply_files'))
    )


def downgrade():
    op.drop_table('reply_files')
    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_replies_mail_id'))
        for column in ('left_out', 'quoted', 'mail_id', 'from_name', 'kind'):
            batch_op.drop_column(column)
