"""Documents behind links that end and can be taken back.

Revision ID: 0008
Revises: 0007

"""
from alembic import op
import sqlalchemy as sa

import wiseops.models.types


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('document_links',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=40), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', wiseops.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('expires_at', wiseops.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', wiseops.models.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('revoked_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_document_links_account_id_accounts')),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_document_links_created_by_id_users')),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_document_links_file_id_files')),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_document_links_message_id_messages')),
    sa.ForeignKeyConstraint(['revoked_by_id'], ['users.id'], name=op.f('fk_document_links_revoked_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_links')),
    sa.UniqueConstraint('token', name=op.f('uq_document_links_token'))
    )
    with op.batch_alter_table('document_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_links_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_document_links_file_id'), ['file_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_document_links_message_id'), ['message_id'], unique=False)


def downgrade():
    op.drop_table('document_links')
