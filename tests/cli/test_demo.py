"""flask demo."""

from dataclasses import replace

from flask import Flask

from tests.factories import an_account


def test_production_has_no_demo_book(app: Flask):
    app.extensions["wiseops"] = replace(app.extensions["wiseops"], env="production")

    result = app.test_cli_runner().invoke(args=["demo"])

    assert result.exit_code == 1
    assert "not for production" in result.output


def test_a_book_that_is_there_stays(app: Flask):
    an_account()

    result = app.test_cli_runner().invoke(args=["demo"])

    assert result.exit_code == 0
    assert "already" in result.output
