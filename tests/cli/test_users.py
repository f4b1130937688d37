"""flask users create."""

from __future__ import annotations

from flask import Flask

from wiseops.queries import users as known
from wiseops.services import users


def test_a_user_made_on_the_command_line_can_sign_in(app: Flask):
    result = _create(app, "Ida@example.com", "--role", "admin")

    assert result.exit_code == 0, result.output
    ida = known.by_email("ida@example.com")
    assert (ida.role, ida.name) == ("admin", "Ida")
    assert users.verify(ida, result.output.strip().rsplit(" ", 1)[1])


def test_a_given_password_is_not_repeated(app: Flask):
    result = _create(app, "ida@example.com", "--role", "manager", "--password", "a very long one", "--name", "Ida Holm")
    assert "a very long one" not in result.output
    assert known.by_email("ida@example.com").name == "Ida Holm"


def test_the_password_can_be_asked_for(app: Flask):
    result = _create(
        app, "ida@example.com", "--role", "manager", "--prompt", input="a very long one\na very long one\n"
    )
    assert result.exit_code == 0
    assert users.verify(known.by_email("ida@example.com"), "a very long one")


def test_what_is_refused_is_said_and_leaves_nothing(app: Flask):
    assert _create(app, "ida@example.com", "--role", "boss").exit_code == 2
    short = _create(app, "ida@example.com", "--role", "admin", "--password", "short")
    assert (short.exit_code, short.output) == (1, "Error: Use 10 to 200 characters.\n")
    assert _create(app, "nobody", "--role", "admin").exit_code == 1
    assert known.everyone() == []


def _create(app: Flask, *args: str, **options: object):
    return app.test_cli_runner().invoke(args=["users", "create", *args], **options)
