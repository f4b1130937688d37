"""The demo book: who may sign in to it, who owes in it, and what they buy and pay. Invented, and the same each time."""

from wiseops.domain.demo.logins import LOGINS, Login

__all__ = ["LOGINS", "Login"]
