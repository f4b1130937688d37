"""Who may sign in to the demo book. `flask demo` creates them; production refuses both."""

from __future__ import annotations

from typing import NamedTuple

from wiseops.domain.users import Role


class Login(NamedTuple):
    """A person of the demo, with the password that everyone may know."""

    name: str
    email: str
    password: str
    role: Role


LOGINS = (
    Login("Clara Holm", "collector@example.com", "demo-collects", Role.COLLECTOR),
    Login("Jonas Lie", "collector2@example.com", "demo-collects", Role.COLLECTOR),
    Login("Mads Krogh", "manager@example.com", "demo-manages", Role.MANAGER),
    Login("Ingrid Moe", "manager2@example.com", "demo-manages", Role.MANAGER),
    Login("Ada Winther", "admin@example.com", "demo-decides", Role.ADMIN),
    Login("Paul Reed", "admin2@example.com", "demo-decides", Role.ADMIN),
)
