"""Machines: webhooks, health."""
