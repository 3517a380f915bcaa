"""What is said where somebody else listens already."""

from __future__ import annotations

from fieldlog.model.errors import FieldLogError
from fieldlog.model.sentence import Sentence


class PortTaken(FieldLogError):
    """Another program listens where we were told to."""

    def __init__(self, port: int) -> None:
        super().__init__(
            Sentence(
                "Port {port} can't be used here. Close what uses it, or choose another with --port.", port=port
            )
        )
        self.port = port
