"""The embedded Valkey."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis

from tests.processes.conftest import wait_for
from wiseops import config as configuration
from wiseops.config import ROOT, Config, Misconfigured
from wiseops.processes import children, valkey


def test_a_server_that_runs_is_not_started_twice(development: Config, redis: Redis):
    assert valkey.ensure(development) is None


def test_nothing_is_started_where_a_redis_was_given(tmp_path: Path):
    given = configuration.read({"WISEOPS_DATA_DIR": str(tmp_path), "REDIS_URL": "redis://elsewhere"})

    assert valkey.ensure(given) is None
    assert not given.valkey_socket.exists()


def test_what_was_rung_survives_a_restart(development: Config, redis: Redis):
    redis.rpush("bells", "one")
    redis.shutdown()
    wait_for(lambda: not valkey.answers(development.valkey_socket))

    again = valkey.ensure(development)
    assert again
    try:
        assert redis.lrange("bells", 0, -1) == [b"one"]
    finally:
        children.stop([again], within=5)


def test_a_long_data_folder_gets_a_short_socket(tmp_path: Path):
    folder = tmp_path / ("deep" * 20) / ("deeper" * 15)
    deep = configuration.read({"WISEOPS_DATA_DIR": str(folder)})
    server = valkey.ensure(deep)
    assert server
    try:
        assert len(str(deep.valkey_socket)) <= 100
        assert valkey.answers(deep.valkey_socket)
    finally:
        children.stop([server], within=5)


def test_only_its_owner_reaches_it(development: Config, redis: Redis):
    assert development.valkey_socket.stat().st_mode & 0o077 == 0


def test_it_dies_with_the_process_that_started_it_even_by_sigkill(development: Config):
    script = f"""
import time
from wiseops import config
from wiseops.processes import valkey
valkey.ensure(config.read({{"WISEOPS_DATA_DIR": {str(development.data_dir)!r}}}))
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    wait_for(lambda: valkey.answers(development.valkey_socket))

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    wait_for(lambda: not valkey.answers(development.valkey_socket))


def test_a_server_on_the_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert valkey.find_server() == str(program)


def test_without_any_server_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(valkey, "find_spec", lambda name: None)

    with pytest.raises(Misconfigured, match="set REDIS_URL"):
        valkey.find_server()


def test_a_server_that_does_not_start_is_told_with_its_last_words(
    development: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    program = tmp_path / "valkey-server"
    program.write_text("#!/bin/sh\necho no memory\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    with pytest.raises(Misconfigured, match=r"valkey\.log"):
        valkey.ensure(development)
