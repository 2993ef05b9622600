"""This file says beside the field what is wrong with what was typed there, and how strong a password was (ux.md §5)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from starlette.responses import Response

from admitone.basics.languages import figure, gettext, mark
from admitone.basics.strength import BEST
from admitone.flows.people import passwords
from admitone.model.faults import Fault, Refused
from admitone.model.passwords import length
from admitone.model.scripts import is_blank
from admitone.pages.forms import Form
from admitone.pages.guard import Visitor
from admitone.pages.words import Notice, say

USERNAME, EMAIL, PASSWORD, CODE, NAME = "username", "email", "password", "code", "name"

# Which field a fault is about, and what is said there; the rest stands above the form.
SAID = {
    Fault.USERNAME_BAD: (USERNAME, mark("Choose another username: use letters, numbers, dots and dashes.")),
    Fault.USERNAME_TAKEN: (USERNAME, mark("Choose another username: this one is taken.")),
    Fault.EMAIL_BAD: (EMAIL, mark("Enter an e-mail address like name@example.com.")),
    Fault.PASSWORD_TOO_SHORT: (PASSWORD, mark("Use at least {minimum} characters: this has {count}.")),
    Fault.PASSWORD_TOO_LONG: (PASSWORD, mark("Choose a shorter password.")),
    Fault.PASSWORD_LISTED: (
        PASSWORD,
        mark("Choose another password: this one is on lists of passwords that attackers try first."),
    ),
    Fault.PASSWORD_GUESSABLE: (
        PASSWORD,
        mark(
            "Choose another password: this one is too easy to guess. It repeats itself, follows a pattern, or is "
            "about you."
        ),
    ),
    Fault.CODE_WRONG: (CODE, mark("That code isn’t right, or a newer mail was sent. Check the newest one.")),
    Fault.NAME_BAD: (NAME, mark("Use up to 60 characters that can be shown on a page.")),
}
WORDS = (mark("very weak"), mark("weak"), mark("fair"), mark("good"), mark("strong"))


@dataclass(frozen=True, slots=True)
class Meter:
    """How strong a password was that could not be taken."""

    score: int
    words: str
    best: int = BEST


@dataclass(slots=True)
class Wrong:
    """What is wrong with a form: by its fields, and above them all; `meter` is of the password that was typed."""

    fields: dict[str, str] = field(default_factory=dict)
    notice: Notice | None = None
    meter: Meter | None = None

    def __bool__(self) -> bool:
        return bool(self.fields or self.notice)

    @property
    def whole(self) -> Notice | None:
        """What makes the page one with an error, whatever stands where."""
        return self.notice or (say(Fault.PARAMETER_BAD) if self.fields else None)


def typed(form: Form, name: str) -> str:
    """What was typed into a field that is no password, without what nobody can see in it."""
    return "".join(char for char in form.get(name, "") if not is_blank(char)).strip()


def check(checks: Iterable[Callable[[], object]], minimum: int, form: Form) -> Wrong:
    """Do all checks that cost nothing, so that everything that is wrong is said at once."""
    wrong = Wrong()
    for each in checks:
        try:
            each()
        except Refused as refused:
            add(wrong, refused, minimum, form)
    return wrong


def add(wrong: Wrong, refused: Refused, minimum: int, form: Form) -> None:
    """Say one more refusal beside its field; raise it again where it belongs to none."""
    name, message = SAID.get(refused.fault, ("", ""))
    if not name:
        raise refused
    blanks = {}
    if refused.fault is Fault.PASSWORD_TOO_SHORT:
        blanks = {"minimum": figure(minimum), "count": figure(length(form.get(PASSWORD, "")))}
    wrong.fields[name] = gettext(message, **blanks)


def turned_away(visitor: Visitor, fault: Fault) -> Response:
    """The page that says what cannot be done here, and whom to ask instead, where the operator says so."""
    notice = say(fault)
    if visitor.site.contact:
        asked = gettext("You can ask: {contact}", contact=visitor.site.contact)
        notice = replace(notice, sentences=(*notice.sentences, asked))
    return visitor.printer.problem(notice)


async def meter(visitor: Visitor, wrong: Wrong, form: Form) -> Wrong:
    """Tell how strong a password was that was not taken; nothing where that would be too much work now."""
    password = form.get(PASSWORD, "")
    if PASSWORD in wrong.fields and password:
        strength = await passwords.strength_of(visitor.house, password, (typed(form, USERNAME),), visitor.address)
        if strength is not None:
            wrong.meter = Meter(strength.score, gettext(WORDS[strength.score]))
    return wrong
