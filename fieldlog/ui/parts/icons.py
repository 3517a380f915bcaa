"""The icon of each kind of entry."""

from __future__ import annotations

import flet as ft

KIND_ICONS = {
    "jotting": ft.Icons.EDIT_NOTE_OUTLINED,
    "fieldnote": ft.Icons.ARTICLE_OUTLINED,
    "quote": ft.Icons.FORMAT_QUOTE_OUTLINED,
    "voice": ft.Icons.MIC_NONE_OUTLINED,
    "photo": ft.Icons.PHOTO_CAMERA_OUTLINED,
    "paper": ft.Icons.DESCRIPTION_OUTLINED,
    "memo": ft.Icons.PSYCHOLOGY_OUTLINED,
    "question": ft.Icons.HELP_OUTLINE_OUTLINED,
    "ethics": ft.Icons.BALANCE_OUTLINED,
    "count": ft.Icons.PLUS_ONE_OUTLINED,
    "figure": ft.Icons.INSIGHTS_OUTLINED,
    "marker": ft.Icons.BOOKMARK_ADD_OUTLINED,
}

SESSION_ICONS = {
    "meeting": ft.Icons.GROUPS_OUTLINED,
    "shoot": ft.Icons.MOVIE_OUTLINED,
    "creative": ft.Icons.LIGHTBULB_OUTLINED,
    "interview": ft.Icons.RECORD_VOICE_OVER_OUTLINED,
    "informal": ft.Icons.COFFEE_OUTLINED,
    "travel": ft.Icons.DIRECTIONS_CAR_OUTLINED,
    "desk": ft.Icons.DESK_OUTLINED,
    "other": ft.Icons.SCHEDULE_OUTLINED,
}
"""By the type of a session; each stands beside its name."""
