"""This file holds that the key ring is made once, kept to its owner, and never replaced by mistake."""

import errno
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from admitone.basics.digests import Key, KeyRing, KeyRingError

ASK = """
import sys
from pathlib import Path
from admitone.basics.digests import KeyRing
sys.stdin.readline()
print(KeyRing.load_or_make(Path(sys.argv[1])).keys[0].secret.hex())
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys.json"


def write(path, content):
    path.write_text(content)
    path.chmod(0o600)


def test_a_ring_is_made_where_there_is_none_and_found_again(path):
    ring = KeyRing.load_or_make(path)
    assert KeyRing.load_or_make(path).keys == ring.keys
    assert [len(key.secret) for key in ring.keys] == [32]


def test_a_ring_is_for_its_owner_s_eyes_only(path):
    previous = os.umask(0)
    try:
        KeyRing.load_or_make(path)
    finally:
        os.umask(previous)
    assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_is_left_beside_it(path):
    KeyRing.load_or_make(path)
    assert [entry.name for entry in path.parent.iterdir()] == ["keys.json"]


def test_the_file_says_ids_and_hex_keys(path):
    ring = KeyRing.load_or_make(path)
    assert json.loads(path.read_text()) == {"keys": [{"id": 1, "key": ring.keys[0].secret.hex()}]}


def test_several_keys_are_read_newest_first(path):
    write(path, json.dumps({"keys": [{"id": 9, "key": "ab" * 32}, {"id": 1, "key": "CD" * 32}]}))
    assert KeyRing.load_or_make(path).keys == (Key(9, b"\xab" * 32), Key(1, b"\xcd" * 32))


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644, 0o666, 0o777, 0o610, 0o601])
def test_a_ring_that_others_can_reach_is_refused_with_the_way_out(path, mode):
    KeyRing.load_or_make(path)
    path.chmod(mode)
    with pytest.raises(KeyRingError, match=rf"mode {mode:03o}\).*chmod 600 .*keys.json"):
        KeyRing.load_or_make(path)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_ring_that_only_its_owner_can_reach_is_taken(path, mode):
    KeyRing.load_or_make(path)
    path.chmod(mode)
    KeyRing.load_or_make(path)


KEY = "ab" * 32


@pytest.mark.parametrize(
    "content",
    [
        *(
            "",
            "{",
            "null",
            "7",
            "[]",
            "{}",
            '{"keys": null}',
            '{"keys": {}}',
            '{"keys": []}',
            '{"keys": [1]}',
            '{"keys": ["x"]}',
        ),
        *(
            '{"keys": [{"id": 1}]}',
            '{"keys": [{"key": "' + KEY + '"}]}',
            '{"keys": [{"id": "1", "key": "' + KEY + '"}]}',
        ),
        *('{"keys": [{"id": 0, "key": "' + KEY + '"}]}', '{"keys": [{"id": 256, "key": "' + KEY + '"}]}'),
        *('{"keys": [{"id": true, "key": "' + KEY + '"}]}', '{"keys": [{"id": 1, "key": "abcd"}]}'),
        *('{"keys": [{"id": 1, "key": "' + "xy" * 32 + '"}]}', '{"keys": [{"id": 1, "key": 7}]}', "[" * 5000),
        '{"keys": [{"id": 1, "key": "' + KEY + '"}, {"id": 1, "key": "' + "cd" * 32 + '"}]}',
    ],
)
def test_a_ring_that_is_not_whole_is_refused_and_left_as_it_is(path, content):
    write(path, content)
    with pytest.raises(KeyRingError) as refused:
        KeyRing.load_or_make(path)
    assert path.read_text() == content
    assert KEY not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_place_where_nothing_can_be_made_is_named(tmp_path):
    with pytest.raises(KeyRingError, match=r"none/keys.json cannot be read or made: No such file or directory"):
        KeyRing.load_or_make(tmp_path / "none" / "keys.json")


def test_threads_that_start_at_once_agree_on_one_ring(path):
    with ThreadPoolExecutor(16) as pool:
        rings = list(pool.map(lambda _: KeyRing.load_or_make(path), range(64)))
    assert len({ring.keys for ring in rings}) == 1


def test_programs_that_start_at_once_agree_on_one_ring(path):
    waiting = [
        subprocess.Popen([sys.executable, "-c", ASK, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for one in waiting:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    told = {one.communicate()[0] for one in waiting}
    assert told == {KeyRing.load_or_make(path).keys[0].secret.hex() + "\n"}


def test_a_ring_that_another_made_in_the_meantime_is_the_ring(path, monkeypatch):
    theirs = json.dumps({"keys": [{"id": 5, "key": KEY}]})
    link = os.link

    def link_too_late(draft, target):
        write(path, theirs)
        link(draft, target)

    monkeypatch.setattr(os, "link", link_too_late)
    assert KeyRing.load_or_make(path).keys == (Key(5, b"\xab" * 32),)
    assert path.read_text() == theirs


@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOTSUP])
def test_a_disk_without_links_gets_its_ring_too(path, monkeypatch, code):
    def no_link(draft, target):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", no_link)
    ring = KeyRing.load_or_make(path)
    assert KeyRing.load_or_make(path).keys == ring.keys
    assert [entry.name for entry in path.parent.iterdir()] == ["keys.json"]


def test_a_disk_that_is_full_leaves_nothing_half_done(path, monkeypatch):
    def no_sync(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_sync)
    with pytest.raises(KeyRingError, match="No space left"):
        KeyRing.load_or_make(path)
    assert list(path.parent.iterdir()) == []


def test_a_ring_does_not_print_its_keys():
    ring = KeyRing.new()
    assert repr(ring) == "KeyRing(1 keys)"


def test_a_ring_that_must_be_there_is_not_made(tmp_path):
    path = tmp_path / "keys.json"
    with pytest.raises(KeyRingError, match="is not there"):
        KeyRing.load(path)
    assert not path.exists()
    assert KeyRing.load_or_make(path).keys == KeyRing.load(path).keys
