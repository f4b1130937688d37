"""Imports: files of accounts and entries, read whole or not at all."""

from wiseops.services.imports.accounts import import_accounts
from wiseops.services.imports.answers import Answer, Options
from wiseops.services.imports.entries import import_entries

__all__ = ["Answer", "Options", "import_accounts", "import_entries"]
