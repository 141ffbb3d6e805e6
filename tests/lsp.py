"""A small client of language servers that talk over their standard input and output."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

Message = dict[str, Any]
Inbox = queue.Queue[Message | None]
TIMEOUT = 60.0
# What editors commonly say that they can show.
_ABILITIES = {
    "workspace": {"configuration": True},
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
    },
}


class Client:
    """The editor's side of the talk: asks, answers what the server asks, keeps its latest findings on each file."""

    def __init__(self, to_server: IO[bytes], inbox: Inbox, settings: dict[str, Any]) -> None:
        self._to_server, self._inbox, self._settings = to_server, inbox, settings
        self._numbers = itertools.count(1)
        self._opened: set[str] = set()
        self._findings: dict[str, list[Message] | None] = {}

    def start(self, folder: Path) -> None:
        """Open a folder."""
        root = {"uri": folder.as_uri(), "name": folder.name}
        params = {"processId": os.getpid(), "rootUri": root["uri"], "workspaceFolders": [root]}
        self.request("initialize", {**params, "capabilities": _ABILITIES})
        self.notify("initialized", {})

    def show(self, path: Path, text: str) -> None:
        """Let a file have this text in the editor, whatever is on disk."""
        uri = path.as_uri()
        self._findings[uri] = None
        document = {"uri": uri, "version": next(self._numbers)}
        if uri in self._opened:
            self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})
        else:
            self._opened.add(uri)
            self.notify("textDocument/didOpen", {"textDocument": {**document, "languageId": "yaml", "text": text}})

    def at(self, method: str, path: Path, place: tuple[int, int]) -> Any:
        """What the server answers of a line and column of a file, both counted from 0."""
        position = {"line": place[0], "character": place[1]}
        return self.request(f"textDocument/{method}", {"textDocument": {"uri": path.as_uri()}, "position": position})

    def findings(self, path: Path, wanted: Callable[[list[Message]], bool]) -> list[Message]:
        """The findings on the text a file has, once they are as wanted; fails with the latest if they never are."""
        end = time.monotonic() + TIMEOUT
        while True:
            # The server may still be busy with an earlier text, so findings that are not wanted are not the last word.
            found = self._findings[path.as_uri()]
            if found is not None and wanted(found):
                return found
            self._receive(end, f"findings as wanted; the latest: {found}")

    def request(self, method: str, params: object) -> Any:
        """The result the server answers with; fails if it is an error."""
        number, end = next(self._numbers), time.monotonic() + TIMEOUT
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._receive(end, method)
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def notify(self, method: str, params: object) -> None:
        """Tell the server something that has no answer."""
        self._send({"method": method, "params": params})

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._to_server.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._to_server.flush()

    def _receive(self, end: float, awaited: str) -> Message:
        """The next message; questions of the server are answered and findings kept on the way."""
        try:
            message = self._inbox.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            raise AssertionError(f"not within {TIMEOUT:g} seconds: {awaited}") from None
        assert message is not None, f"the server ended: {awaited}"
        if message.get("method") == "textDocument/publishDiagnostics":
            self._findings[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": self._answer(message)})
        return message

    def _answer(self, asked: Message) -> Any:
        if asked["method"] != "workspace/configuration":
            return None
        return [self._settings.get(item["section"]) for item in asked["params"]["items"]]


@contextlib.contextmanager
def serving(command: list[str], folder: Path, settings: dict[str, Any]) -> Iterator[Client]:
    """A server at work in a folder; it is killed at the end, whatever happens."""
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        inbox: Inbox = queue.Queue()
        reader = threading.Thread(target=_read_all, args=(process.stdout, inbox), daemon=True)
        try:
            reader.start()
            client = Client(process.stdin, inbox, settings)
            client.start(folder)
            yield client
        finally:
            process.kill()
            reader.join()


def _read_all(stream: IO[bytes], inbox: Inbox) -> None:
    """Put every message into the inbox, and None at the end."""
    while (length := _length(stream)) and len(body := stream.read(length)) == length:
        inbox.put(json.loads(body))
    inbox.put(None)


def _length(stream: IO[bytes]) -> int:
    """The length that the head of a message gives; 0 at the end of the stream."""
    length = 0
    while (line := stream.readline()).strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return length
