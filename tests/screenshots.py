"""python -m tests.screenshots [PART …]: pages, wide and narrow, light and dark, into screenshots/.

On the database of the environment if it has users, else on a small new one. With PARTs, only pages whose path has one.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser
from sqlalchemy import inspect, select

from tests.browser.live import chromium, serving
from tests.conftest import a_config
from tests.factories import NOW, TODAY, a_contact, a_payment, a_user, an_account, an_entry
from wiseops import config as configuration
from wiseops.app import create_app
from wiseops.config import ROOT
from wiseops.extensions import db
from wiseops.models import Account, User
from wiseops.services import suppressions

FOLDER = ROOT / "screenshots"
WIDTHS = {"wide": 1440, "narrow": 390}
THEMES = ("light", "dark")
STAGES = ("outstanding", "scheduled", "engaged", "follow_up", "blocked")
BOOK = (
    ("Nordlys Energi A/S", "12500.00 DKK"),
    ("Bjørn & Datter ApS", "830.50 DKK"),
    ("Åse Østergård", "149.00 DKK"),
    ("Fjordfisk AS", "48210.75 NOK"),
    ("Harbor Lights Hospitality Group of Greater Boston LLC", "9999.99 USD"),
)
TABS = (
    "",
    "/edit",
    "/contacts/new",
    "/promises",
    "/promises/new",
    "/disputes",
    "/disputes/new",
    "/ledger",
    "/ledger/new",
    "/statement",
    "/collections",
    "/activities/new?kind=call",
    "/calls/new",
    "/sms/new",
    "/emails/new",
    "/messages",
)
PAGES = (
    "/login",
    "/",
    "/worklist/loads",
    "/worklist/loads/1",
    "/accounts",
    "/accounts/new",
    "/auto-collection",
    *(f"/auto-collection?stage={stage}" for stage in STAGES),
    "/auto-collection/pause",
    "/auto-collection/resume",
    "/inbox",
    "/tasks",
    "/messages",
    "/reports",
    "/reports/ageing",
    "/reports/collected",
    "/reports/promises",
    "/reports/messages",
    "/reports/work",
    "/reports/days-to-pay",
    "/settings",
    "/settings/company",
    "/settings/plans",
    "/settings/plans/new",
    "/settings/plans/1",
    "/settings/sending",
    "/settings/guardrails",
    "/settings/guardrails/US",
    "/settings/templates",
    "/settings/templates/new",
    "/settings/templates/1/email/en",
    "/settings/exclusions",
    "/settings/exclusions/new",
    "/settings/dispositions",
    "/settings/suppressions",
    "/settings/suppressions/new",
    "/settings/suppressions/1",
    "/settings/imports",
    "/settings/users",
    "/settings/users/new",
    "/settings/profile",
    "/nowhere",
)


def main(parts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = _app(Path(folder))
        with app.app_context():
            user, paths = _user(), [*PAGES, *_accounts()]
            key = user.get_id()
            db.session.remove()
        wanted = [path for path in paths if not parts or any(part in path for part in parts)]
        with serving(app) as address, chromium() as browser:
            _shoot(app, browser, address, key, wanted)


def _app(folder: Path) -> Flask:
    app = create_app(configuration.read())
    with app.app_context():
        if inspect(db.engine).has_table("users") and db.session.scalar(select(User.id).limit(1)):
            return app
    app = create_app(a_config(folder, f"sqlite:///{folder / 'shots.sqlite'}"))
    with app.app_context():
        upgrade()
        a_user("admin", email="ida@example.com", name="Ida Holm")
        _book()
    return app


def _book() -> None:
    for day, (name, owed) in enumerate(BOOK, start=1):
        account = an_account(name=name)
        issued = TODAY - timedelta(days=day * 9)
        an_entry(account, owed, number=f"{day}001", on=issued, due_on=issued + timedelta(days=14))
        a_payment(account, "150.00 DKK", number=f"B{day}", on=TODAY)
        a_contact(account, name="Mette Lund", email=f"mette{day}@example.com", phone="+4520123456")
    suppressions.add("sms", "+4520123456", reason="opted_out", source="reply", note="Stop", now=NOW)
    suppressions.add("email", "mette2@example.com", reason="bounced", source="event", now=NOW)


def _user() -> User:
    return db.session.scalars(select(User).where(User.role == "admin", User.active).limit(1)).one()


def _accounts() -> list[str]:
    account_id = db.session.scalar(select(Account.id).where(Account.stage == "engaged").limit(1))
    account_id = account_id or db.session.scalar(select(Account.id).limit(1))
    return [f"/accounts/{account_id}{tab}" for tab in TABS] if account_id else []


def _shoot(app: Flask, browser: Browser, address: str, key: str, paths: list[str]) -> None:
    serializer = app.session_interface.get_signing_serializer(app)
    name, cookie = app.config["SESSION_COOKIE_NAME"], serializer.dumps({"_user_id": key})
    FOLDER.mkdir(exist_ok=True)
    for theme in THEMES:
        for width, pixels in WIDTHS.items():
            context = browser.new_context(viewport={"width": pixels, "height": 900}, color_scheme=theme)
            page = context.new_page()
            for path in paths:
                context.clear_cookies()
                if path != "/login":
                    context.add_cookies([{"name": name, "value": cookie, "url": address}])
                answer = page.goto(address + path, wait_until="networkidle")
                name_of = path.strip("/").replace("/", "-").replace("?", "-") or "worklist"
                shot = FOLDER / f"{name_of}.{width}.{theme}.png"
                page.screenshot(path=shot, full_page=True)
                sys.stdout.write(f"{answer.status if answer else '-'} {shot.relative_to(ROOT)}\n")
            context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
