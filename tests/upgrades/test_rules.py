"""Every step of the schema can be taken while programs that do not know it go on; what cannot is found."""

import ast
from pathlib import Path

import pytest

from admitone.store.migrations import versions
from tests.upgrades.rules import complaints

STEPS = sorted(Path(versions.__path__[0]).glob("[0-9]*.py"))
# Taken before anything was in use: what they did then is no example.
BEFORE_ANY_TRAFFIC = {
    "0001": "op.execute makes the search of titles, beside tables that it makes itself",
    "0003": "an index on a column of accounts",
    "0004": "an index on a column of sessions",
    "0009": "an index of ratings",
    "0010": "a table is made anew with what was in it, for a CHECK that lets more through",
}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.stem)
def test_a_step_can_be_taken_beside_programs_that_do_not_know_it(step: Path) -> None:
    found = list(complaints(ast.parse(step.read_text())))
    assert bool(found) == (step.stem[:4] in BEFORE_ANY_TRAFFIC), found


BAD = {
    "op.drop_column('sessions', 'network')": "drop_column takes",
    "op.drop_table('sessions')": "drop_table takes",
    "op.rename_table('sessions', 'logins')": "rename_table takes",
    "op.alter_column('sessions', 'network', nullable=False)": "alter_column takes",
    "op.create_unique_constraint('u', 'sessions', ['network'])": "create_unique_constraint takes",
    "op.execute('ALTER TABLE sessions RENAME network TO place')": "execute takes",
    "op.add_column('sessions', sa.Column('place', sa.Text(), nullable=False))": "a column of sessions is owed",
    "op.create_index('i', 'sessions', ['network'])": "an index of sessions stops",
    "op.drop_index('i', table_name='sessions')": "an index of sessions stops",
    "op.add_column('lists', sa.Column('place', sa.Text()))\n    add_index('i', 'lists', ['place'])": "beside traffic",
}
GOOD = (
    "op.create_table('places', sa.Column('id', NUMBER))\n    op.create_index('i', 'places', ['id'])",
    "op.add_column('sessions', sa.Column('place', sa.Text(), nullable=True))",
    "op.add_column('sessions', sa.Column('place', sa.Text(), server_default='', nullable=False))",
    "add_index('i', 'sessions', ['network'])\n    drop_index('j', 'sessions')",
    "op.drop_column('sessions', 'network')\n    support_since('0012')",
)


def step(body: str) -> ast.Module:
    return ast.parse(f"def upgrade():\n    {body}\n")


@pytest.mark.parametrize("body", BAD)
def test_what_an_older_program_would_trip_over_is_found(body: str) -> None:
    (complaint,) = complaints(step(body))
    assert BAD[body] in complaint


@pytest.mark.parametrize("body", GOOD)
def test_what_it_would_not_is_let_through(body: str) -> None:
    assert list(complaints(step(body))) == []
