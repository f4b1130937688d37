"""E-mails from outside, read whatever their bytes are: nothing here raises, and nothing grows faster than the mail."""
