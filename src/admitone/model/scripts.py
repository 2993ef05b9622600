"""This file knows letters: which script they belong to, which cannot be seen, and which look alike."""

import re
import unicodedata
from typing import Final

# Characters that show nothing although Unicode counts them as letters, marks or symbols.
_FILLERS: Final = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F),  # combining grapheme joiner
        (0x115F, 0x1160),  # Hangul fillers
        (0x17B4, 0x17B5),  # Khmer inherent vowels
        (0x180B, 0x180F),  # Mongolian variation selectors
        (0x2800, 0x2800),  # Braille without dots
        (0x3164, 0x3164),  # Hangul filler
        (0xFE00, 0xFE0F),  # variation selectors
        (0xFFA0, 0xFFA0),  # half-width Hangul filler
        (0xE0100, 0xE01EF),  # more variation selectors
    )
    for code in range(first, last + 1)
)

# Nothing but spaces, controls, Braille without dots, and what Unicode says is to be ignored where it cannot be shown
# (Default_Ignorable_Code_Point, with what is kept free for more of them): no new Unicode alters these.
_UNSEEN: Final = re.compile(
    r"[\s\0-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]*"
)

# Scripts that one word is ordinarily written in together.
_WRITTEN_TOGETHER: Final = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"CJK", "HANGUL"}),
    frozenset({"CJK", "BOPOMOFO"}),
)

# Capitals whose small letter looks like something else: they are told apart before case is folded.
_CAPITALS: Final = str.maketrans(
    {"\u0397": "h", "\u039c": "m", "\u039d": "n", "\u03a5": "y", "\u0412": "b", "\u041d": "h"}
)

# What passes for a Latin letter or a digit, decomposed and case-folded: Cyrillic, Greek, Armenian, other Latin.
_LOOKALIKES: Final = {
    "a": "\u0430\u03b1\u0251",
    "ae": "\u00e6\u04d5",
    "b": "\u0432\u044c\u03b2\u0185",
    "c": "\u0441",
    "d": "\u0501\u0111",
    "e": "\u0435\u03b5\u04bd",
    "g": "\u0261\u050d\u0581",
    "h": "\u043d\u04bb\u0570\u0127",
    "j": "\u0458\u03f3",
    "k": "\u043a\u03ba",
    "l": "i1|\u0131\u0142\u01c0\u0456\u04cf\u03b9",
    "m": "\u043c",
    "n": "\u043f\u03b7\u0578",
    "o": "0\u00f8\u043e\u03bf\u03c3\u0585",
    "oe": "\u0153",
    "p": "\u0440\u03c1",
    "q": "\u051b\u0566",
    "r": "\u0433",
    "s": "5\u0455",
    "t": "\u0442\u03c4\u0167",
    "u": "\u03c5\u03bc\u057d",
    "v": "\u0475\u03bd",
    "w": "\u051d\u03c9\u0561",
    "x": "\u0445\u03c7",
    "y": "\u0443\u04af\u03b3",
    "z": "\u03b6",
    "3": "\u0437\u04e1",
    "6": "\u0431",
}
_LOOKS_LIKE: Final = str.maketrans({char: latin for latin, chars in _LOOKALIKES.items() for char in chars})
# The letters among them that no font tells from the Latin one: small Cyrillic and Greek, then capital.
_TWINS: Final = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u0501\u04bb\u051b\u051d\u04cf\u03bf\u03bd"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0405\u0408\u0423"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "aeopcyxisjdhqwlovABEKMHOPCTXISJYABEZHIKMNOPTYX",
)


def is_blank(char: str) -> bool:
    """Tell whether a character shows nothing: controls, direction marks, zero widths, fillers. A space is not blank."""
    return char in _FILLERS or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def is_unseen(text: str) -> bool:
    """Tell whether a whole text shows nothing: it is empty, or of spaces and characters that are drawn nowhere.

    Unlike `is_blank` the same for every interpreter: what is of a later Unicode than it knows is taken to be seen.
    """
    return _UNSEEN.fullmatch(text) is not None


def is_one_script(text: str) -> bool:
    """Tell whether the letters of one word are all of one script, or of scripts that are written together."""
    scripts = {_script(char) for char in text if unicodedata.category(char)[0] == "L"} - {""}
    return len(scripts) <= 1 or any(scripts <= together for together in _WRITTEN_TOGETHER)


def is_everyday(text: str) -> bool:
    """Tell whether a text does without the phonetic letters, which pass for Latin ones while being Latin themselves."""
    return not any(0x0250 <= ord(char) <= 0x02FF for char in text)


def skeleton(text: str) -> str:
    """Return what a text looks like at a glance: texts with equal skeletons can be taken for each other.

    Case, accents, spaces and punctuation are dropped, look-alikes are made one. For comparing, never for showing.
    """
    plain = unicodedata.normalize("NFKD", text).translate(_CAPITALS).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_LOOKS_LIKE)
    seen = "".join(char for char in plain if unicodedata.category(char)[0] not in "CMPZ" and not is_blank(char))
    return seen.replace("rn", "m").replace("vv", "w")


def passes_for_latin(text: str) -> bool:
    """Tell whether a text in another script can be taken, as a whole, for one in plain Latin letters."""
    return not text.isascii() and skeleton(text).isascii() and not any(_script(char) == "LATIN" for char in text)


def latin_twin(text: str) -> str | None:
    """Return the Latin text that looks exactly like one in another script, or None if there is none."""
    twin = text.translate(_TWINS)
    return twin if twin.isascii() and not any(char.isascii() and char.isalpha() for char in text) else None


def _script(char: str) -> str:
    """Return a letter's script by the first word of its name, or nothing where several scripts use it."""
    first = unicodedata.name(char, "").partition(" ")[0]
    return {"IDEOGRAPHIC": "CJK", "KATAKANA-HIRAGANA": ""}.get(first, first)
