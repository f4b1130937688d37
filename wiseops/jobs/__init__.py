"""What workers run, a few lines each."""
