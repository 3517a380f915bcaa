"""To which of eight groups a department belongs: what crew lists call it, and what the study says of it.

Crew lists name departments as they like. A group is what has a colour; one that nobody knows has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

GROUPS = ("production", "direction", "script", "camera", "costume", "cast", "data", "post")
"""camera is camera, light and sound; costume make-up too; data the platform's side too."""

_WORDS: Mapping[str, str] = {
    "production": "production producer producers producing office locations location transport unit"
    " 制片 制片人 出品 统筹 外联 生活 场务 车队",
    "direction": "direction director directors directing ad ads continuity 导演 执行导演 副导演 场记",
    "script": "script scripts writing writer writers story 编剧 剧本 文学",
    "camera": "camera cameras cinematography photography dop dp dit light lights lighting gaffer electric"
    " electrics grip grips sound audio 摄影 摄像 灯光 照明 录音 收音 声音 机械",
    "costume": "makeup make-up hair costume costumes wardrobe styling 化妆 服装 造型 妆发 梳妆 服化",
    "cast": "cast actor actors actress talent extras 演员 艺人 群演 群众演员",
    "data": "data platform platforms operations analytics growth 数据 平台 运营 投放",
    "post": "post post-production postproduction editing editor editorial vfx grading 后期 剪辑 调色 特效",
}
_GROUP_OF = {word: group for group, words in _WORDS.items() for word in words.split()}
_SEVERAL = re.compile(r"[\s,;/&+·、，；和与]+")
_AFTER = ("部门", "组", "部")
_ELSEWHERE = ("production design", "production designer", "art direction", "art director")
"""Art, which is none of the eight, though its words say production and direction."""


def group_of(dept: str | None, table: Mapping[str, str] | None = None) -> str:
    """The group of a department as it was written, one of `GROUPS`; "" where nobody knows.

    `table` is the study's own, from `key_of` a department to a group, and comes first. Of several departments
    in one, "Make-up & costume", the first that is known decides.
    """
    key = key_of(dept)
    chosen = (table or {}).get(key, "")
    if chosen in GROUPS:
        return chosen
    if key in _ELSEWHERE:
        return ""
    found = (_GROUP_OF.get(_bare(word)) for word in (key, *_SEVERAL.split(key)))
    return next((group for group in found if group), "")


def key_of(dept: str | None) -> str:
    """A department as the study's table has it: without capitals and spaces around; "" for none."""
    return " ".join((dept or "").casefold().split())


def _bare(word: str) -> str:
    """摄影 from 摄影组."""
    ending = next((one for one in _AFTER if word.endswith(one) and word != one), "")
    return word.removesuffix(ending).strip(".")
