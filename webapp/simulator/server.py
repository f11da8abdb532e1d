"""The sandbox as one object: started, asked for its settings, stopped."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

from webapp.simulator.addresses import Answerer
from webapp.simulator.csv_district import read_district
from webapp.simulator.door import Door
from webapp.simulator.pages import sample
from webapp.simulator.services import SERVICES
from webapp.simulator.stage import Stage

PUBLIC_URL = "http://localhost:8000"


class Sandbox:
    """A running sandbox on 127.0.0.1."""

    def __init__(self, stage: Stage, port: int) -> None:
        self.stage = stage
        self.door = Door(port, Answerer(stage))
        self.port = int(self.door.server_address[1])
        self.url = stage.url = f"http://127.0.0.1:{self.port}"
        self.thread = Thread(target=self.door.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @classmethod
    def start(
        cls,
        port: int = 0,
        state_file: Path | None = None,
        source: Path | None = None,
        public_url: str = PUBLIC_URL,
        clock: Callable[[], float] = time.time,
    ) -> "Sandbox":
        """Serve the saved districts, or the one in a OneRoster CSV folder, or a made-up one of size `demo`."""
        stage = Stage(SERVICES, state_file, public_url, clock)
        if not stage.districts and source:
            stage.add(lambda number: read_district(number, source))
        elif not stage.districts:
            stage.add_grown(seed=1, size="demo", today=date.fromtimestamp(clock()))
        sandbox = cls(stage, port)
        sandbox.thread.start()
        return sandbox

    def app_settings(self) -> dict[str, str]:
        """All settings that an application needs to use this sandbox as its services."""
        settings = [one.settings(self.stage) for one in self.stage.services.values()]
        return {name: value for told in settings for name, value in told.items()}

    def introduction(self) -> dict[str, Any]:
        """The settings, and each district with a few people to sign in as."""
        districts = [
            {
                "number": one.number,
                "name": one.name,
                **self.stage.names(one),
                "people": sample(one),
            }
            for one in self.stage.districts
        ]
        return {"url": self.url, "settings": self.app_settings(), "districts": districts}

    def stop(self) -> None:
        """Save the state and stop answering."""
        self.stage.keep()
        self.door.close_all()
        self.thread.join()


def start(
    port: int = 0, state_file: Path | None = None, source: Path | None = None, public_url: str = PUBLIC_URL
) -> Sandbox:
    """Start a sandbox; see `Sandbox.start`."""
    return Sandbox.start(port, state_file, source, public_url)
