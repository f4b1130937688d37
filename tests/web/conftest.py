"""Browsers without a screen: nobody's, and one for each role."""

from __future__ import annotations

import contextvars
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import a_user
from wiseops.extensions import db
from wiseops.models import User


class Browser(FlaskClient):
    """Asks in a context of its own, as a server does: nothing of one request is left for the next."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.rollback()
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.rollback()
        return answer

    def sign_in(self, user: User) -> Browser:
        """Signs in without the form, which has its own tests."""
        with self.session_transaction() as session:
            session["_user_id"] = user.get_id()
        return self

    def fragment(self, path: str, **kwargs: Any) -> TestResponse:
        """GET as htmx asks, or another method given as `method`."""
        return self.open(path, headers={"HX-Request": "true"}, **kwargs)


@pytest.fixture
def client(app: Flask) -> Browser:
    """Nobody's browser. Forms need no token here; test_security has them back."""
    app.testing, app.config["WTF_CSRF_ENABLED"] = True, False
    app.test_client_class = Browser
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def collector(client: Browser) -> Browser:
    return client.sign_in(a_user("collector", email="collector@example.com"))


@pytest.fixture
def manager(client: Browser) -> Browser:
    return client.sign_in(a_user("manager", email="manager@example.com"))


@pytest.fixture
def admin(client: Browser) -> Browser:
    return client.sign_in(a_user("admin", email="admin@example.com"))
