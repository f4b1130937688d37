"""Stand-ins for providers, on loopback only: they take messages, keep them, and misbehave when told to."""
