"""The keys of a query in both languages: `day:PD03` and `日：PD03` ask the same."""

from __future__ import annotations

from collections.abc import Mapping

from fieldlog.store.search import normalised

KEYS: Mapping[str, tuple[str, ...]] = {
    "day": ("日", "日期"), "time": ("时间",), "person": ("人", "人物"), "scene": ("场", "场次"),
    "place": ("地", "地点"), "session": ("时段",), "type": ("类", "类型"), "kind": ("种类",),
    "code": ("码", "编码"), "said": ("引述",), "sure": ("把握",), "device": ("设备",), "late": ("补记",),
    "is": ("状态",), "has": ("附有",), "in": ("范围",),
}  # fmt: skip
"""Each key and what else it may be called. None is a word that often stands before a colon in a note."""

IS: Mapping[str, tuple[str, ...]] = {
    "raw": ("原始",), "left": ("保持原样", "保留原样"), "written-up": ("已扩写", "已整理"), "doubtful": ("存疑",),
    "private": ("私记",), "starred": ("星标",), "absent": ("不在场",), "heard": ("已听",),
}  # fmt: skip
HAS: Mapping[str, tuple[str, ...]] = {
    "photo": ("照片",), "sound": ("录音",), "paper": ("文件",), "link": ("链接",), "transcript": ("转写",),
}  # fmt: skip
IN: Mapping[str, tuple[str, ...]] = {
    "text": ("正文",), "names": ("名字", "名称"), "papers": ("文件",), "transcripts": ("转写",),
    "memos": ("备忘",),
}  # fmt: skip

NOT_YET = {("is", "absent"), ("is", "heard"), ("has", "transcript")} | {
    ("in", one) for one in ("papers", "transcripts", "memos")
}
"""What can be understood, and is not kept by this version."""


def known(table: Mapping[str, tuple[str, ...]], said: str) -> str | None:
    """What a word of either language stands for in a table; None where it is none of it."""
    wanted = normalised(said).strip()
    return next((name for name, others in table.items() if wanted == name or wanted in others), None)
