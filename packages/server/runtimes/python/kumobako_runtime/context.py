"""What a handler is told of its invocation.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html,
https://github.com/aws/aws-lambda-python-runtime-interface-client/blob/main/awslambdaric/lambda_context.py
"""
import json
import os
import sys
import time

ENV = os.environ


class _Told:
    """Shows what it has, but what is nobody's business."""

    def __repr__(self):
        shown = ",".join(f"{name}={value}" for name, value in vars(self).items() if not name.startswith("_"))
        return f"{type(self).__name__}([{shown}])"


class CognitoIdentity(_Told):
    def __init__(self, known):
        self.cognito_identity_id = known.get("cognitoIdentityId")
        self.cognito_identity_pool_id = known.get("cognitoIdentityPoolId")


class Client(_Told):
    def __init__(self, known):
        self.installation_id = known.get("installation_id")
        self.app_title = known.get("app_title")
        self.app_version_name = known.get("app_version_name")
        self.app_version_code = known.get("app_version_code")
        self.app_package_name = known.get("app_package_name")


class ClientContext(_Told):
    def __init__(self, known):
        self.custom = known.get("custom")
        self.env = known.get("env")
        client = known.get("client")
        self.client = None if client is None else Client(client)


class LambdaContext(_Told):
    def __init__(self, head):
        self.aws_request_id = head["id"]
        self.log_group_name = ENV.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = ENV.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = ENV.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = ENV.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = ENV.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = head["functionArn"]
        client = head.get("clientContext")
        self.client_context = None if client is None else ClientContext(json.loads(client))
        self.identity = CognitoIdentity(json.loads(head.get("identity") or "{}"))
        self.tenant_id = None
        self._epoch_deadline_time_in_ms = head["deadlineMs"]

    def get_remaining_time_in_millis(self):
        return max(int(self._epoch_deadline_time_in_ms - time.time() * 1000), 0)

    def log(self, message):
        sys.stdout.write(str(message))
