"""The reports: figures to read, print and take along."""
