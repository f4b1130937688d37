"""The house rules that a machine can read. Sizes are printed (`pytest -rP tests/test_conventions.py`), not refused."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from wiseops.config import ROOT
from wiseops.web import activity_lines, navigation, settings

PACKAGE = ROOT / "wiseops"
TEMPLATES = ROOT / "templates"
BANNED_NAMES = {"utils", "helpers", "common", "manager", "handler", "base", "misc", "data", "info"}
CLOCKS = {"now", "utcnow", "today", "time", "localtime", "gmtime"}
CLOCK_OWNERS = {"datetime", "date", "time"}
WITHOUT_CLOCK = ("domain", "formats", "queries", "services", "models")
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 200, 30, 80

MODULES = sorted(PACKAGE.rglob("*.py"))
PAGES = sorted(TEMPLATES.rglob("*.html"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def places(found: dict[Path, int] | Iterator[tuple[Path, int]]) -> list[str]:
    pairs = found.items() if isinstance(found, dict) else found
    return [f"{path.relative_to(ROOT)}:{line}" for path, line in pairs]


def test_only_the_transaction_commits():
    allowed = PACKAGE / "services" / "transaction.py"

    assert not places(
        (path, call.lineno)
        for path in MODULES
        if path != allowed
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    )


def test_nobody_below_the_edge_reads_a_clock():
    assert not places(
        (path, call.lineno)
        for folder in WITHOUT_CLOCK
        for path in sorted((PACKAGE / folder).rglob("*.py"))
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in CLOCKS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in CLOCK_OWNERS
        and not (call.func.attr == "time" and call.func.value.id == "datetime")
    )


def test_a_yes_or_no_is_passed_by_its_name():
    assert not places(
        (path, function.lineno)
        for path in MODULES
        if path.parent.name != "cli"  # click passes every option by name
        for function in functions(path)
        for argument in [*function.args.posonlyargs, *function.args.args]
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id == "bool"
    )


def test_every_module_opens_with_what_it_is_for():
    assert not [str(path.relative_to(ROOT)) for path in MODULES if not ast.get_docstring(tree(path))]


def test_no_module_is_named_after_nothing():
    assert not [str(path.relative_to(ROOT)) for path in MODULES if path.stem.strip("_") in BANNED_NAMES]


def test_no_relationship_loads_behind_our_back():
    assert not places(
        (path, call.lineno)
        for path in sorted((PACKAGE / "models").rglob("*.py"))
        for call in calls(path)
        if isinstance(call.func, ast.Name)
        and call.func.id == "relationship"
        and not any(
            keyword.arg == "lazy" and isinstance(keyword.value, ast.Constant) and keyword.value.value == "raise"
            for keyword in call.keywords
        )
    )


def test_bugs_are_caught_only_where_they_are_logged():
    names = ("processes/worker.py", "web/errors.py", "services/arrivals.py", "services/webhooks.py")
    allowed = {PACKAGE / name for name in names}

    assert not places(
        (path, node.lineno)
        for path in MODULES
        if path not in allowed
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    )


def test_pages_extend_the_layout_and_fragments_do_not():
    extending = {path for path in PAGES if "{% extends" in path.read_text()}
    fragments = {path for path in PAGES if path.name.startswith("_")}
    alone = {path for path in PAGES if path.name == "base.html" or path.parent.name in ("components", "email")}

    assert not [str(path) for path in extending & fragments]
    assert not [str(path) for path in set(PAGES) - fragments - alone - extending]


@pytest.mark.parametrize(
    "forbidden",
    [r"<script(?![^>]*\bsrc=)", r"<style", r"\sstyle=", r"\son[a-z]+=", r"hx-on", r"hx-vals=.js:", r"\|\s*safe"],
)
def test_templates_keep_to_the_content_policy(forbidden: str):
    assert not [str(path.relative_to(ROOT)) for path in PAGES if re.search(forbidden, path.read_text())]


def test_every_model_is_re_exported():
    from wiseops import models
    from wiseops.extensions import db

    named = {mapper.class_.__name__ for mapper in db.Model.registry.mappers}
    assert named <= set(models.__all__)
    assert sorted(models.__all__) == sorted(set(models.__all__))


def test_every_test_folder_is_a_layer():
    layers = {path.name for path in PACKAGE.iterdir()} | {"faults", "browser", "oracles"}

    assert {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name[0] not in "_."} <= layers


def test_sizes_are_known():
    """Printed for whoever tidies; a number over the line asks for a reason, not for a trick."""
    for path in MODULES:
        _print(path, len(path.read_text().splitlines()), LONGEST_FILE)
        for function in functions(path):
            _print(f"{path.relative_to(ROOT)}:{function.name}", _length(function), LONGEST_FUNCTION)
    for path in PAGES:
        _print(path, len(path.read_text().splitlines()), LONGEST_TEMPLATE)


def test_a_route_that_writes_is_no_get(app: Flask):
    """A link or a prefetch must never change anything."""
    verbs = re.compile(r"\.(create|update|destroy|edit_save)$")

    assert not [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if verbs.search(rule.endpoint) and rule.methods and "GET" in rule.methods
    ]


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _print(what: object, size: int, line: int) -> None:
    if size > line:
        print(f"{size:5} {what}")  # noqa: T201


def test_every_icon_is_in_the_sprite():
    drawn = set(
        re.findall(r'<symbol id="([a-z0-9-]+)"', next((ROOT / "static" / "vendor").glob("lucide-*.svg")).read_text())
    )
    named = {name for page in PAGES for name in re.findall(r'icon\("([a-z0-9-]+)"\)', page.read_text())}
    named |= {place[-1] for place in (*settings.PLACES, *navigation.PLACES)} | set(activity_lines.ICONS.values())

    assert named - drawn == set()


def test_every_stylesheet_is_on_every_page(app: Flask):
    page = app.test_client().get("/login").text

    found = re.findall(r'href="/static/(css/[\w/]+\.css)\?v=', page)

    assert sorted(found) == sorted(
        str(path.relative_to(ROOT / "static")) for path in (ROOT / "static/css").rglob("*.css")
    )
    assert found[0] == "css/tokens.css", "The layers are named there, in their order."
