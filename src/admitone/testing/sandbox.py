"""This file is a sandbox as a test program sees it: where it is, and how to have a world of it."""

import json
from typing import Any

from admitone.testing.control import Control
from admitone.testing.world import World


class Sandbox:
    """A sandbox that is there already."""

    def __init__(self, url: str) -> None:
        """Raises SandboxError when there is none."""
        self.control = Control(url)
        self.url = self.control.url
        self.control.call("GET", "/health")

    def world(self, **wanted: Any) -> World:
        """Make a world: `seed`, `profile`, `clock`, `entropy` as the control plane takes them."""
        return World(self.control, self.control.call("POST", "/worlds", wanted))

    def restored(self, snapshot: str) -> World:
        """Make a world again from its snapshot, be it another sandbox's: same ids, same instant."""
        name = json.loads(snapshot)["world"]
        return World(self.control, json.loads(self.control.text("PUT", f"/worlds/{name}/snapshot", snapshot)))

    def stop(self) -> None:
        """Leave it running: it is not ours."""
