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
    Login("Clara Collector", "collector@demo.example", "demo-collects", Role.COLLECTOR),
    Login("Mads Manager", "manager@demo.example", "demo-manages", Role.MANAGER),
    Login("Ada Admin", "admin@demo.example", "demo-decides", Role.ADMIN),
)
