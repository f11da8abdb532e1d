"""Ports: which one is free."""

import socket

from webapp.commands.answers import Refused


def refuse_taken_port(host: str, port: int) -> None:
    """Raise Refused where something listens there; Granian itself would share the port with it in silence."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(f"Port {port} is in use. Another one is chosen by PORT, for example PORT=9000.") from error
