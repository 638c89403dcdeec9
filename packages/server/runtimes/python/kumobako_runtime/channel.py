"""How a runtime and its host talk: frames of two lengths, a head in JSON and a body; in on descriptor 3, out on 4."""
import json
import os
import struct
import threading

IN = 3
OUT = 4
_LENGTHS = struct.Struct(">II")
_writing = threading.Lock()


def send(head, body=b""):
    """Gone when it returns, so that nothing is lost where the process ends."""
    head_bytes = json.dumps(head).encode("utf-8")
    frame = memoryview(_LENGTHS.pack(len(head_bytes), len(body)) + head_bytes + body)
    with _writing:
        while frame:
            frame = frame[os.write(OUT, frame):]


def receive():
    """The next frame; None where the host is gone."""
    lengths = _exactly(_LENGTHS.size)
    if lengths is None:
        return None
    head_bytes, body_bytes = _LENGTHS.unpack(lengths)
    return json.loads(_exactly(head_bytes)), _exactly(body_bytes)


def _exactly(count):
    pieces = []
    while count > 0:
        piece = os.read(IN, min(count, 1 << 20))
        if not piece:
            return None
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)
