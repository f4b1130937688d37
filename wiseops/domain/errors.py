"""What the rules say no to, in words for a person."""


class Refused(Exception):
    """The rules say no. `message` is shown to the user, on `field` where one is named."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Resent(Refused):
    """A form that was saved before came again with something else in it."""


class NotFound(Exception):
    """There is no such thing; the edge answers 404."""
