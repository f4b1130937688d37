"""The Auto Collection page: figures, tabs, the switch, and what a person does from there."""
