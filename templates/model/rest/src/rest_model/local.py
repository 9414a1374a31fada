"""Serving on this machine: the real ``mlflow models serve`` as a child process on 127.0.0.1."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess  # argument lists only, never a shell
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..errors import RemoteError
from .instance import INVOCATIONS, Instance
from .programs import last_lines, without_secrets
from .smoke import Patience, is_ready
from .targets import Reachable

_HOST = "127.0.0.1"
_LOG_FILE = "server.log"
_STOP_SECONDS = 15
_ATTEMPTS = 3  # Another program may take the free port before the server does.


class LocalTarget:
    """This machine: the server lives until ``stop``, at the latest until the block ends."""

    kind = "local"
    note = "The service is reached from this machine only."

    def __init__(self, model: Path, environ: Mapping[str, str], patience: Patience) -> None:
        self._model = model
        self._environ = environ
        self._patience = patience
        self._port = _free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="serve-"))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> LocalTarget:
        return self

    def __exit__(self, *_details: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def plan(self, _instance: Instance) -> object:
        """The program that would be started."""
        return ["python", *serve_arguments(self._model, self._port)]

    def exists(self, _instance: Instance) -> bool:
        """A server of this machine is always a new one."""
        return False

    def start(self, _instance: Instance) -> None:
        """Start the server, and return when it answers."""
        environ = _environment(self._environ)
        if shutil.which("uvicorn", path=environ["PATH"]) is None:
            raise RemoteError(
                "uvicorn, which `mlflow models serve` starts, is not on this machine.",
                "Install the whole of mlflow; mlflow-skinny cannot serve.",
            )
        for attempt in range(1, _ATTEMPTS + 1):
            self._process = self._serve(environ)
            try:
                self._wait_until_ready(self._process)
                return
            except RemoteError:
                ended = self._process.poll() is not None
                if not ended or _is_free(self._port) or attempt == _ATTEMPTS:
                    raise
            self._port = _free_port()

    @contextmanager
    def reached(self, _instance: Instance) -> Iterator[Reachable]:
        """The server's address."""
        address = f"http://{_HOST}:{self._port}"
        yield Reachable(address, f"{address}{INVOCATIONS}")

    def log(self, _instance: Instance) -> str:
        """The end of what the server wrote."""
        path = self._folder / _LOG_FILE
        if not path.is_file():
            return ""
        return last_lines(path.read_text(encoding="utf-8", errors="replace"), 30)

    def remove(self, _instance: Instance) -> None:
        """Stop the server."""
        self.stop()

    def wait(self) -> None:
        """Return when the server ends by itself."""
        if self._process is not None:
            self._process.wait()

    def stop(self) -> None:
        """Stop the server and all its children."""
        if self._process is not None:
            _stop(self._process)

    def _serve(self, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        with (self._folder / _LOG_FILE).open("wb") as log:
            return subprocess.Popen(
                [sys.executable, *serve_arguments(self._model.resolve(), self._port)],
                cwd=self._folder,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        def look() -> bool:
            return process.poll() is not None or is_ready(f"http://{_HOST}:{self._port}")

        ready = self._patience.until(look)
        if process.poll() is not None:
            raise RemoteError(
                f"`mlflow models serve` ended with exit code {process.returncode} before it was "
                "ready.",
                "Its log says why. The packages of the model must be installed here.",
            )
        if not ready:
            raise RemoteError(f"The service was not ready in {self._patience.seconds:.0f} seconds.")


def serve_arguments(model: Path, port: int) -> list[str]:
    """What serves a downloaded model with the packages that are installed here."""
    return [
        *("-m", "mlflow", "models", "serve", "--model-uri", str(model)),
        *("--host", _HOST, "--port", str(port), "--env-manager", "local", "--workers", "1"),
    ]


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """No credentials, and the programs beside this Python first: MLflow starts one of them."""
    programs = str(Path(sys.executable).parent)
    return {
        **without_secrets(environ),
        "PATH": os.pathsep.join([programs, environ.get("PATH", os.defpath)]),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((_HOST, 0))
        port: int = listener.getsockname()[1]
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        try:
            listener.bind((_HOST, port))
        except OSError:
            return False
    return True


def _stop(process: subprocess.Popen[bytes]) -> None:
    if os.name != "posix":
        process.terminate()
        process.wait()
        return
    _signal(process, signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    _signal(process, signal.SIGKILL)  # Whatever of its session is left.
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass
