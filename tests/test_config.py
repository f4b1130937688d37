"""The environment, read and checked once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from wiseops import config
from wiseops.config import Misconfigured

PRODUCTION = {
    "WISEOPS_ENV": "production",
    "SECRET_KEY": "long and random " * 2,
    "DATABASE_URL": "postgres://u:p@db/wiseops",
    "REDIS_URL": "redis://cache",
    "PUBLIC_URL": "https://collect.example.com",
}


def test_a_whole_production_environment_starts():
    assert config.read(PRODUCTION).is_production


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("SECRET_KEY", "Set SECRET_KEY"),
        ("REDIS_URL", "Set REDIS_URL"),
        ("PUBLIC_URL", "PUBLIC_URL must begin with https"),
        ("DATABASE_URL", "SQLite in production needs WISEOPS_DATA_DIR"),
    ],
)
def test_production_refuses_to_start_without(missing: str, words: str):
    environ = {name: value for name, value in PRODUCTION.items() if name != missing}

    with pytest.raises(Misconfigured, match=words):
        config.read(environ)


def test_production_refuses_a_key_that_can_be_guessed():
    with pytest.raises(Misconfigured, match="SECRET_KEY needs 32 characters"):
        config.read({**PRODUCTION, "SECRET_KEY": "x"})


@pytest.mark.parametrize(
    "url",
    [
        "rediss://:secret@cache:6380/1",
        "redis://[::1]",
        "redis://",
        "redis:///0",
        "unix:///run/redis.sock",
        "unix://me:secret@/run/redis.sock?db=1",
    ],
)
def test_every_way_to_name_a_redis_is_understood(url: str):
    assert config.read({**PRODUCTION, "REDIS_URL": url}).redis_url == url


def test_an_environment_that_says_nothing_is_for_development(tmp_path: Path):
    said = dict.fromkeys(("WISEOPS_ENV", "PUBLIC_URL", "PORT", "REDIS_URL"), "")
    read = config.read({**said, "WISEOPS_DATA_DIR": str(tmp_path)})

    assert (read.env, read.public_url, read.redis_url) == ("development", "http://127.0.0.1:5000", None)


def test_production_on_one_machine_may_serve_with_its_own_valkey_and_sqlite(tmp_path: Path):
    environ = {**PRODUCTION, "WISEOPS_SERVE": "1", "WISEOPS_DATA_DIR": str(tmp_path)}
    del environ["REDIS_URL"], environ["DATABASE_URL"]

    assert config.read(environ).is_sqlite


def test_production_goes_live_only_with_real_senders():
    started = config.read(PRODUCTION)

    assert "SMS_BACKEND=vonage" in (started.missing_for_live() or "")
    assert replace(started, sms_backend="vonage", email_backend="smtp").missing_for_live() is None


def test_development_may_go_live_into_files(tmp_path: Path):
    assert config.read({"WISEOPS_DATA_DIR": str(tmp_path)}).missing_for_live() is None


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_database_address_of_a_paas_is_understood(scheme: str, tmp_path: Path):
    read = config.read({"DATABASE_URL": f"{scheme}://u@h/d", "WISEOPS_DATA_DIR": str(tmp_path)})

    assert read.database_url == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "mysql://h/d", "DATABASE_URL must begin with"),
        ("SMS_BACKEND", "pigeon", "Choose one of: file, vonage"),
        ("MAIL_PORT", "smtp", "MAIL_PORT=smtp must be a whole number"),
        ("MAIL_PORT", "99999", "MAIL_PORT=99999 must be a whole number from 1 to 65535"),
        ("MAIL_PORT", "²", "must be a whole number"),
        ("IMPORT_MAX_MB", "0", "IMPORT_MAX_MB=0 must be a whole number from 1"),
        ("IMPORT_MAX_MB", "9" * 5000, "must be a whole number"),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES=-1 must be a whole number from 0"),
        ("WISEOPS_ENV", "prod", "WISEOPS_ENV=prod is not known. Choose one of: development, test, production"),
        ("WISEOPS_ENV", "Production", "WISEOPS_ENV=Production is not known"),
        ("REDIS_URL", "cache:6379", "REDIS_URL must read redis://HOST:PORT"),
        ("REDIS_URL", "redis://cache:port", "REDIS_URL must read redis://HOST:PORT"),
        ("PUBLIC_URL", "collect.example.com", "PUBLIC_URL must begin with http"),
        ("PUBLIC_URL", "https://", "PUBLIC_URL must begin with http"),
    ],
)
def test_a_value_that_means_nothing_is_refused_by_name(name: str, value: str, words: str, tmp_path: Path):
    with pytest.raises(Misconfigured, match=words):
        config.read({name: value, "WISEOPS_DATA_DIR": str(tmp_path)})


def test_the_development_key_is_made_once_for_every_process(tmp_path: Path):
    environ = {"WISEOPS_DATA_DIR": str(tmp_path)}

    first, second = config.read(environ), config.read(environ)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_every_variable_that_is_read_is_explained():
    texts = "".join(path.read_text() for path in (config.ROOT / "README.md", *(config.ROOT / "docs").glob("*.md")))
    read = {
        name
        for path in (config.ROOT / "wiseops").rglob("*.py")
        for name in re.findall(r"""environ(?:ment\(\))?(?:\.get\(|\[|, )["']([A-Z_]+)""", path.read_text())
    }

    assert len(read) > 25
    assert [name for name in sorted(read) if not re.search(rf"\b{name}\b", texts)] == []
