"""Makes the words of every language from what stands in the source.

    python3 build/words.py            writes each fieldlog.mo from its fieldlog.po
    python3 build/words.py --missing  prints what the source says and a .po has not, ready to be filled in

A word is visible where the source calls `_`, `words`, `later`, `gettext`, `Sentence`, `many`, `ngettext` or
`Counted` with it, or raises a refusal with it.
"""

from __future__ import annotations

import argparse
import ast
import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "fieldlog"
LOCALE = SOURCE / "ui" / "words" / "locale"
ONE, MANY = {"_", "words", "later", "gettext", "Sentence", "sentence"}, {"many", "ngettext", "Counted"}
REFUSALS = {
    *("Cancelled", "DamagedLine", "FieldLogError", "NoTime", "NoYear", "NotFound", "NotSaved", "NotUnderstood"),
    *("TooLarge", "TwoReadings", "WrongPlace"),
    *("LoginRefused", "NoHubThere", "NotPaired", "NotThere", "OpenAnew", "TargetRefused", "Unreachable"),
}
"""What is raised with a sentence of its own."""
Word = tuple[str, str]
"""Singular and plural; the plural is "" where there is none."""


def spoken(source: Path = SOURCE) -> dict[Word, str]:
    """Every visible word of the source, and a place where it stands."""
    found: dict[Word, str] = {}
    for file in sorted(source.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for word in said(node):
                found.setdefault(word, f"{file.relative_to(source)}:{getattr(node, 'lineno', 0)}")
    return found


def said(node: ast.AST) -> Iterator[Word]:
    if not isinstance(node, ast.Call) or not node.args:
        return
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if name in ONE | REFUSALS and texts and texts[0] and isinstance(node.args[0], ast.Constant):
        yield texts[0], ""
    elif name in MANY and len(texts) >= 2:
        yield texts[0], texts[1]


def translated(po: Path) -> dict[Word, list[str]]:
    """What a .po says: each word's forms. The head stands under ("", "")."""
    found: dict[Word, list[str]] = {}
    for entry in re.split(r"\n\s*\n", po.read_text(encoding="utf-8")):
        parts: dict[str, str] = {}
        name = ""
        for line in entry.splitlines():
            begun = re.match(r'(msgid_plural|msgid|msgstr(?:\[\d\])?)\s+(".*")\s*$', line)
            if begun:
                name = begun[1]
                parts[name] = ast.literal_eval(begun[2])
            elif line.startswith('"') and name:
                parts[name] += ast.literal_eval(line)
        forms = [parts[key] for key in sorted(parts) if key.startswith("msgstr")]
        if "msgid" in parts and any(forms):
            found[parts["msgid"], parts.get("msgid_plural", "")] = forms
    return found


def compiled(words: Mapping[Word, list[str]]) -> bytes:
    """The .mo of what a .po says: GNU's format, little-endian, without a hash table."""
    keys = {
        (one + ("\0" + more if more else "")).encode(): "\0".join(forms).encode()
        for (one, more), forms in words.items()
    }
    ordered = sorted(keys)
    at, pool, tables = 28 + 16 * len(ordered), b"", list[tuple[int, int]]()
    for text in [*ordered, *(keys[key] for key in ordered)]:
        tables.append((len(text), at + len(pool)))
        pool += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(ordered), 28, 28 + 8 * len(ordered), 0, 28 + 16 * len(ordered))
    return head + b"".join(struct.pack("<2I", *one) for one in tables) + pool


def missing(po: Path) -> dict[Word, str]:
    """Words of the source a .po has not."""
    there = translated(po)
    return {word: place for word, place in spoken().items() if word not in there}


def main() -> None:
    reader = argparse.ArgumentParser(description="Makes the words of every language.")
    reader.add_argument("--missing", action="store_true", help="print what is not translated yet")
    asked = reader.parse_args()
    for po in sorted(LOCALE.glob("*/LC_MESSAGES/fieldlog.po")):
        if asked.missing:
            for (one, more), place in missing(po).items():
                plural = f'msgid_plural {quoted(more)}\nmsgstr[0] ""\n' if more else 'msgstr ""\n'
                print(f"#: {place}\nmsgid {quoted(one)}\n{plural}")
        else:
            po.with_suffix(".mo").write_bytes(compiled(translated(po)))


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


if __name__ == "__main__":
    main()
