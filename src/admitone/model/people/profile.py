"""This file says what people tell of themselves: what apps see of it, they chose."""

from typing import Final, NamedTuple

from admitone.model.people.posting import DAY

# After a lost password was replaced by mail, what cannot be undone waits this long (security.md A17).
RECOVERY_MS: Final = DAY


APPEARANCES: Final = ("", "light", "dark")


class Profile(NamedTuple):
    """A person's record as they see it themselves; flags are 0 or 1, `email` what they gave, confirmed or not."""

    account_id: int
    username: str
    name: str
    iso_639_1: str
    iso_3166_1: str
    include_adult: int
    gravatar_hash: str
    email: str | None
    email_key: str | None
    email_confirmed_at: int | None
    email_wanted: str | None
    recovered_at: int | None
    password_hash: str | None
    confirm_by: int | None = None
    time_zone: str = ""
    appearance: str = ""

    @property
    def is_confirmed(self) -> bool:
        """Whether the e-mail address is proven to be theirs."""
        return self.email is not None and self.email_confirmed_at is not None

    def is_just_recovered(self, now: int) -> bool:
        """Whether the password was replaced by mail less than a day ago."""
        return self.recovered_at is not None and now - self.recovered_at < RECOVERY_MS


class Wishes(NamedTuple):
    """What a person wants their record to be; `gravatar` whether apps may know them by their address at Gravatar.

    `time_zone` is empty for UTC, `appearance` light, dark, or empty for as the device is; apps learn of neither.
    """

    name: str
    iso_639_1: str
    iso_3166_1: str
    include_adult: bool
    gravatar: bool
    time_zone: str = ""
    appearance: str = ""
