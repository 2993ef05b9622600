"""This file writes what the approve page says of a request: pure, from what the server knows (ux.md §7.6)."""

from dataclasses import dataclass

from admitone.basics.languages import figure, gettext, ngettext
from admitone.flows.consents import Ask
from admitone.model.apps import COUNTED, App
from admitone.model.web.returns import Kind, Next, ReturnAddress, shown_host
from admitone.pages.moments import DAY, MINUTE, Moment, ago, day
from admitone.pages.printer import Face, face, shown

NEW = 7 * DAY
OLD_REQUEST = 20 * MINUTE
FEW_PEOPLE = 5
SMALL_SERVER = 20  # accounts; below, how many people use an app means nothing
WEAK_SIGNS = 2  # one alone is normal: a scare when nothing is wrong teaches people to ignore it


@dataclass(frozen=True, slots=True)
class Onward:
    """Where the browser goes after approval, in words: a sentence and the place it ends with."""

    lead: str
    where: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """The approve page's words. `cautions` are the reasons to look closer, empty for most requests.

    `maker` is empty for one without a name, None where a caution tells of it already; `nearby` says whether it was
    asked on the visitor's network, None when nobody can know.
    """

    app_name: str
    face: Face
    first_party: bool
    maker: str | None
    use: str
    connected: Moment | None
    cautions: tuple[str, ...]
    onward: Onward
    asked: Moment
    nearby: bool | None


def ticket(ask: Ask, address: ReturnAddress | None, following: Next, network: str | None) -> Ticket:
    """Write the ticket of a request. `network` is the visitor's, None when it cannot be known (ux.md §6.1)."""
    app, name = ask.app, shown(ask.app.name)
    maker = shown(app.owner_name)
    unproven = address is not None and address.kind is Kind.WEB
    cautions = _cautions(ask, maker, unproven=unproven, elsewhere=network not in (None, ask.network))
    return Ticket(
        app_name=name,
        face=face(name, app.public_id),
        first_party=bool(app.first_party),
        maker=None if cautions and unproven else maker,
        use=_use(ask),
        connected=None if ask.connected_at is None else day(ask.connected_at, ask.now),
        cautions=cautions,
        onward=onward(app, ask.returns, address, following),
        asked=ago(ask.asked_at, ask.now),
        nearby=None if network is None else network == ask.network,
    )


def onward(app: App, registered: tuple[str, ...], address: ReturnAddress | None, following: Next) -> Onward:
    """Say where the browser goes. Only an address that the app registered is a way *back* to it."""
    if address is None:
        return Onward(gettext("If you approve, you go to"), gettext("a page that says you can close it"))
    if following is Next.ASK:
        lead = gettext("If you approve, we ask before you go to")
    else:
        lead = gettext("If you approve, you go back to") if registered else gettext("If you approve, you go to")
    return Onward(lead, place(app, address, registered=bool(registered)))


def place(app: App, address: ReturnAddress, *, registered: bool) -> str:
    """Name what stands at an address: a host, a program on this device, an app."""
    host = shown_host(address)
    if address.kind is Kind.WEB:
        return host
    if address.kind is Kind.LOOPBACK:
        return gettext("a program on this device ({address})", address=host)
    # Any program can claim a scheme; that it is this app's is only known where the app said so before.
    if registered:
        return gettext("the {app} app on this device", app=shown(app.name))
    return gettext("the app on this device that opens “{scheme}:”", scheme=host)


def _use(ask: Ask) -> str:
    if ask.accounts < SMALL_SERVER:
        return ""
    if ask.people < FEW_PEOPLE:
        return gettext("Fewer than five people here use it.")
    if ask.people > COUNTED:
        return gettext("More than {count} people here use it.", count=figure(COUNTED))
    return ngettext("{count} person here uses it.", "{count} people here use it.", ask.people)


def _cautions(ask: Ask, maker: str, *, unproven: bool, elsewhere: bool) -> tuple[str, ...]:
    app, name = ask.app, shown(ask.app.name)
    if app.first_party or app.accepted:
        return ()
    others = ask.people - (ask.connected_at is not None)
    new = ask.now - app.made_at < NEW
    unused = ask.accounts >= SMALL_SERVER and others <= 0
    late = elsewhere and ask.now - ask.asked_at > OLD_REQUEST
    if new + unused + unproven + late < WEAK_SIGNS:
        return ()
    said: list[str] = []
    if new:
        blanks = {"app": name, "when": _since(app.made_at, ask.now)}
        if unused:
            said.append(gettext("{app} was registered here {when} and nobody else uses it yet.", **blanks))
        else:
            said.append(gettext("{app} was registered here {when}.", **blanks))
    elif unused:
        said.append(gettext("Nobody else uses {app} yet.", app=name))
    if unproven and maker:
        said.append(gettext("Its maker, “{maker}”, hasn’t shown that it owns the address below.", maker=maker))
    elif unproven:
        said.append(gettext("Its maker hasn’t shown that it owns the address below."))
    if late:
        when = ago(ask.asked_at, ask.now).words
        said.append(gettext("This was asked {when}, on another network.", when=when))
    return tuple(said)


def _since(made_at: int, now: int) -> str:
    days = now // DAY - made_at // DAY
    if days == 0:
        return gettext("today")
    return gettext("yesterday") if days == 1 else ngettext("{count} day ago", "{count} days ago", days)
