"""Two people, two apps, a clock and an attacker do as they like; the invariants I1 to I8 hold, on both engines.

What the house does is compared with the reference step by step: who gets a session, who does not and why, for whom a
session then acts; and after each step everything that is kept. ADMITONE_EXAMPLES asks for more runs, and for other ones
each time.
"""

import asyncio
import os
from collections.abc import Coroutine
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from admitone.basics.clock import ManualClock, SystemClock
from admitone.basics.digests import Kind
from admitone.flows import accounts, apps, callers, consents, logins, request_tokens, sessions, visits
from admitone.flows.apps import Registration
from admitone.flows.callers import Credential
from admitone.flows.house import House
from admitone.flows.logins import Attempt
from admitone.flows.sweep import sweep
from admitone.model.faults import Fault, Refused
from admitone.model.request_tokens import Decision
from admitone.model.visits import NewVisit
from admitone.store.engine.tx import Tx
from tests.databases import Databases
from tests.flows.conftest import Wall, on_clock
from tests.flows.reference import App, Reference, Session, Token
from tests.store.aside import STATES
from tests.world import MINUTE, NETWORK, PASSWORD, START, open_house

T = TypeVar("T")

MANY = os.environ.get("ADMITONE_EXAMPLES")
ADDRESS = "203.0.113.7"
# Mostly what an honest program would do, with one of the latest few: else most runs end before anything is spent.
SELDOM = st.sampled_from([False, False, False, True])
WHICH = st.sampled_from([0, 0, 0, 1, 1, 2, 5])
ONE = st.sampled_from([0, 1])
PEOPLE = st.sampled_from(["mira", "tomas"])
DECISIONS = st.sampled_from([Decision.APPROVE, Decision.APPROVE, Decision.DENY])
GUESSES = st.text("0123456789abcdef", min_size=40, max_size=40)


class Person(NamedTuple):
    """Somebody with an account, under a user name of this run's own."""

    id: int
    username: str


class Stage:
    """A house of one run's own: what an earlier run left behind would make the same steps end differently."""

    def __init__(self, url: str, ring: Path, wall: Wall) -> None:
        self.wall = wall
        self.wall.ms = START
        self.clock = SystemClock()
        self.numbers = count()
        self._runner = asyncio.Runner()
        self.house = on_clock(self.run(open_house(url, ring, ManualClock(0), "machine")), self.clock)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def close(self) -> None:
        self.run(self.house.aclose())
        self._runner.close()


class SignIn(RuleBasedStateMachine):
    """Everything that can happen to request tokens and sessions."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage, self.house, self.run = stage, stage.house, stage.run
        self.reference = Reference(self.stage.wall.ms)
        self.people: dict[str, Person] = {}
        self.passwords = dict.fromkeys(("mira", "tomas"), PASSWORD)
        self.visits: dict[str, NewVisit] = {}

    def teardown(self) -> None:
        self.stage.close()

    def fault(self, work: Coroutine[Any, Any, Any]) -> Fault | None:
        try:
            self.run(work)
        except Refused as refusal:
            return refusal.fault
        return None

    def token(self, which: int) -> Token | None:
        """One of the latest tokens, if there is any."""
        tokens = self.reference.tokens
        return tokens[-1 - which % len(tokens)] if tokens else None

    def session(self, which: int) -> Session | None:
        """One of the latest sessions, if there is any."""
        found = self.reference.sessions
        return found[-1 - which % len(found)] if found else None

    @property
    def apps(self) -> list[App]:
        """The two apps that there are."""
        return [app for app in self.reference.apps if not app.removed]

    def app_for(self, app: App, *, stranger: bool) -> App:
        """The app itself, or another one."""
        return next(each for each in self.apps if each is not app) if stranger else app

    def register(self) -> None:
        name = f"App {next(self.stage.numbers)}"
        app, credentials = self.run(self.house.write(apps.add, Registration(name, self.people["mira"].username)))
        self.reference.apps.append(App(app.id, app.public_id, {credentials.api_key: float("inf")}))

    def sign_in(self, person: str) -> None:
        attempt = Attempt(self.people[person].username, self.passwords[person], ADDRESS)
        old = self.visits.get(person)
        self.visits[person] = self.run(
            visits.sign_in(self.house, attempt, remember=False, old=old.text if old else None)
        )

    def browser(self, person: str) -> int:
        """The account that a person's browser is signed in to; it signs in when it has to, and only then."""
        visit = self.visits.get(person)
        found = self.run(self.house.read(visits.find, visit.text)) if visit else None
        assert (found is not None) == (visit is not None and self.reference.now < visit.expires_at)
        if found is None:
            self.sign_in(person)
        return self.people[person].id

    @initialize()
    def begin(self) -> None:
        for person in self.passwords:
            username = f"{person}{next(self.stage.numbers)}"
            self.people[person] = Person(self.run(accounts.add(self.house, username, PASSWORD)).id, username)
        self.register()
        self.register()
        self.issue(0)

    @rule(which=ONE)
    def issue(self, which: int) -> None:
        app = self.apps[which]
        issued = self.run(self.house.write(request_tokens.issue, app.id, NETWORK))
        self.reference.issue(issued.text, app)
        assert issued.expires_at == self.reference.tokens[-1].ends_at  # I12

    @rule()
    def issue_for_what_was_removed(self) -> None:
        for app in self.reference.apps:
            if app.removed:
                assert self.fault(self.house.write(request_tokens.issue, app.id, NETWORK)) is Fault.APP_UNKNOWN

    @rule(which=WHICH, person=PEOPLE, decision=DECISIONS)
    def decide_on_the_page(self, which: int, person: str, decision: Decision) -> None:
        if token := self.token(which):
            reason = token.why_not_decide(person, decision, self.reference.now)
            decide = self.house.write(consents.decide, token.text, self.browser(person), decision)
            assert self.fault(decide) is reason
            if reason is None:
                token.decide(person, decision)

    @rule(which=WHICH, stranger=SELDOM, person=PEOPLE, wrong=SELDOM)
    def log_in_from_an_app(self, which: int, stranger: bool, person: str, wrong: bool) -> None:
        token = self.token(which)
        if token is None or token.app.removed:
            return
        app = self.app_for(token.app, stranger=stranger)
        reason = token.why_not_decide(person, Decision.APPROVE, self.reference.now)
        if reason is None and token.state != "pending":  # approved long ago: no use to anybody when spent or over
            reason = token.why_not_exchange(token.app, self.reference.now)
        if app is not token.app and reason is not Fault.TOKEN_UNKNOWN:
            reason = Fault.TOKEN_OF_OTHER_APP
        password = "not the password" if wrong else self.passwords[person]
        attempt = Attempt(self.people[person].username, password, ADDRESS)
        fault = self.fault(logins.validate_with_login(self.house, app.id, token.text, attempt))
        assert fault is (Fault.LOGIN_WRONG if wrong else reason)
        if fault is None:
            token.decide(person, Decision.APPROVE)

    @rule(which=WHICH, stranger=SELDOM)
    def exchange(self, which: int, stranger: bool) -> None:
        """I1, I2, I3: once, with the app that made it, and never without an approval."""
        if token := self.token(which):
            app = self.app_for(token.app, stranger=stranger)
            reason = token.why_not_exchange(app, self.reference.now)
            try:
                text = self.run(self.house.write(sessions.exchange, app.id, token.text, NETWORK))
            except Refused as refusal:
                assert refusal.fault is reason  # noqa: PT017 - a refusal is one of two honest ends here
            else:
                assert reason is None
                self.reference.exchange(token, text)

    @rule(which=WHICH, stranger=SELDOM)
    def end(self, which: int, stranger: bool) -> None:
        if session := self.session(which):
            app = self.app_for(session.app, stranger=stranger)
            alive = not session.ended and not session.app.removed and app is session.app
            fault = self.fault(self.house.write(sessions.end, app.id, session.text, NETWORK))
            assert fault is (None if alive else Fault.SESSION_NOT_FOUND)
            session.ended = session.ended or alive

    @rule(guess=GUESSES, which=ONE)
    def guess(self, guess: str, which: int) -> None:
        app = self.apps[which]
        account_id = self.people["tomas"].id
        for work in (
            self.house.write(sessions.exchange, app.id, guess, NETWORK),
            self.house.read(consents.look, guess, account_id),
            self.house.write(consents.decide, guess, account_id, Decision.APPROVE),
        ):
            assert self.fault(work) is Fault.TOKEN_UNKNOWN
        assert self.fault(self.house.write(sessions.end, app.id, guess, NETWORK)) is Fault.SESSION_NOT_FOUND
        assert self.fault(self.house.read(callers.recognise, Credential(guess[:32], guess, None))) is Fault.APP_UNKNOWN
        assert self.whom(app.key, guess) is None
        assert self.run(self.house.read(visits.find, guess)) is None

    @rule(which=ONE)
    def replay_everything_seen_on_the_way(self, which: int) -> None:
        """An attacker with an app knows every link that was ever opened, every public id and the keys that ended."""
        app = self.apps[which]
        for token in self.reference.tokens:
            if token.app is not app:
                assert self.fault(self.house.write(sessions.exchange, app.id, token.text, NETWORK))
            assert self.whom(app.key, token.text) is None
        for each in self.reference.apps:
            for text in [each.public_id, *each.keys]:
                known = each.knows(text, self.reference.now)
                recognise = self.house.read(callers.recognise, Credential(text, text, None))
                assert self.fault(recognise) is (None if known else Fault.APP_UNKNOWN)

    @rule(which=WHICH)
    def swap_secrets(self, which: int) -> None:
        """A secret of one kind is good for nothing else."""
        if session := self.session(which):
            app = self.apps[0]
            exchange = self.house.write(sessions.exchange, app.id, session.text, NETWORK)
            assert self.fault(exchange) is Fault.TOKEN_UNKNOWN
            assert self.run(self.house.read(visits.find, session.text)) is None

    @rule(which=WHICH, person=st.none() | PEOPLE)
    def look(self, which: int, person: str | None) -> None:
        """Looking decides nothing: what may happen next is as before (I8)."""
        if token := self.token(which):
            self.fault(self.house.read(consents.look, token.text, self.people[person].id if person else None))

    @rule(minutes=st.sampled_from([1, 1, 1, 20, 59, 60, 61, 13 * 60, 25 * 60]))
    def let_time_pass(self, minutes: int) -> None:
        self.stage.wall.ms += minutes * MINUTE

    @rule(minutes=st.sampled_from([1, 30, 61]))
    def set_the_clock_back(self, minutes: int) -> None:
        """I17: nothing is revived."""
        self.stage.wall.ms -= minutes * MINUTE

    @rule(which=ONE, minutes=st.sampled_from([0, 1, 60]))
    def rotate(self, which: int, minutes: int) -> None:
        app = self.apps[which]
        credentials = self.run(self.house.write(apps.rotate, app.public_id, minutes * MINUTE))
        app.rotate(credentials.api_key, self.reference.now + minutes * MINUTE)

    @rule(which=ONE, really=SELDOM)
    def remove_an_app(self, which: int, really: bool) -> None:
        if really:
            app = self.apps[which]
            self.run(self.house.write(apps.remove, app.public_id))
            app.removed = True
            self.register()

    @rule(person=PEOPLE, end_sessions=st.booleans())
    def change_password(self, person: str, end_sessions: bool) -> None:
        new = f"the password number {next(self.stage.numbers)}"
        username = self.people[person].username
        self.run(accounts.set_password(self.house, username, new, end_sessions=end_sessions))
        self.passwords[person] = new
        if visit := self.visits.pop(person, None):
            assert self.run(self.house.read(visits.find, visit.text)) is None
        if end_sessions:
            self.reference.disconnect(person)

    @rule()
    def remove_what_has_expired(self) -> None:
        self.run(sweep(self.house))
        self.reference.sweep()

    def whom(self, key: str, session: str) -> int | None:
        """For whom a session acts."""
        caller = self.run(self.house.read(callers.recognise, Credential(key, None, session)))
        return caller.person.account_id if caller.person else None

    @invariant()
    def time_never_goes_back(self) -> None:
        self.reference.now = max(self.reference.now, self.stage.wall.ms)
        assert self.stage.clock.now() == self.reference.now

    @invariant()
    def what_is_kept_is_what_happened(self) -> None:
        self.run(self.house.read(self.compare))

    async def compare(self, house: House, tx: Tx) -> None:
        """I4: tokens are where they should be. I2, I5: a session acts for its person with its app, until its end."""
        expected = {
            house.digests.of(Kind.REQUEST_TOKEN, token.text): (token.state, token.by and self.people[token.by].id)
            for token in self.reference.tokens
            if not token.swept and not token.app.removed
        }
        kept = await tx.all(STATES, first=self.reference.apps[0].id)
        assert {digest: (state, by) for digest, state, by in kept} == expected
        for session in self.reference.sessions:
            credential = Credential(session.app.key, None, session.text)
            if not session.app.removed:
                caller = await callers.recognise(house, tx, credential)
                whom = None if session.ended else self.people[session.person].id
                assert (caller.person and caller.person.account_id) == whom
        for session in self.reference.sessions[-2:]:
            stranger = self.app_for(session.app, stranger=True)
            assert (await callers.recognise(house, tx, Credential(stranger.key, None, session.text))).person is None


@pytest.mark.timeout(600)
@pytest.mark.holds("F10", "F14")
def test_whatever_people_apps_and_attackers_do_the_invariants_hold(
    databases: Databases, tmp_path: Path, wall: Wall
) -> None:
    run_state_machine_as_test(
        lambda: SignIn(Stage(databases.fresh(), tmp_path / "keys.json", wall)),  # type: ignore[arg-type] # a machine
        settings=settings(
            max_examples=int(MANY or 60),
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # A failing run is told as it was found: making it smaller takes minutes. With MANY there is time.
            phases=list(Phase) if MANY else [Phase.generate],
            derandomize=not MANY,
        ),
    )
