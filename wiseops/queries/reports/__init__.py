"""What managers read: figures over the book, set-based, per currency."""
