"""Vega-Lite specs to SVG and PNG: the only place that touches vl_convert.

A process that has used vl_convert must not fork: its children hang. Where many processes draw, one
`Renderer` process is started first and serves them all; a child that was forked or spawned connects anew.

    with Renderer.start() as renderer:
        use(renderer.client)
        ...  # fork or spawn; render_svg in any child asks the one renderer
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

from volresearch.errors import VolResearchError

__all__ = ["Renderer", "RendererClient", "render_png", "render_svg", "use", "vega_bundle"]

Spec = Mapping[str, Any]

_client: RendererClient | None = None


def use(client: RendererClient | None) -> None:
    """Let this process and its children draw through `client`; None draws in this process again."""
    global _client
    _client = client


def render_svg(spec: Spec) -> str:
    """Return a Vega-Lite spec drawn as SVG."""
    return _ask("svg", dict(spec))


def render_png(svg: str, scale: float = 2.0) -> bytes:
    """Return an SVG drawn as PNG; its fonts must be installed, nothing is fetched."""
    return base64.b64decode(_ask("png", {"svg": svg, "scale": scale}))


@cache
def vega_bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script that sets ``window.vegaEmbed``; about 0.9 MB."""
    return _ask("bundle", {})


def _ask(verb: str, body: dict[str, Any]) -> str:
    if _client is not None:
        return _client.ask(verb, body)
    return _draw(verb, body)


def _draw(verb: str, body: dict[str, Any]) -> str:
    import vl_convert

    if verb == "svg":
        return str(vl_convert.vegalite_to_svg(body, allowed_base_urls=[]))
    if verb == "png":
        return base64.b64encode(vl_convert.svg_to_png(body["svg"], scale=body["scale"])).decode("ascii")
    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))


@dataclass
class RendererClient:
    """The way to a renderer process; can be pickled and inherited, connects once in every process."""

    address: Any
    key: bytes
    _pid: int = field(default=0, repr=False)
    _connection: Connection | None = field(default=None, repr=False)
    _lock: Any = field(default_factory=threading.Lock, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {"address": self.address, "key": self.key}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    def ask(self, verb: str, body: dict[str, Any]) -> str:
        """Send one request and return the answer; raises ``show.render`` where the drawing failed."""
        if self._pid != os.getpid():
            # After a fork neither the connection nor the lock is ours.
            self._lock, self._pid = threading.Lock(), os.getpid()
            self._connection = Client(self.address, authkey=self.key)
        with self._lock:
            assert self._connection is not None
            self._connection.send_bytes(json.dumps([verb, body]).encode())
            good, text = json.loads(self._connection.recv_bytes())
        if not good:
            raise VolResearchError("show.render", f"A chart could not be drawn: {text}")
        return str(text)


class Renderer:
    """One process that draws for many; started by `Renderer.start`, ended by `close` or with its parent."""

    def __init__(self, process: subprocess.Popen[str], client: RendererClient) -> None:
        self._process = process
        self.client = client

    @classmethod
    def start(cls) -> Renderer:
        """Start the process and wait until it listens."""
        key = secrets.token_bytes(32)
        process = subprocess.Popen(
            [sys.executable, "-m", "volresearch.show.renderer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        assert process.stdin is not None
        assert process.stdout is not None
        # The key goes through the pipe: arguments and environment can be read by others.
        process.stdin.write(key.hex() + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise VolResearchError("show.render", "The renderer process did not start.")
        address = json.loads(line)
        return cls(process, RendererClient(tuple(address) if isinstance(address, list) else address, key))

    def close(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _serve() -> None:
    key = bytes.fromhex(sys.stdin.readline().strip())
    # Unix socket or Windows pipe: nothing listens on the network.
    listener = Listener(authkey=key)
    print(json.dumps(listener.address), flush=True)
    threading.Thread(target=_accept, args=(listener,), daemon=True).start()
    # The parent holds the other end: when it closes or dies, so do we.
    sys.stdin.read()
    listener.close()
    os._exit(0)


def _accept(listener: Listener) -> None:
    while True:
        try:
            connection = listener.accept()
        except Exception:  # noqa: BLE001, S112 - a wrong key or a broken caller must not end the server
            continue
        threading.Thread(target=_answer, args=(connection,), daemon=True).start()


_drawing = threading.Lock()


def _answer(connection: Connection) -> None:
    while True:
        try:
            verb, body = json.loads(connection.recv_bytes())
        except (EOFError, OSError, ValueError):
            connection.close()
            return
        try:
            with _drawing:
                answer = [True, _draw(verb, body)]
        except Exception as problem:  # noqa: BLE001 - whatever the drawing says goes back to the caller
            answer = [False, str(problem)[:500]]
        connection.send_bytes(json.dumps(answer).encode())


if __name__ == "__main__":
    _serve()
