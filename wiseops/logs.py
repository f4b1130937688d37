"""Facts in the log as key=value: ids and counts, never names, addresses or texts."""

from __future__ import annotations

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PRIVATE = frozenset({"name", "phone", "email", "address", "to", "to_address", "subject", "body", "text", "token"})

_VALUES = re.compile(r"DETAIL:.*?(?=\n(?:HINT|CONTEXT|QUERY|LOCATION):|\n\[SQL|\n\(Background|\n\n|\Z)", re.DOTALL)
"""What PostgreSQL adds to an error: the row, or the key, with what stood in it."""


def configure(level: int = logging.INFO) -> None:
    """Sends everything that is logged, by us or by a library, to standard error in one form. Safe to call twice."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _hide_people,
    ]
    rendered: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        _hide_values,
        structlog.processors.LogfmtRenderer(key_order=["at", "level", "event"]),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.set_name("wiseops")
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=rendered))
    root = logging.getLogger()
    root.handlers = [old for old in root.handlers if old.get_name() != "wiseops"] + [handler]
    root.setLevel(level)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _hide_people(_logger: WrappedLogger, _method: str, facts: EventDict) -> EventDict:
    return {key: "hidden" if key in PRIVATE else value for key, value in facts.items()}


def _hide_values(_logger: WrappedLogger, _method: str, facts: EventDict) -> EventDict:
    """In an exception, or in what somebody made of one."""
    hidden = {key: _VALUES.sub("DETAIL: hidden", value) for key, value in facts.items() if isinstance(value, str)}
    return {**facts, **hidden}
