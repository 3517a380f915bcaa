"""What each stored value is called: one word a language, for screen, archive and terminal alike.

Stored names are in `model/vocabulary`; here is what people read. A value stands in the table of its list there:
the answer *ask* of a consent is another thing than the kind *question*.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Called(NamedTuple):
    """A value's word in English and Chinese, as it stands by itself on a screen."""

    en: str
    zh: str

    def __str__(self) -> str:
        """Both, as an archive says them: `voice memo 录音`; once where they are the same."""
        return self.en if self.en == self.zh else f"{self.en.lower()} {self.zh}"


def _table(**said: tuple[str, str]) -> Mapping[str, Called]:
    """Words by stored name; `_` stands for `-`."""
    return {name.replace("_", "-"): Called(*words) for name, words in said.items()}


KINDS = _table(
    jotting=("Jotting", "速记"), fieldnote=("Field note", "田野笔记"), quote=("Quote", "引语"),
    voice=("Voice memo", "录音"), photo=("Photo", "照片"), paper=("Document", "文件"), memo=("Memo", "备忘"),
    question=("Question", "待问"), ethics=("Ethics", "伦理"), count=("Count", "计数"), figure=("Number", "数字"),
    marker=("Mark", "标记"),
)  # fmt: skip
NOTE_TYPES = _table(
    ON=("Observation", "观察"), TN=("Interpretation", "诠释"), MN=("Method", "方法"), PN=("Private", "私记"),
    none=("No type", "未分类"),
)  # fmt: skip
STAGES = _table(raw=("jotted", "原始"), expanded=("written up", "已扩写"), reviewed=("left as it is", "保持原样"))
SESSION_TYPES = _table(
    meeting=("Meeting", "会议"), shoot=("Shoot", "拍摄"), creative=("Creative", "创作"),
    interview=("Interview", "访谈"), informal=("Informal", "闲谈"), travel=("Travel", "路上"),
    desk=("Desk", "案头"), other=("Other", "其他"),
)  # fmt: skip
DAY_TYPES = _table(
    prep=("Preparation", "筹备"), shoot=("Shoot day", "拍摄日"), move=("Move", "转场"), off=("Day off", "休息"),
    post=("Post", "后期"), wrap=("Wrap day", "杀青"), unplanned=("Not planned", "计划外"),
)  # fmt: skip
PRECISIONS = _table(
    exact=("exactly", "准确"), minute=("to the minute", "到分钟"), about=("about", "大约"),
    part_of_day=("part of day", "早中晚"), day=("day only", "仅日期"),
)  # fmt: skip
MOMENT_SOURCES = _table(
    device=("device", "设备"), exif=("EXIF", "EXIF"), xmp=("XMP", "XMP"), gps=("satellites", "卫星定位"),
    sound=("recording", "录音文件"), name=("file name", "文件名"), edited=("last edited", "最后修改"),
    file=("file's date", "文件日期"), manual=("by hand", "手动"), session=("session", "时段起止"),
    corrected=("corrected", "已校正"),
)  # fmt: skip
DEPARTMENTS = _table(
    production=("production", "制片"), direction=("direction", "导演"), script=("script", "编剧"),
    camera=("camera, light, sound", "摄影、灯光、录音"), costume=("make-up, costume", "化妆、服装"),
    cast=("cast", "演员"), data=("data, platform", "数据、平台"), post=("post", "后期"),
)  # fmt: skip
FORMS = _table(laptop=("the laptop", "电脑"), phone=("the phone", "手机"))
"""Devices that nobody gave a name."""

LINK_RELS = _table(
    expands=("expands", "扩写"), about=("about", "关于"), supports=("supports", "支持"),
    contradicts=("contradicts", "相反"), paraphrases=("paraphrases", "转述"), reflects_on=("reflects on", "反思"),
    see_also=("see also", "参见"), follows_up=("follows up", "跟进"), same_moment=("same moment", "同一时刻"),
    requires_erasure=("requires erasure", "须移除"),
)  # fmt: skip
SPEECH = _table(verbatim=("verbatim", "逐字"), paraphrase=("paraphrase", "转述"), recalled=("recalled", "追记"))
CERTAINTY = _table(sure=("sure", "确定"), likely=("fairly sure", "较有把握"), unsure=("not sure", "不确定"))
SENSITIVITY = _table(normal=("normal", "普通"), restricted=("restricted", "限制"), embargo=("embargo", "暂不公开"))
CONSENT_STATES = _table(
    pending=("not asked yet", "尚未征询"), granted=("agreed", "已同意"), declined=("declined", "已拒绝"),
    partly_withdrawn=("partly withdrawn", "部分撤回"), withdrawn=("withdrawn", "已撤回"),
    lapsed=("lapsed", "已失效"),
)  # fmt: skip
CONSENT_SCOPES = _table(
    notes=("notes", "笔记"), quote=("quotes", "引语"), audio=("sound", "录音"), photo=("photos", "照片"),
    share=("sharing", "共享"), abroad=("leaving the country", "出境"),
)  # fmt: skip
CONSENT_ANSWERS = _table(yes=("yes", "同意"), no=("no", "不同意"), ask=("to ask", "待征询"))
CONSENT_ACTIONS = _table(
    asked=("Informed, not yet agreed", "已告知（未表态）"),
    given=("Agreed", "同意"), declined=("Declined", "拒绝"),
    narrowed=("Narrowed", "收窄"), widened=("Widened", "放宽"), noted=("Noted how", "注明方式"),
    corrected=("Corrected: written by mistake", "更正：此前误记"), withdrawn=("Withdrawn", "撤回"),
)  # fmt: skip
CONSENT_MODES = _table(
    told=("Informed, not yet agreed", "已告知（未表态）"), oral_noted=("Agreed verbally", "口头同意"),
    oral_recorded=("Agreed, recorded", "口头同意（有录音）"), written=("Agreed in writing", "书面同意"),
    guardian=("Guardian agreed", "监护人同意"), guardian_written=("Guardian agreed in writing", "监护人书面同意"),
)  # fmt: skip
CONSENT_LETTERS = _table(
    notes=("N", "记"), quote=("Q", "引"), audio=("S", "音"), photo=("P", "照"), share=("Sh", "享")
)
"""A scope where there is room for a letter alone."""
TAKE_RESULTS = _table(
    OK=("OK", "OK"), NG=("NG", "NG"), hold=("hold", "备用"), circled=("circled", "圈选"),
    false_start=("false start", "作废"),
)  # fmt: skip
MAY_RECORD = _table(
    none=("nothing", "都不记"), notes=("notes", "笔记"), audio=("sound", "录音"), photo=("photo", "照片")
)
VERDICTS = _table(
    ok=("whole", "完好"), empty=("empty", "空"), truncated=("cut off", "不完整"), repaired=("repaired", "已修复"),
    unplayable=("can't be played", "无法播放"), not_what_it_says=("not what its name says", "内容与名称不符"),
    too_large=("too large to show", "太大，无法显示"), undecodable=("can't be shown", "无法显示"),
    duplicate=("here twice", "重复"), renamed=("renamed", "已改名"),
)  # fmt: skip
FAULTY = frozenset(VERDICTS) - {"ok", "duplicate", "renamed"}
"""The verdicts that say that a file is not as it should be."""
