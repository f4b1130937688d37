"""A form over a row that others may change while it is open: an import, or a colleague."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, Self

from wtforms import HiddenField

from wiseops.web.forms import Form
from wiseops.web.texts import gettext as _

OUR_OWN = ("seen", "csrf_token")


class SharedForm(Form):
    """`seen` is what each field said when the form was opened."""

    seen = HiddenField()

    def opened(self) -> Self:
        """Keeps what the fields say: of the form that is shown first."""
        self.seen.data = json.dumps(self._said())
        return self

    def reconcile(self, current: Self) -> bool:
        """Follows what became of the row meanwhile where the person left it alone.

        False, with words on the field, where both changed it: sent once more, the person's is taken.
        """
        seen = self._seen()
        for name, is_now in current._said().items():
            was, typed = seen.get(name, is_now), self._text(name)
            if typed == was:
                self[name].data = current[name].data
            elif is_now not in (was, typed):
                self[name].errors = [
                    *self[name].errors,
                    _("It became “%(value)s” meanwhile. Save again to have yours.", value=is_now),
                ]
            seen[name] = is_now
        self.seen.data = json.dumps(seen)
        return not self.errors

    def _said(self) -> dict[str, str]:
        return {name: self._text(name) for name in self._fields if name not in OUR_OWN}

    def _text(self, name: str) -> str:
        data = self[name].data
        return ", ".join(map(str, data)) if isinstance(data, list | tuple) else str(data or "")

    def _seen(self) -> dict[str, Any]:
        with suppress(ValueError):
            found = json.loads(self.seen.data or "{}")
            return found if isinstance(found, dict) else {}
        return {}
