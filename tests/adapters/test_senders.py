"""Which backend sends."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.adapters.keys import PRIVATE_KEY
from tests.conftest import a_config
from wiseops import config as configuration
from wiseops.adapters import senders
from wiseops.config import Misconfigured

VONAGE = {
    "SMS_BACKEND": "vonage",
    "VONAGE_APPLICATION_ID": "app-1",
    "VONAGE_PRIVATE_KEY": PRIVATE_KEY,
    "VONAGE_SIGNATURE_SECRET": "secret",
    "VONAGE_NUMBER": "+4599999999",
}


def read(folder: Path, **more: str) -> configuration.Config:
    return configuration.read({"WISEOPS_DATA_DIR": str(folder), "SECRET_KEY": "test", **more})


def test_files_unless_told_otherwise(tmp_path: Path):
    built = senders.build(a_config(tmp_path, "sqlite://"))

    assert {name: sender.name for name, sender in built.items()} == {"sms": "file", "email": "file", "file": "file"}
    assert not any(sender.reaches_people for sender in built.values())


def test_sms_through_vonage(tmp_path: Path):
    built = senders.build(read(tmp_path, **VONAGE))

    assert (built["sms"].name, built["sms"].reaches_people, built["file"].name) == ("vonage", True, "file")


@pytest.mark.parametrize("missing", [name for name in VONAGE if name != "SMS_BACKEND"])
def test_vonage_with_something_missing_says_what(tmp_path: Path, missing: str):
    with pytest.raises(Misconfigured, match=missing):
        read(tmp_path, **{name: value for name, value in VONAGE.items() if name != missing})


def test_the_key_may_be_a_file_or_a_text_in_one_line(tmp_path: Path):
    (tmp_path / "private.key").write_text(PRIVATE_KEY)

    for given in (str(tmp_path / "private.key"), PRIVATE_KEY.replace("\n", "\\n")):
        assert read(tmp_path, **(VONAGE | {"VONAGE_PRIVATE_KEY": given})).vonage_private_key == PRIVATE_KEY


def test_a_key_that_is_none_stops_the_start(tmp_path: Path):
    with pytest.raises(Misconfigured, match="VONAGE_PRIVATE_KEY is no"):
        senders.build(replace(read(tmp_path, **VONAGE), vonage_private_key="-----BEGIN nothing"))


@pytest.mark.parametrize(
    "host",
    ["http://example.com:80", "https://127.0.0.1:8080", "127.0.0.1:8080", "http://127.0.0.1", "http://10.0.0.1:1"],
)
def test_a_double_may_only_be_on_this_machine(tmp_path: Path, host: str):
    with pytest.raises(Misconfigured, match="VONAGE_API_HOST"):
        read(tmp_path, VONAGE_API_HOST=host)


def test_a_double_on_this_machine_is_fine_but_not_in_production(tmp_path: Path):
    double = {"VONAGE_API_HOST": "http://127.0.0.1:8080"}
    assert read(tmp_path, **double).vonage_api_host == "127.0.0.1:8080"

    with pytest.raises(Misconfigured, match="VONAGE_API_HOST"):
        read(tmp_path, **double, WISEOPS_ENV="production", REDIS_URL="redis://c", PUBLIC_URL="https://example.com")
