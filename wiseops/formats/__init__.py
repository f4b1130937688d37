"""Bytes to domain values and back. Pure."""
