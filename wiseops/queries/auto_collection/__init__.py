"""What the Auto Collection page shows: figures, weeks and rows."""
