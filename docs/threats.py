"""Prints which test holds each threat and each rule of a standard; the tests say it themselves, by a mark.

A test carries `@pytest.mark.holds("A7", "ASVS 6.5.1")`; a name that is not in the tables below is a mistake.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
STANDARD = "ASVS "

THREATS: Mapping[str, str] = {
    "F3": "an app that looks like another asks for approval",
    "F4": "somebody changes the address that a browser is sent back to",
    "F5": "dead, denied and unknown requests are used to send people elsewhere",
    "F6": "another app takes the scheme of the one that asked",
    "F7": "another program takes the port of the one that asked",
    "F8": "request tokens are guessed",
    "F9": "session ids are guessed",
    "F10": "a request token is used again",
    "F11": "a request token is exchanged many times at once",
    "F12": "two people decide one request",
    "F13": "clocks jump, and what is over comes to life again",
    "F14": "an app uses or ends what is another's",
    "F15": "somebody is signed in as somebody else without knowing",
    "F16": "an app is approved without being asked about",
    "F17": "the approve page tells what became of a request",
    "F18": "programs that open links ahead of people decide something",
    "F19": "apps that ask for passwords get around the second step",
    "F20": "passwords and session ids stand in addresses",
    "F21": "guest sessions are made in bulk",
    "F23": "a token comes out of a cache",
    "F24": "a denial is used to send people elsewhere",
    "B1": "another site's form approves or denies",
    "B2": "another site signs people out",
    "B3": "another site changes an account",
    "B4": "a page is shown inside another, and its button is pressed unseen",
    "B5": "names and texts run as scripts",
    "B6": "the token leaves in the Referer header",
    "B7": "the token stays in the history of a shared browser",
    "B8": "a redirect hands a password on",
    "B9": "line breaks add headers to answers and mails",
    "B10": "scripts of other sites read what is a person's",
    "B11": "what is secret goes over plain HTTP",
    "B12": "a neighbouring host plants a cookie",
    "B13": "a cache keeps one person's page for the next, or a poisoned one for all",
    "B14": "the Host header gets into links and mails",
    "B15": "another window looks into ours",
    "B16": "an answer is taken for what it is not",
    "B17": "our parser reads an address otherwise than the browser",
    "A1": "passwords from elsewhere are tried, many at a time",
    "A2": "guessing locks the owner out",
    "A3": "signing in tells which accounts there are",
    "A4": "other forms tell which accounts there are",
    "A5": "the time an answer takes tells which accounts there are",
    "A6": "hashing keeps the server too busy to answer",
    "A7": "codes of authenticator apps are guessed or used twice",
    "A8": "a recovery code is used twice",
    "A9": "a passkey's answer is forged, moved or replayed",
    "A10": "another way in leaves the second step out",
    "A11": "an account waits, made ahead, for the owner of its address",
    "A12": "links in mails are replayed, stolen or used for something else",
    "A13": "a mailbox is filled through us",
    "A14": "names and addresses look alike or change when they are read again",
    "A15": "passwords are cut, changed or ruled into weakness",
    "A16": "a thief deletes an account, or something is left of a deleted one",
    "A17": "an account is taken over by changing its address",
    "A18": "accounts are made in masses",
    "S1": "the database is stolen",
    "S2": "secrets get into logs",
    "S3": "a client says that it comes from elsewhere",
    "S4": "a limit opens when its store fails",
    "S5": "a revocation is answered and was not kept",
    "S8": "input is too large, too slow, too deep",
    "S10": "text forges lines of the log",
    "S11": "keys change, or are lost",
    "S12": "what is over is never removed",
    "S13": "figures about people leave by the metrics",
    "S14": "somebody names what is not theirs",
    "S15": "a schema is newer than the program, or half made",
    "S17": "the program dies between two instructions",
    "S19": "one worker does not know what another did",
    "S20": "errors tell how we are made",
}

# The rows of OWASP ASVS 5.0 that a test proves, in our words.
ROWS: Mapping[str, str] = {
    "3.2.1": "an answer is shown in its own context only",
    "3.2.2": "text is shown as text",
    "3.3.1": "cookies are Secure",
    "3.3.2": "cookies say SameSite",
    "3.3.3": "cookies have the prefix __Host-",
    "3.3.4": "no script reads a cookie",
    "3.4.1": "browsers are told to insist on HTTPS",
    "3.4.2": "CORS opens nothing that is a person's by cookie",
    "3.4.3": "every page has a content security policy",
    "3.4.4": "nothing is sniffed",
    "3.4.5": "addresses do not leak by Referer",
    "3.4.6": "no page can be framed",
    "3.4.8": "pages are cut off from their opener",
    "3.5.1": "forms are believed only from our own pages",
    "3.5.2": "nothing sensitive can be called by a simple request of another site",
    "3.5.3": "reading changes nothing",
    "3.5.8": "what is a person's is loaded by our own pages only",
    "3.7.2": "browsers are sent on to registered addresses only",
    "3.7.3": "people are asked before they leave for an address that nobody registered",
    "6.2.1": "passwords have 15 characters, 8 beside a second step",
    "6.2.2": "passwords can be changed",
    "6.2.3": "changing a password takes the present one",
    "6.2.4": "the commonest passwords are refused",
    "6.2.5": "any character will do",
    "6.2.8": "passwords are compared whole, as typed",
    "6.2.9": "long passwords are taken",
    "6.2.11": "words of the context are not counted",
    "6.3.1": "guessing is limited",
    "6.3.4": "no way in is weaker than the others",
    "6.3.5": "people are told of suspicious sign-ins",
    "6.3.7": "people are told of changed credentials",
    "6.3.8": "nothing tells which accounts there are",
    "6.4.3": "a new password by mail leaves the second step in place",
    "6.5.1": "every code works once",
    "6.5.3": "every code is drawn by a secure generator",
    "6.5.5": "every code has its time",
    "6.5.6": "every factor can be taken back",
    "6.6.2": "a code is bound to what it was sent for",
    "6.6.3": "guessing codes is limited",
    "6.7.2": "a challenge has 64 bits and works once",
    "7.2.1": "the server decides what a session is worth",
    "7.2.3": "session ids have 128 bits",
    "7.2.4": "signing in makes a new session id and ends the old one",
    "7.3.1": "an unused sign-in ends",
    "7.3.2": "every sign-in ends",
    "7.4.1": "signing out ends the session on the server",
    "7.4.2": "a switched-off or deleted account has no sessions",
    "7.4.3": "other sessions can end with a changed password",
    "7.5.1": "sensitive changes ask again who it is",
    "7.5.2": "people see where they are signed in, and end it",
    "7.5.3": "the most sensitive actions ask again",
    "7.6.2": "no session begins without the person's own act",
}

Found = Mapping[str, list[str]]


def threats() -> None:
    """Print every threat with the tests that hold it."""
    _print("threat", THREATS, held())


def rows() -> None:
    """Print every row of the standard with the tests that prove it."""
    _print("rule", ROWS, {name.removeprefix(STANDARD): tests for name, tests in held().items()})


def held(folder: Path = ROOT / "tests") -> Found:
    """Which tests say that they hold what, by its name; a test is its file and its function."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(folder.rglob("test_*.py")):
        source = file.read_text(encoding="utf-8")
        if "mark.holds" in source:
            place = file.relative_to(folder.parent).as_posix()
            for function, name in marks(ast.parse(source)):
                found[name].append(f"{place}::{function}")
    return found


def marks(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Every test of a module with every name that it is marked with."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.holds":
                    yield from ((node.name, str(ast.literal_eval(name))) for name in mark.args)


def known(name: str) -> bool:
    """Whether a test may be marked with this name."""
    return name in THREATS or (name.startswith(STANDARD) and name.removeprefix(STANDARD) in ROWS)


def _print(what: str, names: Mapping[str, str], tests: Found) -> None:
    print(f"\n| | {what} | held by |\n| --- | --- | --- |")
    for name, says in names.items():
        print(f"| {name} | {says} | {'<br>'.join(f'`{test}`' for test in tests.get(name, ()))} |")
    print()
