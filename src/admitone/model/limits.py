"""This file holds the rules of limits: buckets that leak evenly (GCRA), so that one number per bucket tells all."""

from typing import NamedTuple


class Limit(NamedTuple):
    """At most `burst` at once, and one more each `interval_ms` after."""

    name: str
    burst: int
    interval_ms: int

    @property
    def slack_ms(self) -> int:
        """How far ahead of now the bucket's end may lie and still take one more."""
        return (self.burst - 1) * self.interval_ms

    def wait_s(self, empty_at: int, now: int) -> int:
        """After how many whole seconds a full bucket takes one more; at least 1."""
        return max(1, -(-(empty_at - self.slack_ms - now) // 1000))


class Spread(NamedTuple):
    """Limits of one thing for whoever asks: from one network, from its neighbours as well, and on the whole site."""

    network: Limit
    region: Limit
    site: Limit


# Guesses at one account, from one network, from its neighbours as well (`networks.limiter_region`), and on the whole
# site. A success gives back what it took.
LOGIN_BY_ACCOUNT = Limit("login-account", burst=20, interval_ms=30_000)
LOGIN_BY_NETWORK = Limit("login-network", burst=100, interval_ms=5_000)
LOGIN_BY_REGION = Limit("login-region", burst=400, interval_ms=1_250)
LOGIN_BY_SITE = Limit("login-site", burst=2_000, interval_ms=150)

# Guesses from where the account's owner has signed in before: a network, or a browser known by its cookie. They have
# buckets of their own, so that no stranger's guesses lock the owner out there.
LOGIN_BY_PLACE = Limit("login-place", burst=20, interval_ms=30_000)

# Over a longer time, so that nobody guesses for days: about a hundred a day at one account, and in no hour more than a
# hundred (NIST SP 800-63B §3.2.2).
LOGIN_DAILY = Limit("login-daily", burst=95, interval_ms=864_000)

# New lists of one person whose names look like a program's: more at once are taken for spam.
MACHINE_LISTS = Limit("machine-lists", burst=5, interval_ms=20_000)

# New guest sessions from one network.
GUESTS = Limit("guests", burst=100, interval_ms=1_000)

# New request tokens of one app for one network.
TOKENS = Limit("tokens", burst=500, interval_ms=20)

# Notices by mail to one account.
NOTICES = Limit("notices", burst=30, interval_ms=600_000)

SECOND_MS = 1000


def share(answered: int, before: int, most: int) -> int:
    """How many calls a process asks for at once, of the `most` that all may answer in this second.

    As many as it has `answered`, so that it never leaves more unused than it has used, or half of what it answered in
    the second `before`, so that it seldom asks; an eighth of all at most.
    """
    return max(1, min(max(answered, before // 2), most // 8))


def ahead(most: int) -> int:
    """How many calls a process answers in a second before it has asked, of the `most` that all may answer.

    When others have used the second up already, so many are answered too many.
    """
    return max(1, most // 64)


# New accounts from one network, and on the whole site.
SIGN_UPS = Limit("sign-ups", burst=10, interval_ms=360_000)
SIGN_UPS_BY_REGION = Limit("sign-ups-region", burst=40, interval_ms=90_000)
SIGN_UPS_BY_SITE = Limit("sign-ups-site", burst=500, interval_ms=5_000)
JOINING = Spread(SIGN_UPS, SIGN_UPS_BY_REGION, SIGN_UPS_BY_SITE)

# Passwords that were not taken, and whose strength is told beside the form: from one network, and on the whole site.
METERS = Limit("meters", burst=30, interval_ms=10_000)
METERS_BY_REGION = Limit("meters-region", burst=120, interval_ms=2_500)
METERS_BY_SITE = Limit("meters-site", burst=200, interval_ms=500)
MEASURING = Spread(METERS, METERS_BY_REGION, METERS_BY_SITE)

# Mails with a link: asked for from one network, on the whole site, and, of each kind of letter, sent to one address.
LINKS_BY_NETWORK = Limit("links-network", burst=20, interval_ms=180_000)
LINKS_BY_REGION = Limit("links-region", burst=80, interval_ms=45_000)
LINKS_BY_SITE = Limit("links-site", burst=1_000, interval_ms=3_000)
LINKS = Spread(LINKS_BY_NETWORK, LINKS_BY_REGION, LINKS_BY_SITE)
LINKS_TO_ADDRESS = Limit("links-address", burst=3, interval_ms=7_200_000)

# Codes from a mail, typed by one account.
CODES = Limit("codes", burst=10, interval_ms=360_000)
