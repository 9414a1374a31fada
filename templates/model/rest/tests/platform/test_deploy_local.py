"""Serving on this machine: the server gets a port, also when another program was quicker."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest
from mloccli.errors import RemoteError
from mloccli.rest_model.local import LocalTarget
from mloccli.rest_model.smoke import is_ready

from .serving_support import INSTANCE, SOON

SERVER = """#!{python}
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

port = int(sys.argv[sys.argv.index("--port") + 1])
HTTPServer(("127.0.0.1", port), Ready).serve_forever()
"""


@pytest.fixture(name="python")
def fixture_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What stands in for this Python: a program that serves at the port that it is told."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("python", "uvicorn"):
        (folder / name).write_text(SERVER.format(python=sys.executable), encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    return folder / "python"


def test_a_port_that_another_program_took_first_is_left_to_it(python: Path, tmp_path: Path) -> None:
    assert python.is_file()
    with LocalTarget(tmp_path, os.environ, SOON) as target, socket.socket() as other:
        with target.reached(INSTANCE) as before:
            other.bind(("127.0.0.1", int(before.address.rpartition(":")[2])))
        other.listen()

        target.start(INSTANCE)

        with target.reached(INSTANCE) as now:
            assert now.address != before.address
            assert is_ready(now.address)


def test_a_server_that_ends_by_itself_is_not_started_again(python: Path, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    python.write_text(f"#!/bin/sh\necho started >> '{starts}'\nexit 7\n", encoding="utf-8")

    with LocalTarget(tmp_path, os.environ, SOON) as target:
        with pytest.raises(RemoteError, match="ended with exit code 7 before it was ready"):
            target.start(INSTANCE)

    assert starts.read_text(encoding="utf-8") == "started\n"
