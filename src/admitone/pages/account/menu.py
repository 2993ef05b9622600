"""This file is the menu of the account: every entry leads to a page that exists."""

from dataclasses import dataclass

from admitone.basics.languages import Message, mark


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where it leads, what it is called, and in a sentence what people find there.

    `rooms` are the addresses, with everything below them, on which it is the current one; its own when there are none.
    """

    path: str
    name: Message
    says: Message
    rooms: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether the page at `path` belongs to this entry."""
        return any(path == room or path.startswith(f"{room}/") for room in self.rooms or (self.path,))


OVERVIEW = Entry("/account", mark("Overview"), Message(""))
# What you come for most often first; then who you are, how you sign in, what came in, what you take away.
MENU: tuple[Entry, ...] = (
    Entry("/ratings", mark("Ratings"), mark("What you rated, by hand or with an app.")),
    Entry("/favourites", mark("Favourites"), mark("The films and series that you like best.")),
    Entry("/watchlist", mark("Watchlist"), mark("What you want to see one day.")),
    Entry("/lists", mark("Lists"), mark("Films and series as you put them together, for yourself or for all.")),
    Entry(
        "/account/profile",
        mark("Profile"),
        mark("Your name, language and country, e-mail address and password."),
        ("/account/profile", "/account/email", "/account/password"),
    ),
    Entry(
        "/account/security",
        mark("Sign-in and security"),
        mark("Passkeys, authenticator app, recovery codes, app passwords."),
    ),
    Entry(
        "/account/history", mark("Sign-in history"), mark("Where you are signed in, and what happened to your account.")
    ),
    Entry("/account/apps", mark("Connected apps"), mark("See which apps can use your account, and disconnect them.")),
    Entry(
        "/account/data",
        mark("Your data"),
        mark("Take it with you, bring it from elsewhere, or delete your account."),
        ("/account/data", "/account/delete"),
    ),
)


def current(path: str) -> Entry:
    """The entry to which the page at `path` belongs."""
    return next((entry for entry in MENU if entry.holds(path)), OVERVIEW)
