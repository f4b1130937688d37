"""Which backend sends."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import a_config
from wiseops.adapters import senders
from wiseops.config import Misconfigured


def test_files_unless_told_otherwise(tmp_path: Path):
    built = senders.build(a_config(tmp_path, "sqlite://"))

    assert {name: sender.name for name, sender in built.items()} == {"sms": "file", "email": "file", "file": "file"}
    assert not any(sender.reaches_people for sender in built.values())


@pytest.mark.parametrize("backend", [{"sms_backend": "vonage"}, {"email_backend": "smtp"}])
def test_a_backend_that_is_not_built_stops_the_start(tmp_path: Path, backend: dict[str, str]):
    with pytest.raises(Misconfigured, match="is not built yet"):
        senders.build(replace(a_config(tmp_path, "sqlite://"), **backend))
