"""The people of a study: who they are called here, what they do, and what they agreed to.

No real name is ever asked for or kept. Who is not known yet is described; who declined is *someone*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from fieldlog.model.called import Called
from fieldlog.model.departments import group_of
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.fold import ALIAS, base_of
from fieldlog.model.imported import created
from fieldlog.model.op import Op
from fieldlog.model.records import StoredPerson
from fieldlog.model.register import Person, consent_of, numbered, someone_id
from fieldlog.model.sentence import Sentence, joined
from fieldlog.model.vocabulary import CONSENT_ANSWERS, CONSENT_SCOPES
from fieldlog.services.register.lookup import lookup
from fieldlog.services.study.done import Done
from fieldlog.services.study.workspace import Workspace

ANSWERS: Mapping[str, tuple[str, str | None]] = {
    "not-asked": ("pending", None),
    "told": ("pending", "told"),
    "by-word": ("granted", "oral-noted"),
    "in-writing": ("granted", "written"),
    "declined": ("declined", None),
}
"""What was said when someone was asked, to the consent's state and mode."""

PSEUDONYMS = (
    ("An", "安"), ("Bo", "博"), ("Chen", "辰"), ("Dong", "冬"), ("Fan", "帆"), ("Guo", "果"), ("Hai", "海"),
    ("Jing", "静"), ("Kai", "凯"), ("Lin", "林"), ("Mei", "梅"), ("Ning", "宁"), ("Ping", "平"), ("Qing", "青"),
    ("Rong", "荣"), ("Shan", "山"), ("Tao", "涛"), ("Wen", "文"), ("Xia", "夏"), ("Yun", "云"), ("Zhen", "真"),
)  # fmt: skip

ROLES = (
    ("Producer", "制片人"), ("Director", "导演"), ("Assistant director", "副导演"), ("Writer", "编剧"),
    ("Cinematography", "摄影"), ("Sound", "录音"), ("Lighting", "灯光"), ("Art", "美术"),
    ("Make-up and costume", "化妆服装"), ("Actor", "演员"), ("Script supervisor", "场记"), ("Editor", "剪辑"),
    ("Production", "制片组"), ("Data", "数据运营"), ("Platform", "平台方"),
)  # fmt: skip
"""What people on a set do, in both scripts; anything else is typed."""

SOMEONE = ("someone", "某人")


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """A person as lists show them. `scopes` has an answer (yes, no, ask) for every scope, read strictly.

    `pseudonym` and `role` are "" only where neither script says one; for someone `unknown` the pseudonym is a
    description. `group` is that of the department, or "". `declined` people, and those who withdrew, are struck
    through, and *someone* is offered.
    """

    id: str
    code: str
    pseudonym: str
    pseudonym_zh: str
    role: str
    role_zh: str
    state: str
    mode: str = ""
    since: str = ""
    dept: str = ""
    group: str = ""
    declined: bool = False
    minor: bool = False
    unknown: bool = False
    scopes: Mapping[str, str] = field(default_factory=dict)

    def named(self, *, chinese: bool) -> str:
        """How a reader of this script calls them: "P08 Lei"."""
        name = (self.pseudonym_zh or self.pseudonym) if chinese else (self.pseudonym or self.pseudonym_zh)
        return f"{self.code} {name}".strip()


def people(work: Workspace) -> list[PersonRow]:
    """Everyone in the register, by code, numbers in their order, those not known yet at the end.

    Who was joined to another is that other; *someone* is nobody.
    """
    kept = work.lookups.get("everyone")
    stand = [work.store.versions.get(table, 0) for table in ("people", "study")]
    if kept is None or kept[0] != stand:
        nobody, state, groups = someone_id(work.store.project), work.store.state, work.store.state.about.groups
        real = (one for one in state.each(StoredPerson) if state.real(one.id) == one.id != nobody)
        ordered = sorted(
            (person_row(one, groups) for one in real), key=lambda row: (row.unknown, *numbered(row.code), row.id)
        )
        kept = work.lookups["everyone"] = (stand, ordered)
    return list(kept[1])


def people_found(work: Workspace, typed: str) -> list[PersonRow]:
    """Those whom what was typed may mean, the likeliest first; everybody where nothing is typed."""
    everyone = people(work)
    if not typed.strip():
        return everyone
    by_id = {row.id: row for row in everyone}
    found = lookup(work, "people").find(typed, len(everyone) or 1)
    return [by_id[one.id] for one in found if one.id in by_id]


def person(work: Workspace, code: str) -> PersonRow | None:
    """The person of this code or id; of two with one code the first. None where there is none.

    The code of who was joined to another leads to that other.
    """
    everyone, state = people(work), work.store.state
    joined = [one for one in state.each(StoredPerson) if one.code == code and one.joined_to]
    names = {code, *(state.real(one.id) for one in joined)}
    return next((row for row in everyone if not names.isdisjoint((row.code, row.id))), None)


def called(work: Workspace, code: str) -> Called:
    """What the person of this code or id is called in each script: "P08 Lei"; "" where there is none."""
    row = person(work, code)
    return Called(row.named(chinese=False), row.named(chinese=True)) if row else Called("", "")


def next_code(work: Workspace, letter: str = "P") -> str:
    """The next code of a letter: the number after the highest ever given, also to those removed."""
    codes = (numbered(person.code) for person in work.store.state.every(StoredPerson))
    numbers = [number for kind, number in codes if kind == letter]
    return f"{letter}{max(numbers, default=0) + 1:0{2 if letter == 'P' else 1}d}"


def proposed_pseudonyms(work: Workspace) -> Iterator[tuple[str, str]]:
    """Names nobody here bears yet, in both scripts: short ones first, then such as 小安 and 安博."""
    taken = {name for one in work.store.state.each(StoredPerson) for name in (one.pseudonym, one.pseudonym_zh)}
    before = (("Xiao ", "小"), ("Lao ", "老"), ("A-", "阿"), *PSEUDONYMS)
    pairs = ((one + two.lower(), first + second) for (one, first), (two, second) in product(before, PSEUDONYMS))
    for pair in (*PSEUDONYMS, *pairs):
        if not taken & set(pair):
            yield pair


def proposed_pseudonym(work: Workspace) -> tuple[str, str]:
    """The first name nobody here bears yet, in both scripts; empty where all are taken."""
    return next(proposed_pseudonyms(work), ("", ""))


def in_both_scripts(role: str) -> tuple[str | None, str | None]:
    """A role as it was said, in English and in Chinese: the other from the list, or unsaid."""
    plain = role.strip()
    for pair in ROLES:
        if plain.casefold() in (pair[0].casefold(), pair[1]):
            return pair
    return (None, plain) if has_han(plain) else (plain or None, None)


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return any("\u3400" <= sign <= "\u9fff" or "\U00020000" <= sign <= "\U0003ffff" for sign in text)


def preset(answer: str) -> dict[str, str]:
    """What an answer says of every scope. Someone who agreed has agreed to notes; all else is still to ask."""
    state = ANSWERS[answer][0]
    usual = "no" if state == "declined" else "ask"
    return dict.fromkeys(CONSENT_SCOPES, usual) | ({"notes": "yes"} if state == "granted" else {})


async def quick_add(
    work: Workspace, *, pseudonym: str, pseudonym_zh: str = "", role: str = "", answer: str = "not-asked",
    scopes: Mapping[str, str] | None = None, minor: bool = False,
) -> Done[Person]:  # fmt: skip
    """Add a person under the next code. `scopes` are what they said beyond what the answer presets.

    Raises `NotUnderstood` for no pseudonym, one somebody bears, an unknown answer, or a yes of someone who
    has not agreed to anything.
    """
    if answer not in ANSWERS:
        raise NotUnderstood(
            Sentence("Consent is one of {known}; {answer} is none.", known=", ".join(ANSWERS), answer=answer)
        )
    names = checked_names(work, pseudonym, pseudonym_zh)
    state, mode = ANSWERS[answer]
    said = preset(answer) | dict(scopes or {})
    if not said.keys() <= set(CONSENT_SCOPES) or not set(said.values()) <= set(CONSENT_ANSWERS):
        raise NotUnderstood("Each of these is agreed to, not agreed to, or to be asked.")
    if state != "granted" and "yes" in said.values():
        raise NotUnderstood("Say first how they agreed: verbally or in writing.")
    consent: dict[str, Any] = {"state": state, "since": work.machine.clock().text()[:10]}
    consent["scopes"] = {scope: answer for scope, answer in said.items() if answer != "ask"}
    if mode:
        consent["mode"] = mode
    role_en, role_zh = in_both_scripts(role)
    made = Person(
        id=work.machine.new_id(), code=next_code(work), pseudonym=names[0], pseudonym_zh=names[1] or None,
        role=role_en, role_zh=role_zh, consent=consent, minor=minor,
    )  # fmt: skip
    return await _added(work, made)


async def add_unknown(work: Workspace, description: str) -> Done[Person]:
    """Add someone who is only described, as U1, U2 …; they are asked nothing, so nothing is agreed.

    Raises `NotUnderstood` where nothing is described.
    """
    plain = " ".join(description.split())
    if not plain:
        raise NotUnderstood("Say what they look like: a cap, a coat, where they stand.")
    made = Person(
        id=work.machine.new_id(), code=next_code(work, "U"), unknown=True, pseudonym=plain,
        consent={"state": "pending"},
    )  # fmt: skip
    return await _added(work, made)


async def _added(work: Workspace, made: Person) -> Done[Person]:
    return await work.done([work.op(made)], Sentence("{name} is in the register", name=made.code), made)


async def merge(work: Workspace, unknown: str, into: str) -> Done[None]:
    """Say who someone unknown is (ids): every entry that named the one shows the other.

    Raises `NotFound`, and `NotUnderstood` for two of whom neither is unknown.
    """
    one, other = stored_person(work, unknown), stored_person(work, work.store.state.real(into))
    if not one.unknown or one.id == other.id:
        raise NotUnderstood("Only an unidentified person can be joined to a person of the register.")
    said = Sentence("{one} is {other} now.", one=one.code, other=called(work, other.id))
    await work.save([_alias(work, one, other.id)])
    return Done(made=None, said=said, back=lambda: _part(work, unknown))


async def _part(work: Workspace, unknown: str) -> None:
    await work.save([_alias(work, stored_person(work, unknown), None)])


async def rename(
    work: Workspace, person: str, *, pseudonym: str, pseudonym_zh: str, role: str, role_zh: str,
    dept: str | None = None,
) -> Done[None]:  # fmt: skip
    """Call a person otherwise; `dept` None stays. Raises `NotFound`, and `NotUnderstood` as `quick_add` does."""
    stored = stored_person(work, person)
    one, two = checked_names(work, pseudonym, pseudonym_zh, but=person)
    said = {"pseudonym": one, "pseudonym_zh": two, "role": role.strip(), "role_zh": role_zh.strip()}
    if dept is not None:
        said["dept"] = dept.strip()
    return await work.set(stored, {name: value or None for name, value in said.items()}, Sentence("Changed."))


async def set_minor(work: Workspace, person: str, minor: bool) -> Done[None]:
    """Say that a person is not of age, or is. Whoever stands for a minor is never named. Raises `NotFound`."""
    age = Sentence("under 18") if minor else Sentence("18 or older")
    return await work.set(stored_person(work, person), {"minor": minor or None}, joined(called(work, person), age))


async def someone(work: Workspace) -> str:
    """The id of *someone*, who may be anybody: made when first needed, the same on every device."""
    nobody = someone_id(work.store.project)
    if work.store.state.raw(nobody) is None:
        made = Person(id=nobody, code="P00", pseudonym=SOMEONE[0], pseudonym_zh=SOMEONE[1])
        await work.save([created(made, 0)])
    return nobody


def checked_names(work: Workspace, pseudonym: str, pseudonym_zh: str, *, but: str = "") -> tuple[str, str]:
    """Two names, the first never empty, that nobody else bears. Raises `NotUnderstood`."""
    one, two = pseudonym.strip(), pseudonym_zh.strip()
    if not one and not two:
        raise NotUnderstood("A person needs a pseudonym; the real name has no place here.")
    for there in work.store.state.each(StoredPerson):
        if there.id != but and ({one, two} - {""}) & {there.pseudonym, there.pseudonym_zh}:
            raise NotUnderstood("Somebody here is called that already; choose another pseudonym.")
    return one or two, two


def person_row(one: StoredPerson, groups: Mapping[str, str]) -> PersonRow:
    consent, pseudonym_zh = consent_of(one.doc), one.pseudonym_zh or ""
    role, role_zh = one.role or "", one.role_zh or ""
    return PersonRow(
        id=one.id, code=one.code, pseudonym=one.pseudonym or pseudonym_zh, pseudonym_zh=pseudonym_zh,
        role=role or role_zh, role_zh=role_zh or role, state=consent["state"], mode=consent.get("mode") or "",
        since=consent.get("since") or "", dept=one.dept or "", group=group_of(one.dept, groups),
        scopes=consent["scopes"], declined=consent["state"] in ("declined", "withdrawn"), minor=one.minor,
        unknown=one.unknown,
    )  # fmt: skip


def stored_person(work: Workspace, person: str) -> StoredPerson:
    """The person of an id, hidden ones too. Raises `NotFound`."""
    return work.store.state.find(StoredPerson, person, removed=True)


def _alias(work: Workspace, one: StoredPerson, into: str | None) -> Op:
    return work.change("alias", "person", one.id, {ALIAS: into}, base_of(one.doc, [ALIAS]))
