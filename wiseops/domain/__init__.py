"""Values in, decisions out. Plain Python."""
