"""FieldLog: timestamped field notes, voice memos and photos by production day."""

__version__ = "0.1.0"
