"""The worklist: each source says which accounts ask for a person; a source is one file with `signals` and `loads`."""
