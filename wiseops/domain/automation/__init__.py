"""Deciding: what an account needs now, next, and why. One pure function; everything else is a view of it."""
