"""flask users: let someone in from the command line."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from wiseops.domain.errors import Refused
from wiseops.domain.users import Role
from wiseops.services import users

commands = AppGroup("users", help="People who sign in.")


@commands.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", default="", help="Default: the part before the @.")
@click.option("--password", default="", help="Default: one is made and printed.")
@click.option("--prompt", is_flag=True, help="Ask for the password.")
def create(email: str, role: str, name: str, password: str, prompt: bool) -> None:
    """Creates a user who can sign in with EMAIL."""
    if prompt:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    given, password = bool(password), password or secrets.token_urlsafe(12)
    try:
        name = name or email.split("@")[0]
        user = users.create(email, name=name, role=Role(role), password=password, now=datetime.now(UTC))
    except Refused as refused:
        raise click.ClickException(refused.message) from refused
    click.echo(f"{user.email} may sign in as {user.role}." + ("" if given else f" Password: {password}"))
