"""The log of a function, in AWS's two formats.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html,
https://github.com/aws/aws-lambda-python-runtime-interface-client/blob/main/awslambdaric/lambda_runtime_log_utils.py
"""
import json
import logging
import os
import sys
import time
import traceback

from kumobako_runtime.channel import send

JSON = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"
_LEVELS = {"TRACE": 5, "DEBUG": 10, "INFO": 20, "WARN": 30, "ERROR": 40, "FATAL": 50}
_NAMES = {"WARNING": "WARN", "CRITICAL": "FATAL"}
_USUAL = set(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "asctime", "aws_request_id", "taskName"}
UNHANDLED = (
    "LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. However, in rare "
    "cases, a Lambda runtime update can cause unexpected function behavior. For functions using managed runtimes, "
    "runtime updates can be triggered by a function change, or can be applied automatically. To determine if the "
    "runtime has been updated, check the runtime version in the INIT_START log entry. If this error correlates with a "
    "change in the runtime version, you may be able to mitigate this error by temporarily rolling back to the previous "
    "runtime version. For more information, see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html\r"
)


class Invocation:
    """What the log has to know of the invocation under way."""

    request_id = None


class _Output:
    """Standard output and error: what is written goes to the host at once, in the order in which it is."""

    def __init__(self, stream):
        self._stream = stream
        self.buffer = stream.buffer
        self.encoding = "utf-8"
        self.errors = "replace"

    def write(self, text):
        if text:
            send({"type": "output"}, text.encode("utf-8", "replace"))
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        self._stream.flush()

    def isatty(self):
        return False

    def __getattr__(self, name):
        return getattr(self._stream, name)


class _Text(logging.Formatter):
    converter = time.gmtime

    def __init__(self):
        super().__init__(
            "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S"
        )


class _Json(logging.Formatter):
    converter = time.gmtime

    def format(self, record):
        line = {
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        failed = record.exc_info and record.exc_info[0] is not None
        if failed:
            kind, error, trace = record.exc_info
            line["stackTrace"] = traceback.format_tb(trace)
            line["errorType"] = kind.__name__
            line["errorMessage"] = str(error)
        line["requestId"] = record.aws_request_id
        if failed:
            line["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
        for name, value in record.__dict__.items():
            if name not in _USUAL and name not in line:
                line[name] = value
        return json.dumps(line, ensure_ascii=False, default=str) + "\n"


class _ToHost(logging.Handler):
    def emit(self, record):
        level = _NAMES.get(record.levelname, record.levelname)
        send({"type": "log", "level": level}, self.format(record).encode("utf-8", "replace"))


def _with_request_id(record):
    record.aws_request_id = Invocation.request_id or ""
    return True


def install():
    sys.stdout = _Output(sys.stdout)
    sys.stderr = _Output(sys.stderr)
    handler = _ToHost()
    handler.setFormatter(_Json() if JSON else _Text())
    handler.addFilter(_with_request_id)
    root = logging.getLogger()
    root.addHandler(handler)
    level = _LEVELS.get(os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper())
    if JSON:
        root.setLevel(logging.INFO if level is None else level)


def warn_of_unhandled():
    logging.warning(UNHANDLED)


def log_failure(answer):
    """A failure as the runtime itself logs it."""
    if JSON:
        line = {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "log_level": "ERROR", **answer}
        send({"type": "log", "level": "ERROR"}, (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "replace"))
        return
    text = f"[ERROR] {answer['errorType']}" + (f": {answer['errorMessage']}" if answer["errorMessage"] else "")
    # indented with spaces that do not break, as AWS does
    lines = "".join(answer["stackTrace"]).split("\n")
    text += "\nTraceback (most recent call last):\n" + "\n".join(map(_indented, lines))
    send({"type": "log"}, (text.rstrip("\n") + "\n").encode("utf-8", "replace"))


def _indented(line):
    bare = line.lstrip(" ")
    return "\u00a0" * (len(line) - len(bare)) + bare
