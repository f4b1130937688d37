"""Guardrails: the limits on contact that every send and call asks, automatic or by hand."""
