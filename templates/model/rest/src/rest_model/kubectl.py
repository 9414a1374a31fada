"""The thin adapter to Kubernetes: everything goes through ``kubectl`` and its own sign-in."""

from __future__ import annotations

import json
import queue
import re
import subprocess  # argument lists only, never a shell
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any

from ..errors import RemoteError
from .programs import Program, last_lines

_INSTANCE_LABEL = "app.kubernetes.io/instance"
_FORWARDING = re.compile(r"Forwarding from 127\.0\.0\.1:(\d+)")
_FORWARD_SECONDS = 60.0


class Kubectl:
    """Kubectl for one namespace; the environment's KUBECONFIG names the cluster."""

    def __init__(self, environ: Mapping[str, str], namespace: str) -> None:
        self._program = Program(
            "kubectl", environ, "Install kubectl, or use the task KubectlInstaller@0."
        )
        self._namespace = ["--namespace", namespace]

    def exists(self, name: str) -> bool:
        """Whether the Deployment is there."""
        return bool(self._run(["get", "deployment", name, "--ignore-not-found", "--output=name"]))

    def apply(self, found: Sequence[Mapping[str, Any]]) -> str:
        """Apply the manifests on the side of the server; what kubectl says about each."""
        content = {"apiVersion": "v1", "kind": "List", "items": list(found)}
        arguments = ["apply", "--server-side", "--field-manager=mloccli", "--filename=-"]
        return self._run(arguments, text=json.dumps(content))

    def wait(self, name: str, seconds: float) -> str:
        """Return when all pods of the Deployment are ready; RemoteError when time runs out."""
        return self._run(
            ["rollout", "status", f"deployment/{name}", f"--timeout={seconds:.0f}s"],
            timeout_seconds=seconds + 60,
        )

    def pods(self, name: str) -> dict[str, Any]:
        """The pods of the instance as Kubernetes describes them."""
        answer = self._run(["get", "pods", f"--selector={_INSTANCE_LABEL}={name}", "--output=json"])
        try:
            content = json.loads(answer)
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise RemoteError("kubectl described the pods in something other than JSON.")
        return content

    def log(self, name: str) -> str:
        """The end of the log of the instance's pods."""
        return self._run(["logs", f"--selector={_INSTANCE_LABEL}={name}", "--tail=30"])

    def remove(self, name: str) -> None:
        """Remove what was applied for the instance; that it is gone already is no error."""
        selector = f"--selector={_INSTANCE_LABEL}={name}"
        self._run(["delete", "deployment,service,ingress", selector, "--ignore-not-found"])

    @contextmanager
    def forwarded(self, name: str) -> Iterator[str]:
        """The address on this machine that leads to the Service while the block lasts."""
        command = self._program.command(
            ["port-forward", f"service/{name}", ":80", "--address=127.0.0.1", *self._namespace]
        )
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=dict(self._program.environ),
        ) as process:
            try:
                assert process.stdout is not None
                yield f"http://127.0.0.1:{_forwarded_port(process.stdout)}"
            finally:
                process.terminate()

    def _run(
        self, arguments: Sequence[str], *, text: str | None = None, timeout_seconds: float = 120
    ) -> str:
        return self._program.run(
            [*arguments, *self._namespace], text=text, timeout_seconds=timeout_seconds
        ).strip()


def _forwarded_port(output: IO[str]) -> int:
    """The port that kubectl names; its output is read to the end so that it never blocks."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in output:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    seen = ""
    try:
        while (line := lines.get(timeout=_FORWARD_SECONDS)) is not None:
            seen += line
            if found := _FORWARDING.search(line):
                return int(found.group(1))
    except queue.Empty:
        pass
    raise RemoteError(f"`kubectl port-forward` opened no port. {last_lines(seen)}".strip())
