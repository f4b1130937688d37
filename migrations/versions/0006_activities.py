"""Activities: what people did about an account and noted; when to come back after each outcome.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-22 04:55:48.160038

"""
from alembic import op
import sqlalchemy as sa

import wiseops.models.types


# revision identifiers, used by Alembic.
revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('activities',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('direction', sa.String(length=40), nullable=False),
    sa.Column('disposition_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('contact_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('contact_name', sa.String(length=200), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('duration', sa.Integer(), nullable=True),
    sa.Column('at', wiseops.models.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('follow_up_on', sa.Date(), nullable=True),
    sa.Column('assignee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('task_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('finished', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_activities_account_id_accounts')),
    sa.ForeignKeyConstraint(['assignee_id'], ['users.id'], name=op.f('fk_activities_assignee_id_users')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_activities_by_id_users')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_activities_contact_id_contacts')),
    sa.ForeignKeyConstraint(['disposition_id'], ['dispositions.id'], name=op.f('fk_activities_disposition_id_dispositions')),
    sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_activities_task_id_tasks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activities'))
    )
    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.create_index('ix_activities_account_id_at', ['account_id', 'at', 'id'], unique=False)
        batch_op.create_index('ix_activities_called', ['account_id', 'at'], unique=False, sqlite_where=sa.text("kind = 'call' AND direction = 'out'"), postgresql_where=sa.text("kind = 'call' AND direction = 'out'"))
        batch_op.create_index(batch_op.f('ix_activities_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_activities_disposition_id'), ['disposition_id'], unique=False)


    dispositions = sa.table('dispositions', sa.column('name', sa.String), sa.column('follow_up_days', sa.Integer))
    for name, days in (('No Answer', 1), ('Left Message', 2)):
        untouched = (dispositions.c.name == name) & dispositions.c.follow_up_days.is_(None)
        op.execute(dispositions.update().where(untouched).values(follow_up_days=days))


def downgrade():
    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_activities_disposition_id'))
        batch_op.drop_index(batch_op.f('ix_activities_contact_id'))
        batch_op.drop_index('ix_activities_called', sqlite_where=sa.text("kind = 'call' AND direction = 'out'"), postgresql_where=sa.text("kind = 'call' AND direction = 'out'"))
        batch_op.drop_index('ix_activities_account_id_at')

    op.drop_table('activities')
