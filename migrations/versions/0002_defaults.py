"""What a fresh installation starts with: migrations/defaults.json.

Revision ID: 0002
Revises: 0001

"""
import json
from datetime import datetime, timezone
from pathlib import Path

from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DEFAULTS = Path(__file__).parent.parent / "defaults.json"


def upgrade():
    connection = op.get_bind()
    tables = sa.MetaData()
    tables.reflect(connection, only=_TABLES)
    defaults = json.loads(DEFAULTS.read_text(encoding="utf-8"))
    now = datetime.now(timezone.utc)
    if connection.dialect.name == "sqlite":
        now = now.replace(tzinfo=None)

    def add(name, /, **values):
        """The id of the new row; columns of JSON are given as Python values."""
        table = tables.tables[name]
        for column in _JSON.get(name, ()):
            table.c[column].type = sa.JSON()
        return connection.execute(sa.insert(table).values(**values)).inserted_primary_key[0]

    add("company", id=1, **_COMPANY, **defaults["company"])
    add("automation", id=1, **_AUTOMATION)
    for channel in defaults["channels"]:
        add("channels", **channel, stop_reason="")
    for position, name in enumerate(defaults["dispositions"], start=1):
        add("dispositions", name=name, position=position, active=True)
    template_ids = {None: None}
    for template in defaults["templates"]:
        template_ids[template["name"]] = template_id = add("templates", name=template["name"], archived=False)
        for wording in template["wordings"]:
            body = "\n".join(wording["body"])
            add("template_versions", **wording | {"body": body}, template_id=template_id, version=1, created_at=now)
    for plan in defaults["plans"]:
        steps = plan.pop("steps")
        plan_id = add("plans", **plan, version=1, updated_at=now)
        for position, step in enumerate(steps, start=1):
            step["template_id"] = template_ids[step.pop("template")]
            add("plan_steps", **step, plan_id=plan_id, position=position)
    if connection.dialect.name == "postgresql":
        for name in ("company", "automation"):
            op.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 1)")


def downgrade():
    """The rows may be in use by now; the schema's own downgrade drops their tables."""


_TABLES = (
    "company", "automation", "channels", "dispositions", "templates", "template_versions", "plans", "plan_steps"
)
_JSON = {
    "company": ("currencies", "business_days"),
    "plans": ("conditions", "stop_below"),
    "plan_steps": ("weekdays", "channels"),
}
_COMPANY = {
    "address": "",
    "how_to_pay": "",
    "email_sender": "",
    "email_sender_name": "",
    "reply_to": "",
    "sms_sender": "",
    "phone": "",
    "business_days": [0, 1, 2, 3, 4],
    "collected_days": 30,
    "credit_allocation": True,
}
_AUTOMATION = {
    "paused": True,
    "pause_reason": "",
    "mode": "trial",
    "trial_email": "",
    "trial_phone": "",
    "stopped": False,
    "rules_version": 1,
}
