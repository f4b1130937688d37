"""flask doubles: providers to try against, on this machine only. They take messages, keep them, misbehave as told."""

from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import current_app
from flask.cli import AppGroup

from wiseops.doubles.orders import Order

commands = AppGroup("doubles", help="Providers to try against, on this machine only.")
port_option = click.option("--port", default=0, help="The port to listen on; any free one if left out.")
order_option = click.option(
    "--order", "told", multiple=True, help='What to do first, such as {"act": "refuse", "code": 429, "times": 3}.'
)


@commands.command("vonage")
@port_option
@click.option("--status", "statuses", multiple=True, help="Statuses to post back, in this order.")
@click.option("--times", default=1, help="How often to post each.")
@click.option("--call", "call_end", default="completed", help="How calls end: completed, busy, timeout, failed …")
@click.option("--pace", default=2.0, help="Seconds between two events of a call.")
@order_option
def vonage(port: int, statuses: tuple[str, ...], times: int, call_end: str, pace: float, told: tuple[str, ...]) -> None:
    """Takes SMS and calls as Vonage does, and posts back signed statuses."""
    from wiseops.doubles.vonage import VonageDouble

    told_back = statuses or ("submitted", "delivered")
    with VonageDouble(port, statuses=told_back, times=times, call_end=call_end, pace=pace) as double:
        double.tell(*_orders(told))
        _say(
            double.address,
            SMS_BACKEND="vonage",
            CALL_BACKEND="vonage",
            VONAGE_API_HOST=f"http://{double.address}",
            VONAGE_APPLICATION_ID="double",
            VONAGE_PRIVATE_KEY=str(_key()),
            VONAGE_SIGNATURE_SECRET=double.secret,
            VONAGE_NUMBER="+4570707070",
        )
        _until_told()


@commands.command("smtp")
@port_option
@click.option("--control-port", default=0, help="Where it is told what to do; any free port if left out.")
@order_option
def smtp(port: int, control_port: int, told: tuple[str, ...]) -> None:
    """Takes mail and keeps it."""
    from wiseops.doubles.smtp import SmtpDouble

    with SmtpDouble(port, has_control=True, control_port=control_port) as double:
        double.tell(*_orders(told))
        _say(
            double.control,
            EMAIL_BACKEND="smtp",
            MAIL_SERVER="127.0.0.1",
            MAIL_PORT=str(double.port),
            MAIL_DEFAULT_SENDER="reminders@example.com",
        )
        _until_told()


def _orders(told: tuple[str, ...]) -> list[Order]:
    try:
        return [Order(**json.loads(order)) for order in told]
    except (ValueError, TypeError) as wrong:
        raise click.BadParameter(str(wrong), param_hint="--order") from wrong


def _key() -> Path:
    """A private key of our own: the SDK signs with one, and the double looks only whether it did."""
    path: Path = current_app.extensions["wiseops"].data_dir / "double.key"
    if not path.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def _say(control: str, **environment: str) -> None:
    if current_app.extensions["wiseops"].is_production:
        raise click.ClickException("A double in production would take messages that nobody gets.")
    click.echo("Listening; Ctrl-C ends it. Start web and worker with\n")
    for name, value in environment.items():
        click.echo(f"  {name}={value}")
    click.echo(f"\nTaken so far: http://{control}/double/counts and /double/messages")
    click.echo(f'Tell it: curl http://{control}/double/orders -d \'[{{"act": "drop", "times": 1}}]\'\n')


def _until_told() -> None:
    over = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_given: over.set())
    over.wait()
