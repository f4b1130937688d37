"""A double by hand: it says how to reach it, does what it is told, and ends when told to."""

import json
import re
import signal
import smtplib
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from wiseops.config import ROOT


def ask(address: str, about: str, orders: object = None) -> object:
    data = None if orders is None else json.dumps(orders).encode()
    with urllib.request.urlopen(f"http://{address}/double/{about}", data) as answer:
        return json.load(answer)


def start(folder: Path, *arguments: str) -> tuple[subprocess.Popen[str], str, dict[str, str]]:
    environ = {"WISEOPS_DATA_DIR": str(folder), "PATH": "", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "flask", "--app", "wiseops.app", "doubles", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    said = ""
    while "Tell it" not in said:
        said += process.stdout.readline()
    control = re.search(r"http://(127\.0\.0\.1:\d+)/double/counts", said)
    assert control
    return process, control[1], dict(re.findall(r"^  (\w+)=(.+)$", said, re.MULTILINE))


def test_a_mail_server_by_hand(tmp_path: Path):
    process, control, environ = start(tmp_path, "smtp", "--order", '{"act": "refuse", "code": 554, "times": 1}')
    try:
        with smtplib.SMTP(environ["MAIL_SERVER"], int(environ["MAIL_PORT"])) as talk:
            with pytest.raises(smtplib.SMTPDataError):
                talk.sendmail("a@example.com", ["b@example.com"], "Message-ID: <r0@x>\r\n\r\nHej\r\n")
            talk.sendmail("a@example.com", ["b@example.com"], "Message-ID: <r1@x>\r\n\r\nHej\r\n")

        assert ask(control, "counts")["by_ref"] == {"<r1@x>": 1}  # type: ignore[index]
        assert ask(control, "orders", [{"act": "drop"}])[0]["act"] == "drop"  # type: ignore[index]
    finally:
        process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
