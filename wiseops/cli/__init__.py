"""flask commands, one file a noun; app.py registers each file's group."""
