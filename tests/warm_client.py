"""Have a warm server (tests/warm_server.py) run the program.

As a script, `warm_client.py SOCKET ARGUMENT...`, it stands for `policy-eval` in shells. It imports little, so that it
starts in no time.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence


def request(
    server: str, arguments: Sequence[str], cwd: str, environment: Mapping[str, str], files: Sequence[int]
) -> socket.socket:
    """Ask for a run with these files as stdin, stdout and stderr; its exit code can be read from the socket."""
    asked = json.dumps([list(arguments), cwd, dict(environment)]).encode()
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(server)
        socket.send_fds(connection, [len(asked).to_bytes(4, "big")], list(files))
        connection.sendall(asked)
    except OSError:
        connection.close()
        raise
    return connection


def code(connection: socket.socket) -> int:
    """What the program came to, once it has ended; negative for a signal."""
    with connection:
        said = connection.recv(16)
    return int(said or b"-9")


if __name__ == "__main__":
    came_to = code(request(sys.argv[1], sys.argv[2:], os.getcwd(), os.environ, (0, 1, 2)))
    sys.exit(came_to if came_to >= 0 else 128 - came_to)
