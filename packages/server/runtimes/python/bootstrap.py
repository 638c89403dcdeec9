"""Runs the handler of a function in Python.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html, python-context.html, python-handler.html
"""
import decimal
import importlib
import json
import math
import os
import re
import sys
import traceback

from kumobako_runtime import log
from kumobako_runtime.channel import receive, send
from kumobako_runtime.context import LambdaContext
from kumobako_runtime.snapshot import pass_through_snapshot

ENV = os.environ
ASCII = ENV.get("AWS_EXECUTION_ENV", "") in {f"AWS_Lambda_python3.{minor}" for minor in range(8, 12)}
# Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_common.snapshot.json
NAMES_REQUEST = ENV.get("AWS_EXECUTION_ENV", "") != "AWS_Lambda_python3.8"


class RuntimeFailure(Exception):
    """A failure of the runtime itself: `kind` is the errorType of the answer."""

    def __init__(self, kind, message, stack=()):
        super().__init__(message)
        self.kind = kind
        self.stack = list(stack)


def load_handler(named):
    try:
        module_name, function_name = named.rsplit(".", 1)
    except ValueError as error:
        raise RuntimeFailure("Runtime.MalformedHandlerName", f"Bad handler '{named}': {error}") from None
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = f"Cannot use built-in module {module_name} as a handler module"
        raise RuntimeFailure("Runtime.BuiltInModuleConflict", message)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise RuntimeFailure("Runtime.ImportModuleError", message) from None
    except SyntaxError as error:
        stack = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        message = f"Syntax error in module '{module_name}': {error}"
        raise RuntimeFailure("Runtime.UserCodeSyntaxError", message, stack) from None
    try:
        return getattr(module, function_name)
    except AttributeError:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise RuntimeFailure("Runtime.HandlerNotFound", message) from None


def answer_of(error, request_id):
    """What an error is in an answer."""
    if isinstance(error, RuntimeFailure):
        answer = {"errorMessage": str(error), "errorType": error.kind}
        stack = error.stack
    else:
        answer = {"errorMessage": str(error), "errorType": type(error).__name__}
        stack = traceback.format_list(frames_of_function(error))
    if NAMES_REQUEST:
        answer["requestId"] = request_id
    answer["stackTrace"] = stack
    return answer


def frames_of_function(error):
    """Without those of the runtime, which come first."""
    frames = traceback.extract_tb(error.__traceback__)
    while frames and (frames[0].filename == __file__ or frames[0].filename.startswith("<frozen ")):
        frames = frames[1:]
    # without columns, so that no line of signs shows the place within one
    return [(frame.filename, frame.lineno, frame.name, frame.line) for frame in frames]


# no text of the function's own has it
MARK = os.urandom(16).hex()


class Marshal:
    """What JSON has no kind for: bytes are text, decimals stand digit by digit.

    Source: https://github.com/aws/aws-lambda-python-runtime-interface-client/blob/main/awslambdaric/lambda_runtime_marshaller.py
    """

    def __init__(self):
        self.decimals = []

    def plain(self, value):
        if isinstance(value, bytes):
            return value.decode("utf-8")
        if not isinstance(value, decimal.Decimal):
            raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
        if value.is_nan():
            return math.nan
        self.decimals.append(str(value))
        return f"{MARK}{len(self.decimals) - 1}"

    def text_of(self, value):
        text = json.dumps(value, default=self.plain, ensure_ascii=ASCII)
        if not self.decimals:
            return text
        return re.sub(f'"{MARK}([0-9]+)"', lambda found: self.decimals[int(found[1])], text)


def marshalled(value):
    try:
        return Marshal().text_of(value).encode("utf-8")
    except Exception as error:
        raise RuntimeFailure("Runtime.MarshalError", f"Unable to marshal response: {error}") from None


def unmarshalled(body):
    try:
        return json.loads(body) if body else {}
    except Exception as error:
        raise RuntimeFailure("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None


def run(handler, head, body):
    log.Invocation.request_id = head["id"]
    if head.get("traceId") is None:
        ENV.pop("_X_AMZN_TRACE_ID", None)
    else:
        ENV["_X_AMZN_TRACE_ID"] = head["traceId"]
    try:
        answer = handler(unmarshalled(body), LambdaContext(head))
        answer = answer if isinstance(answer, bytes) else marshalled(answer)
        send({"type": "response", "id": head["id"]}, answer)
    except Exception as error:
        failed = answer_of(error, head["id"])
        log.log_failure(failed)
        send({"type": "error", "id": head["id"]}, json.dumps(failed, ensure_ascii=ASCII).encode("utf-8"))


def main():
    log.install()
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    sys.path[:0] = [ENV["LAMBDA_TASK_ROOT"]]
    opt = ENV.get("KUMOBAKO_OPT", "/opt")
    sys.path += [f"{opt}/python/lib/{version}/site-packages", f"{opt}/python"]
    try:
        handler = load_handler(ENV["_HANDLER"])
        if ENV.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
            pass_through_snapshot()
    except Exception as error:
        failed = answer_of(error, "")
        log.warn_of_unhandled()
        log.log_failure(failed)
        send({"type": "init-error"}, json.dumps(failed, ensure_ascii=ASCII).encode("utf-8"))
        sys.exit(1)
    send({"type": "ready"})
    while True:
        frame = receive()
        if frame is None:
            return
        run(handler, *frame)


main()
