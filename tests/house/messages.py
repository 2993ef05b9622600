"""Gathers every message that people can read, and keeps the catalogues: `make languages` runs it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from admitone.basics.languages import CATALOGUES, DOMAIN, OTHERS
from tests.house.tree import ROOT

SOURCE = ROOT / "src" / "admitone"
KEYWORDS = {"mark": None, "gettext": None, "_": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.*", "jinja2.ext:babel_extract")]
OPTIONS = {
    "**/templates/**.*": {"trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true", "silent": "false"}
}
# What changes with the day and the tool, not with the words.
PASSING = re.compile(r'^"(?:Project|Report|POT|PO-Rev|Last-T|Language-T|Generated)[\w-]+: .*\n', re.MULTILINE)
# `{app}` in Python, `%(app)s` in templates, and markup: a translation has the same of each, in any order.
KEPT = re.compile(r"\{\w*\}|%\(\w+\)s|%%|</?\w[^>]*>")


def extracted() -> Catalog:
    """Every message in the source, in the order of the alphabet."""
    found = Catalog()
    for _, _, message, comments, _ in extract_from_dir(SOURCE, METHODS, OPTIONS, KEYWORDS, ("Translators:",)):
        found.add(message, auto_comments=comments)
    return found


def place(code: str, kind: str) -> Path:
    """Where the catalogue of a language is, as it is written (`po`) and as it is read by the program (`mo`)."""
    return CATALOGUES / code / "LC_MESSAGES" / f"{DOMAIN}.{kind}"


def catalogue(code: str) -> Catalog:
    """The catalogue of a language, empty if there is none yet."""
    path = place(code, "po")
    return read_po(BytesIO(path.read_bytes()), code) if path.exists() else Catalog(code)


def forms(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A message's texts in English, and its translations: one of each, or as many as there are plurals."""
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    strings = tuple(message.string or ("",)) if not isinstance(message.string, str) else (message.string,)
    return ids, strings


def untranslated(wanted: Iterable[Message], found: Catalog) -> Iterator[str]:
    """The messages that a catalogue says nothing, or nothing certain, about."""
    for message in wanted:
        known = found.get(message.id) if message.id else message
        if message.id and (known is None or known.fuzzy or not all(forms(known)[1])):
            yield f"{forms(message)[0][0]!r} is not translated"


def left_over(wanted: Catalog, found: Catalog) -> Iterator[str]:
    """The messages of a catalogue that the source does not have."""
    yield from (f"{forms(each)[0][0]!r} is said nowhere" for each in found if each.id and wanted.get(each.id) is None)


def mangled(found: Catalog) -> Iterator[str]:
    """The translations that lost a blank or a tag of their message, or have one more."""
    for message in found:
        ids, strings = forms(message)
        if not message.id:
            continue
        allowed = [Counter(KEPT.findall(each)) for each in ids]
        yield from (
            f"{each!r} does not keep what {ids[0]!r} has" for each in strings if each and not _keeps(each, allowed)
        )


def _keeps(text: str, allowed: list[Counter[str]]) -> bool:
    return Counter(KEPT.findall(text)) in allowed


def compiled(found: Catalog) -> dict[str | tuple[str, int], str]:
    """What the program sees of a catalogue."""
    buffer = BytesIO()
    write_mo(buffer, found)
    buffer.seek(0)
    return read(GNUTranslations(buffer))


def read(translations: GNUTranslations) -> dict[str | tuple[str, int], str]:
    """The messages of a compiled catalogue, without its head."""
    everything: dict[str | tuple[str, int], str] = translations._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in everything.items() if key}


def stale(code: str) -> bool:
    """Whether what the program reads is not what is written."""
    path = place(code, "mo")
    if not path.exists():
        return True
    with path.open("rb") as file:
        return read(GNUTranslations(file)) != compiled(catalogue(code))


def keep(code: str, wanted: Catalog) -> Catalog:
    """Bring a catalogue up to what the source has, and compile it."""
    found = catalogue(code)
    found.update(wanted, no_fuzzy_matching=True)
    found.obsolete.clear()
    found.fuzzy = False
    found.header_comment = f"# What people read, in {Locale.parse(code).english_name}."
    text = BytesIO()
    write_po(text, found, width=120, no_location=True, sort_output=True, ignore_obsolete=True)
    path = place(code, "po")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PASSING.sub("", text.getvalue().decode()))
    if stale(code):
        with place(code, "mo").open("wb") as file:
            write_mo(file, found)
    return found


def main() -> None:
    """Bring every catalogue up to date and tell what has to be translated."""
    wanted = extracted()
    for code in OTHERS:
        found = keep(code, wanted)
        for complaint in [*untranslated(wanted, found), *mangled(found)]:
            print(f"{code}: {complaint}")


if __name__ == "__main__":
    main()
