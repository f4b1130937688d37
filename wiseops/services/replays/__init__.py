"""Replays: the book lived again, day by day, in a working copy of its own."""
