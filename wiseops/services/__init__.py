"""Writes. Each runs inside transaction()."""
