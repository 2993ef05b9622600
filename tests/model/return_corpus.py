"""This file makes the hostile return addresses (corpus C04): rules in code, always the same cases in the same order."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 2048
TOKEN = "0123456789abcdef0123456789abcdef01234567"

HONEST = (
    "https://app.example/cb",
    "https://app.example:8443/cb?from=tmdb",
    "http://127.0.0.1:8731/cb",
    "moviedemoauth://done",
)
UNSEEN = (
    "\0\t\n\v\f\r\x1b\x1f\x7f\x80\x85\xa0\xad\u200b\u200d\u200e\u202e\u2028\u2029\u2066\u3000\ufeff\ud800\U000e0041"
)
NEVER_FOLLOWED = (
    *("javascript", "data", "vbscript", "livescript", "file", "filesystem", "blob", "about", "intent", "view-source"),
    *("jar", "feed", "mhtml", "resource", "chrome", "chrome-extension", "moz-extension", "android-app", "ms-msdt"),
    *("search-ms", "ms-appinstaller", "microsoft-edge", "googlechrome", "x-safari-https", "ws", "wss", "ftp", "mailto"),
)
NOT_HOSTS = (
    # nothing, dots and dashes
    *("", ".", "..", "app..example", ".app.example", "app.example.", "-app.example", "app-.example", "app.-.example"),
    # what browsers decode, map or drop
    *(
        "app%2eexample",
        "app.ex%61mple",
        "%61pp.example",
        "app.example%00",
        "app.example%2f.evil.example",
        "a%zz.example",
    ),
    *("app\uff0eexample", "app\u3002example", "app\uff61example", "\uff41pp.example", "app.example\u2024com"),
    *(
        "app.example\uff0fevil",
        "app.example\u2044evil",
        "app.example\u2215evil",
        "app.example\uff03x",
        "app\u2100.example",
    ),
    *(
        "\u24d0pp.example",
        "a\u00adpp.example",
        "\u212aelvin\u212a.example\u00aa",
        "stra\u00dfe.example",
        "\u03c3\u03c2.example",
    ),
    *(
        "b\u0131\u0307g.example",
        "e\u0301.example",
        "\u0345a.example",
        "\u1160.example",
        "\u3164.example",
        "\u2800.example",
    ),
    *("\u0627app.example", "app\u0627.example", "\u0967.example", "\U0001f4a9.example", "\u2603.example"),
    # xn-- that says nothing, something else than it seems, or what browsers refuse
    *("xn--", "xn--.example", "xn--a.example", "xn--app-.example", "xn--99999999.example", "xn--ls8h.example"),
    *("xn--a-0ca.xn--", "xn--\u00e4-0ca.example", "xn--zca\u00df.example", "xn--mgba.xn--a-"),
    # numbers that browsers would take for another address
    *("127.1", "127.0.1", "2130706433", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "017700000001", "127.0.0.01"),
    *("127.0.0.0x1", "1.2.3.4.5", "256.1.1.1", "1.2.3.256", "1.2.3.", "0", "0x", "09", "1.1.1.08", "app.0x", "app.123"),
    *("\u0661\u0662\u0667.0.0.1", "\uff11\uff12\uff17.0.0.1", "\u2460.0.0.1", "127\u30020.0.1"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::7f00:1]", "[0:0:0:0:0:0:0:1]", "[0::1]", "[::01]"),
    *("[::1", "::1]", "[]", "[:]", "[::1%25lo]", "[::1%lo]", "[v1.x]", "[1.2.3.4]", "[::1]x", "x[::1]", "[[::1]]"),
    *("[2001:DB8::]1", "[::ffff:0:127.0.0.1]", "[2001:db8:0:0:0:0:0:1]", "[12345::]", "[::1::]"),
    # characters that end a host, or have no place in one
    *("app.example<", 'app".example', "app'.example", "app`.example", "app{.example", "app|.example", "app^.example"),
    *("a pp.example", "app.example ", "app,example", "app;example", "app!example", "app$example", "app(x).example"),
    *(
        "app*.example",
        "*.example",
        "app=example",
        "app~example",
        "app+example",
        "a" * 64 + ".example",
        "a." * 127 + "aa",
    ),
)
HOSTS = (
    *(
        "app.example",
        "a.b.c.d.example",
        "localhost",
        "app.localhost",
        "my_app.example",
        "x",
        "a--b.example",
        "0x7f.example",
    ),
    *(
        "1.example",
        "192.168.0.10",
        "127.0.0.1",
        "10.0.2.2",
        "[::1]",
        "[2001:db8::1]",
        "[fe80::1]",
        "a" * 63 + ".example",
    ),
    *("xn--bcher-kva.example", "xn--e1afmkfd.xn--p1ai", "xn--wgv71a.jp", "xn--fa-hia.de", "xn--4dbrk0ce.xn--4dbrk0ce"),
    *("b\u00fccher.example", "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "\u65e5\u672c.jp", "\ud55c\uad6d.kr"),
    *("APP.Example", "LOCALHOST", "B\u00dcCHER.example", "XN--BCHER-KVA.example", "\u03b5\u03bb.example"),
)
TAILS = (
    *("", "/", "/cb", "/CB", "/a/b/c", "/cb/", "//cb", "/a/../cb", "/./cb", "/%2e%2e/cb", "/cb;x=1", "/@me", "/a:b"),
    *(
        "?",
        "?a=1",
        "/cb?a=1&b=2",
        "/cb?a=1&",
        "/cb?next=https://evil.example/",
        "/cb?a=%26b",
        "/cb?%0d%0aX:1",
        "/cb?a=%2526",
    ),
    *(
        "#",
        "/#/cb",
        "/#/cb?x=1",
        "/?a=1#/cb",
        "/cb#",
        "/cb#x&y",
        "#@evil.example",
        "?@evil.example",
        "/cb?a='b'",
        "/cb?[]={}",
    ),
    *("/caf\u00e9", "/cb?q=caf\u00e9 noir", "/\u65e5\u672c", '/"x"<y>`z`', "/%", "/%zz", "/a|b^c"),
)
APPS = (
    *("moviedemoauth", "showscoreapp", "kkid-tmdb", "com.example.app", "web+tmdb", "MovieAppTMDB", "exp", "a1"),
    *("httpx", "https2", "javascripts", "datas", "filex"),
)
APP_TAILS = (
    *(
        "",
        "/",
        "//",
        "///",
        "cb",
        "/cb",
        "//cb",
        "///cb",
        "//loginsuccessful",
        "//cb?x=1",
        "//cb?x=1&",
        "//cb#f",
        "//a:1/b",
    ),
    *("//cb?to=https://evil.example/", "//?x", "/#/x", "//x/@me", "//caf\u00e9/a b", "//192.168.1.2:8081/--/cb"),
)


class Case(NamedTuple):
    """One address and whether it may be followed at all."""

    text: str
    accepted: bool


def cases() -> list[Case]:
    """All cases, none twice."""
    refused = itertools.chain(
        _unseen(), _backslashes(), _slashes(), _people(), _schemes(), _wrapped(), _bad_hosts(), _ports(), _lengths()
    )
    texts = dict.fromkeys(refused, False)
    for text in itertools.chain(_good_web(), _good_apps(), _good_lengths()):
        assert texts.get(text, True), f"{text!r} is in both halves"
        texts[text] = True
    return [Case(text, accepted) for text, accepted in texts.items()]


def _unseen() -> Iterator[str]:
    for honest, char in itertools.product(HONEST, UNSEEN):
        for at in (0, 3, honest.index(":") + 1, honest.index("//") + 1, len(honest) - 2, len(honest)):
            yield honest[:at] + char + honest[at:]
    for honest in HONEST:
        yield from (f" {honest}", f"{honest} ", f"  {honest}  ", honest.replace("//", "// ", 1).replace("done", ""))


def _backslashes() -> Iterator[str]:
    for honest in HONEST:
        yield from (honest.replace("//", slashes, 1) for slashes in ("\\\\", "/\\", "\\/", "//\\", "\\"))
        yield from (honest + tail for tail in ("\\", "\\@evil.example", "?\\", "#\\", "\\..\\x"))
        yield honest.replace("//", "//evil.example\\@", 1)


def _slashes() -> Iterator[str]:
    for host in ("evil.example", "app.example", "evil.example/cb", "127.0.0.1", "@evil.example", ""):
        for scheme in ("https:", "http:", "HTTPS:", "hTTp:"):
            yield from (
                scheme + slashes + host for slashes in ("", "/", "///", "////", "/./", "//?", "//#", "/%2f", "%2f%2f")
            )
        yield from (
            slashes + host for slashes in ("", "/", "//", "///", "////", ":", "://", "?", "#", "./", "../", ";//")
        )


def _people() -> Iterator[str]:
    for user in (
        "me@",
        "me:secret@",
        "@",
        ":@",
        "app.example@",
        "app.example:443@",
        "a%40b@",
        "a@b@",
        "app.example%2f@",
    ):
        yield from (f"{scheme}://{user}evil.example/cb" for scheme in ("https", "http", "moviedemoauth"))
    yield from (
        "https://app.example:443@evil.example",
        "https://app.example&@evil.example",
        "https://[::1]@evil.example/",
    )


def _schemes() -> Iterator[str]:
    for scheme in NEVER_FOLLOWED:
        for spelt in (scheme, scheme.upper(), scheme.title()):
            yield from (f"{spelt}:{tail}" for tail in ("alert(1)", "//app.example/cb", "/x", ""))
    yield from (
        "c:/x",
        "c://x",
        "1a://x",
        "-a://x",
        "+a:x",
        ".a:x",
        "a_b://x",
        "a b://x",
        "java%73cript:x",
        "://x",
        "m\u043evie:x",
    )
    yield from (
        "localhost:3000/cb",
        "localhost:3000",
        "app.example:443/cb",
        "app.example:8080",
        "nas.local:80?x",
        "pi:1#x",
    )


def _wrapped() -> Iterator[str]:
    for inner in (
        "https://evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "DATA:text/html,x",
        "file:///etc/passwd",
    ):
        yield from (f"moviedemoauth:{slashes}{inner}" for slashes in ("", "/", "//", "///"))
    yield from ("moviedemoauth:////cb", "moviedemoauth://///cb")
    for authority in (
        "a b",
        "<a>",
        '"',
        "a|b",
        "a^b",
        "[::1]",
        "a[b",
        "a:b",
        "a:",
        ":80",
        "a:080",
        "a:0",
        "a:65536",
        "%zz",
        "a`",
    ):
        yield from (f"moviedemoauth://{authority}{tail}" for tail in ("", "/cb", "?x"))


def _bad_hosts() -> Iterator[str]:
    for host in NOT_HOSTS:
        yield from (f"https://{host}/cb", f"http://{host}", f"https://{host}:8443/cb?x=1")


def _ports() -> Iterator[str]:
    bad = (
        "",
        "0",
        "00",
        "080",
        "65536",
        "99999",
        "123456",
        "-1",
        "+1",
        "1e3",
        "0x50",
        "80a",
        " 80",
        "\uff18\uff10",
        "80:80",
        "%38",
    )
    for port, host in itertools.product(bad, ("app.example", "127.0.0.1", "[::1]")):
        yield from (f"http://{host}:{port}", f"http://{host}:{port}/cb")


def _lengths() -> Iterator[str]:
    for start in ("https://app.example/", "moviedemoauth://"):
        for length in (LONGEST + 1, 8192, 65536):
            yield start + "a" * (length - len(start))
        yield start + "\u00e9" * 400  # fits as written, but not as sent
    yield ""


def _good_web() -> Iterator[str]:
    yield from (f"https://{host}{tail}" for host in HOSTS for tail in ("", "/cb", "/cb?a=1&b=2#c"))
    yield from (f"{scheme}://app.example{tail}" for scheme in ("https", "http", "HTTPS", "Http") for tail in TAILS)
    yield from (f"http://127.0.0.1:{port}/cb" for port in (1, 80, 443, 3000, 8731, 65535))


def _good_apps() -> Iterator[str]:
    yield from (f"{scheme}:{tail}" for scheme in APPS for tail in APP_TAILS)


def _good_lengths() -> Iterator[str]:
    for start in ("https://app.example/", "moviedemoauth://"):
        yield start + "a" * (LONGEST - len(start))
