"""The company this installation belongs to."""

from wiseops.extensions import db
from wiseops.models import Company


def get() -> Company:
    """The one row; the data migration makes it."""
    return db.session.get_one(Company, 1)


def find() -> Company | None:
    """The one row, or None on a database without its default data."""
    return db.session.get(Company, 1)
