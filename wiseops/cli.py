"""flask commands."""
