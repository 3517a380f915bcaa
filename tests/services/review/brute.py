"""A study of random entries, random queries over it, and what a look at every field of each entry finds.

Nothing here is asked of what is tested: texts are made normal, hours counted and codes followed once more.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from fieldlog.model.ids import uuid7
from fieldlog.model.op import Op
from fieldlog.store import search_han

Doc = dict[str, Any]

SAID = [
    "完播率掉了三个点", "卡点在第三秒", "開拍前，場記把標籤貼好", "开拍前，场记把标签贴好", "台阶",
    "她把手机扣在桌上", "臺階", "天乾物燥", "幹活", "Rain on the tarpaulin", "the ROI:0.97 is read out",
    "Take 3, once more", "Cafe\u0301 Nai\u0308ve", "ＦＵＬＬ　ｗｉｄｔｈ １２", "ｶﾞｰﾄﾞ", "wait… what",
    "the ﬁlm ½", "Straße", "12:08 (笑)", "34-2到34-3：", "“好”",
    "🦐🦐", "x OR y", "-5 °C", "paywall", "labour", "雷导", "P07", "a", "的",
]  # fmt: skip
PEOPLE = [("Lei", "雷导"), ("Bao", "宝姐"), ("Gong", "龔師傅"), ("Mo", "墨"), ("Yun", "云"), ("Café", "咖啡")]
PLACES = [("Script room", "編劇室"), ("Villa A", "别墅"), ("Canteen", "食堂")]
CODES = [
    ("labour", "work", "劳动"), ("labour.night", "night work", "夜班"), ("labourer", "worker", "工人"),
    ("labour.night.meal", "second meal", "夜宵"), ("metrics.paywall", "paywall point", "付费卡点"),
    ("time", "time", "时间"),
]  # fmt: skip
NAMES = (
    "code", "title", "pseudonym", "pseudonym_zh", "role", "role_zh", "name", "name_zh", "label", "label_zh",
    "caption",
)  # fmt: skip
DATES = [f"2025-03-{day:02d}" for day in range(3, 11)]
TYPES, KINDS = ["ON", "TN", "MN", "PN", "none"], ["jotting", "fieldnote", "quote", "voice", "photo", "memo"]
SPEECH, SURE = [None, "verbatim", "paraphrase", "recalled"], [None, "sure", "likely", "unsure"]
STAGES, DEVICES = ["raw", "raw", "expanded", "reviewed"], ["d-phone", "d-laptop"]
CHINESE = {
    "day": "日", "time": "时间", "person": "人", "scene": "场", "place": "地", "session": "时段", "type": "类",
    "kind": "种类", "code": "码", "said": "引述", "sure": "把握", "device": "设备", "late": "补记", "is": "状态",
    "has": "附有", "in": "范围",
}  # fmt: skip


def identity(n: int) -> str:
    return uuid7(1_740_000_000_000 + n, b"brute-----")


@cache
def table() -> dict[str, str]:
    text = (Path(search_han.__file__).parent / "opencc" / "TSCharacters.txt").read_text("utf-8")
    return {line[0]: line.split("\t")[1][0] for line in text.splitlines()}


def folded(text: str, fold: bool) -> str:
    """NFKC, casefold, NFKC; with `fold` character by character to simplified, and on."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if fold:
        for _ in range(3):
            text = "".join(table().get(sign, sign) for sign in text)
    return text


@dataclass
class Records:
    """What the study holds, as it was made: each a document with its `id`."""

    kinds: dict[str, list[Doc]] = field(default_factory=dict)

    def one(self, record: str) -> Doc:
        return next(doc for docs in self.kinds.values() for doc in docs if doc["id"] == record)


def made(rng: Random, entries: int) -> Records:
    """A study with something of everything that a filter asks about."""
    numbers = iter(range(1, 10**6))

    def record(**said: Any) -> Doc:
        return {"id": identity(next(numbers)), **{name: one for name, one in said.items() if one is not None}}

    people = [
        record(code=f"P{n:02d}", pseudonym=en, pseudonym_zh=zh, role="gaffer" if n % 2 else "script")
        for n, (en, zh) in enumerate(PEOPLE, 2)
    ]
    places = [record(code=f"L{n:02d}", name=en, name_zh=zh) for n, (en, zh) in enumerate(PLACES, 1)]
    codes = [record(code=code, label=label, label_zh=zh) for code, label, zh in CODES]
    codes.append(record(code="overtime", label="overtime", parent=codes[0]["id"]))
    scenes = [record(code=code) for code in ("34-1", "34-2", "34-10", "3-42", "35-1")]
    sessions = [record(title=title, starts=f"2025-03-{n:02d}T09:00:00+00:00", type="meeting")
                for n, title in enumerate(("Table read", "开机 opening", "Night shoot"), 3)]  # fmt: skip
    files = [record(kind=kind, name=f"file-{n}.bin", caption=rng.choice([None, "the umbrella", "場記板", "卡"]))
             for n, kind in enumerate(rng.choices(["photo", "audio", "document"], k=entries // 5))]  # fmt: skip
    days = [record(date=date, n=n, code=f"PD{n:02d}") for n, date in enumerate(DATES, 1)]
    world = Records({"person": people, "place": places, "code": codes, "scene": scenes, "session": sessions,
                     "attachment": files, "day": days})  # fmt: skip

    def some(docs: list[Doc], most: int) -> list[str]:
        return [doc["id"] for doc in rng.sample(docs, rng.randint(0, most))]

    def entry(n: int) -> Doc:
        date = rng.choice(DATES[:-1])
        at = datetime.fromisoformat(date).replace(tzinfo=UTC) + timedelta(minutes=rng.randint(6 * 60, 40 * 60))
        later = rng.choice([0, 0, 1, 29, 30, 90, 119, 120, 600, 1440])
        return record(
            text=rng.choice(["", " ", "\n"]).join(rng.choices(SAID, k=rng.randint(0, 5))), day_choice=date,
            occurred_at=at.isoformat(), created_at=(at + timedelta(minutes=later)).isoformat(),
            precision=rng.choice(["exact", "minute", "day"]), note_type=rng.choice(TYPES),
            kind=rng.choice(KINDS), stage=rng.choice(STAGES), speech=rng.choice(SPEECH),
            certainty=rng.choice(SURE), device=rng.choice(DEVICES), starred=rng.random() < 0.2,
            occurred={"suspect": True} if rng.random() < 0.2 else {}, people=some(people, 3), codes=some(codes, 2),
            place=rng.choice([None, *(doc["id"] for doc in places)]), attachments=some(files, 1),
            scene=rng.choice([None, *(doc["id"] for doc in scenes)]), source_id=rng.choice([None, f"N-{n}卡"]),
            session=rng.choice([None, *(doc["id"] for doc in sessions)]),
        )  # fmt: skip

    notes = world.kinds["entry"] = [entry(n) for n in range(entries)]
    world.kinds["link"] = [
        record(source=source["id"], target=target["id"], rel=rng.choice(["expands", "about"]))
        for source, target in (rng.sample(notes, 2) for _ in range(entries // 8))
    ]
    return world


def operations(world: Records) -> list[Op]:
    """What makes the study; the second person is the first one, known by another name, too."""
    made = [
        Op(u=f"u{doc['id']}", t=f"{n:016x}w", r=kind, e=doc["id"], k="new",
           v={name: one for name, one in doc.items() if name != "id"})
        for n, (kind, doc) in enumerate((kind, doc) for kind, docs in world.kinds.items() for doc in docs)
    ]  # fmt: skip
    one, other = (doc["id"] for doc in world.kinds["person"][:2])
    return [*made, Op(u="joined", t=f"{10**6:016x}w", r="person", e=other, k="alias", v={"same_as": one})]


# -- queries: a tree of tuples, how it is written, and what it means


Tree = tuple[Any, ...]


def a_tree(rng: Random, world: Records, depth: int = 2) -> Tree:
    """all|any|not of parts, ("word", text), or ("filter", key, values); a value is a text or a pair."""
    roll = rng.random()
    if depth and roll < 0.5:
        parts = tuple(a_tree(rng, world, depth - 1) for _ in range(rng.randint(1, 3)))
        return (rng.choice(["all", "all", "any"]), parts, rng.choice(["", "", "", "text", "names"]))
    if depth and roll < 0.65:
        return ("not", a_tree(rng, world, depth - 1))
    if roll < 0.85:
        return ("word", a_word(rng, world))
    key = rng.choice([key for key in CHINESE if key != "in"])
    return ("filter", key, tuple(a_value(rng, key) for _ in range(rng.randint(1, 2))))


def a_word(rng: Random, world: Records) -> str:
    """A piece of something that is written in the study, perhaps in another form of the same."""
    kind = rng.choice(["entry", "entry", "entry", "person", "place", "code", "attachment"])
    texts = [str(one) for name, one in rng.choice(world.kinds[kind]).items() if name in NAMES or name == "text"]
    text = rng.choice(texts) if texts else "x"
    start = rng.randrange(len(text)) if text else 0
    piece = text[start : start + rng.choice([1, 1, 2, 2, 3, 4, 8])].replace("\n", " ")
    form = rng.choice(["", "", "NFD", "NFKD", "wide", "upper", "other"])
    if form == "NFD":
        piece = unicodedata.normalize("NFD", piece)
    elif form == "NFKD":
        piece = unicodedata.normalize("NFKD", piece)
    elif form == "wide":
        piece = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in piece)
    elif form == "upper":
        piece = piece.upper()
    elif form == "other":
        piece = "".join(table().get(sign, sign) for sign in piece)
    return piece if piece.strip() else "nothing-there"


VALUES: dict[str, list[Any]] = {
    "day": ["PD03", "pd4", "5", "2025-03-04", "last", "PD99", ("PD02", "PD04"), ("", "PD03"), ("2025-03-05", ""),
            ("PD03", "2025-04-01")],
    "time": ["22", "12:08", ("22:00", "27:30"), ("", "12"), ("30", ""), "99:99"],
    "person": ["P02", "p3", "P04", "lei", "雷导", "宝姐", "龔師傅", "龚师傅", "CAFÉ", "P*", "咖", "nobody"],
    "scene": ["34-1", "34-*", "341", "3-42", "99-9"],
    "place": ["L01", "l2", "script", "食堂", "编剧室", "*a*", "moon"],
    "session": ["Table read", "table", "*o*", "开机 opening", "none there"],
    "type": ["ON", "tn", "Method", "私记", "none", "观察", "XX"],
    "kind": ["jotting", "Voice memo", "照片", "quote", "zzz"],
    "code": ["labour", "Labour.Night", "labour.*", "paywall point", "劳动", "time", "lab", "overtime"],
    "said": ["verbatim", "转述", "recalled", "x"], "sure": ["sure", "not sure", "较有把握", "x"],
    "device": ["d-phone", "Laptop", "here", "toaster"],
    "late": ["2h", "30m", "1.5小时", "1d", ("30m", "2h"), ("", "1m"), "soon"],
    "is": ["raw", "left", "written-up", "doubtful", "private", "starred", "已扩写", "absent", "x"],
    "has": ["photo", "sound", "paper", "link", "照片", "transcript", "x"],
}  # fmt: skip


def a_value(rng: Random, key: str) -> Any:
    return rng.choice(VALUES[key])


def written(rng: Random, tree: Tree, *, alone: bool = True) -> str:
    """A query that says this tree; within another one in brackets where it needs them."""
    match tree:
        case ("word", text):
            return _word(rng, text)
        case ("filter", key, values):
            any_of = rng.choice([",", "，", "|", "｜"]).join(_value(rng, one) for one in values)
            return f"{rng.choice([key, key.upper(), CHINESE[key]])}{rng.choice(':：')}{any_of}"
        case ("not", part):
            inner = written(rng, part, alone=False)
            return f"{rng.choice('-－')}{f'({inner})' if part[0] == 'not' else inner}"
        case (how, parts, scope):
            said = [written(rng, part, alone=False) for part in parts]
            inner = " OR ".join(said) if how == "any" else rng.choice([" ", "  ", "\u3000"]).join(said)
            if scope:
                where = f"{rng.choice(['in', '范围'])}:{scope}"
                inner = f"{where} ({inner})" if rng.random() < 0.5 else f"({inner}) {where}"
            return inner if alone else f"({inner})"
    raise AssertionError(tree)


PLAIN_WORD = frozenset(' :：()\n\u3000"“”「」『』＂-－')


def _word(rng: Random, text: str) -> str:
    if PLAIN_WORD.isdisjoint(text) and not any(map(str.isspace, text)) and text != "OR" and rng.random() < 0.7:
        return text
    return _marked(rng, text)


def _value(rng: Random, value: Any) -> str:
    if isinstance(value, tuple):
        return "..".join(value)
    return _marked(rng, value) if " " in value or rng.random() < 0.2 else str(value)


def _marked(rng: Random, text: str) -> str:
    marks = [both for both in ('""', "“”", "「」", "『』") if both[1] not in text]
    both = rng.choice(marks)
    return f"{both[0]}{text}{both[1]}"


@dataclass
class Brute:
    """What a query means for one entry after another; `here` is the id of the device that asks."""

    world: Records
    fold: bool
    here: str

    def finds(self, tree: Tree) -> set[str]:
        return {doc["id"] for doc in self.world.kinds["entry"] if self.holds(doc, tree, "all")}

    def holds(self, doc: Doc, tree: Tree, scope: str) -> bool:
        match tree:
            case ("word", text):
                return self.word(doc, text, scope)
            case ("filter", key, values):
                return any(self.value(doc, key, one) for one in values)
            case ("not", part):
                return not self.holds(doc, part, scope)
            case (how, parts, where):
                if where and scope not in ("all", where):
                    return False
                return (any if how == "any" else all)(self.holds(doc, part, where or scope) for part in parts)
        raise AssertionError(tree)

    def word(self, doc: Doc, text: str, scope: str) -> bool:
        wanted = folded(text, self.fold)
        fields = [doc["text"]] if scope != "names" else []
        if scope != "text":
            fields += [doc.get("source_id") or "", *self.named(doc)]
        return any(wanted in folded(one, self.fold) for one in fields)

    def named(self, doc: Doc) -> list[str]:
        """Every name of what an entry names."""
        ids = [doc.get("session"), doc.get("place"), doc.get("scene")]
        ids += [*doc["people"], *doc["codes"], *doc["attachments"]]
        one, other = (who["id"] for who in self.world.kinds["person"][:2])
        ids += [one] if other in ids else []
        docs = [self.world.one(record) for record in ids if record]
        return [found[name] for found in docs for name in NAMES if found.get(name)]

    def value(self, doc: Doc, key: str, value: Any) -> bool:
        found = getattr(self, f"is_{key}")(doc, value)
        assert isinstance(found, bool), (key, value)
        return found

    # -- each filter, for one entry

    def is_day(self, doc: Doc, value: Any) -> bool:
        dates = {"last": max(one["day_choice"] for one in self.world.kinds["entry"]), "2025-04-01": "2025-04-01"}
        for day in self.world.kinds["day"]:
            called = (day["date"], day["code"], f"pd{day['n']}", str(day["n"]))
            dates |= dict.fromkeys(called, day["date"])
        if isinstance(value, tuple):
            first, last = value
            date = doc["day_choice"]
            return (not first or dates[first] <= date) and (not last or date <= dates[last])
        return value in dates and doc["day_choice"] == dates[value]

    def is_time(self, doc: Doc, value: Any) -> bool:
        midnight = datetime.fromisoformat(doc["day_choice"]).replace(tzinfo=UTC)
        minutes = (datetime.fromisoformat(doc["occurred_at"]) - midnight) // timedelta(minutes=1)
        spans = {"22": (1320, 1379), "12:08": (728, 728), ("22:00", "27:30"): (1320, 1650), ("", "12"): (0, 720),
                 ("30", ""): (1800, 9999), "99:99": (1, 0)}  # fmt: skip
        first, last = spans[value]
        return doc["precision"] != "day" and first <= minutes <= last

    def _those(self, kind: str, codes: str) -> set[str]:
        return {doc["id"] for doc in self.world.kinds[kind] if doc["code"] in codes.split()}

    def is_person(self, doc: Doc, value: str) -> bool:
        lei, everybody = "P02 P03", "P02 P03 P04 P05 P06 P07"
        means = {
            "P02": lei, "p3": lei, "P04": "P04", "lei": lei, "雷导": lei, "宝姐": lei, "龔師傅": "P04",
            "龚师傅": "P04" if self.fold else "", "CAFÉ": "P07", "P*": everybody, "咖": "P07", "nobody": "",
        }  # fmt: skip
        return not self._those("person", means[value]).isdisjoint(doc["people"])

    def is_scene(self, doc: Doc, value: str) -> bool:
        means = {"34-1": "34-1", "34-*": "34-1 34-2 34-10", "341": "34-1", "3-42": "3-42", "99-9": ""}
        return doc.get("scene") in self._those("scene", means[value])

    def is_place(self, doc: Doc, value: str) -> bool:
        means = {"L01": "L01", "l2": "L02", "script": "L01", "食堂": "L03", "编剧室": "L01" if self.fold else "",
                 "*a*": "L02 L03", "moon": ""}  # fmt: skip
        return doc.get("place") in self._those("place", means[value])

    def is_session(self, doc: Doc, value: str) -> bool:
        means = {"Table read": [0], "table": [0], "*o*": [1, 2], "开机 opening": [1], "none there": []}
        return doc.get("session") in {self.world.kinds["session"][n]["id"] for n in means[value]}

    def is_type(self, doc: Doc, value: str) -> bool:
        means = {"ON": "ON", "tn": "TN", "Method": "MN", "私记": "PN", "none": "none", "观察": "ON", "XX": ""}
        return bool(doc["note_type"] == means[value])

    def is_kind(self, doc: Doc, value: str) -> bool:
        return bool(doc["kind"] == {"Voice memo": "voice", "照片": "photo"}.get(value, value))

    def is_code(self, doc: Doc, value: str) -> bool:
        night = "labour.night labour.night.meal"
        means = {"labour": f"labour overtime {night}", "Labour.Night": night, "labour.*": night,
                 "paywall point": "metrics.paywall", "劳动": f"labour overtime {night}", "time": "time", "lab": "",
                 "overtime": "overtime"}  # fmt: skip
        return not self._those("code", means[value]).isdisjoint(doc["codes"])

    def is_said(self, doc: Doc, value: str) -> bool:
        return bool(doc.get("speech") == {"转述": "paraphrase"}.get(value, value))

    def is_sure(self, doc: Doc, value: str) -> bool:
        return bool(doc.get("certainty") == {"not sure": "unsure", "较有把握": "likely"}.get(value, value))

    def is_device(self, doc: Doc, value: str) -> bool:
        return bool(doc["device"] == {"Laptop": "d-laptop", "here": self.here}.get(value, value))

    def is_late(self, doc: Doc, value: Any) -> bool:
        at, written = (datetime.fromisoformat(doc[name]) for name in ("occurred_at", "created_at"))
        spans = {"2h": (120, 9999), "30m": (30, 9999), "1.5小时": (90, 9999), "1d": (1440, 9999),
                 ("30m", "2h"): (30, 120), ("", "1m"): (0, 1), "soon": (1, 0)}  # fmt: skip
        first, last = spans[value]
        return first <= (written - at) / timedelta(minutes=1) <= last

    def is_is(self, doc: Doc, value: str) -> bool:
        links = self.world.kinds["link"]
        expanded = any(link["target"] == doc["id"] and link["rel"] == "expands" for link in links)
        stands = {"raw": doc["stage"] == "raw" and not expanded, "left": doc["stage"] == "reviewed",
                  "written-up": doc["stage"] == "expanded" or expanded, "doubtful": bool(doc["occurred"]),
                  "private": doc["note_type"] == "PN", "starred": doc["starred"]}  # fmt: skip
        return bool(stands.get({"已扩写": "written-up"}.get(value, value), False))

    def is_has(self, doc: Doc, value: str) -> bool:
        if value == "link":
            return any(doc["id"] in (link["source"], link["target"]) for link in self.world.kinds["link"])
        kind = {"photo": "photo", "照片": "photo", "sound": "audio", "paper": "document"}.get(value)
        return any(self.world.one(file)["kind"] == kind for file in doc["attachments"])
