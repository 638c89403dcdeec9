"""Queues, messages, FIFO groups, dead letters and the Query protocol as boto3 knows them."""

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cloud import ACCOUNT, ENDPOINT, REGION, advance, client, equal, refused, run

sqs = client("sqs")


def url_of(name, **attributes):
    return sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


def texts(url, **options):
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **options).get("Messages", [])
    return [message["Body"] for message in found]


def check_digests():
    # botocore compares the digests of bodies and attributes by itself
    url = url_of("digests")
    attributes = {
        "text": {"DataType": "String", "StringValue": "värde"},
        "count": {"DataType": "Number.int", "StringValue": "42"},
        "bytes": {"DataType": "Binary.png", "BinaryValue": b"\x00\xff"},
    }
    sent = sqs.send_message(QueueUrl=url, MessageBody="hej <&> då", MessageAttributes=attributes)
    got = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"][0]
    equal(got["MessageAttributes"], attributes)
    equal(got["MD5OfBody"], sent["MD5OfMessageBody"])
    equal(got["MD5OfMessageAttributes"], sent["MD5OfMessageAttributes"])


def check_errors():
    for call, code, status in [
        (lambda: sqs.get_queue_url(QueueName="none"), "AWS.SimpleQueueService.NonExistentQueue", 400),
        (lambda: sqs.create_queue(QueueName="digests", Attributes={"DelaySeconds": "1"}), "QueueAlreadyExists", 400),
        (lambda: sqs.create_queue(QueueName="not a name"), "InvalidParameterValue", 400),
        # the status that the error has in the Query protocol
        (lambda: sqs.delete_message(QueueUrl=url_of("digests"), ReceiptHandle="x"), "ReceiptHandleIsInvalid", 404),
    ]:
        refused(call, code, status)


def check_a_waiting_receive_wakes():
    url = url_of("waiting")
    got = []
    waiter = threading.Thread(target=lambda: got.extend(texts(url, WaitTimeSeconds=20)))
    begun = time.monotonic()
    waiter.start()
    sqs.send_message(QueueUrl=url, MessageBody="wake up")
    waiter.join()
    equal(got, ["wake up"])
    equal(time.monotonic() - begun < 10, True)


def check_fifo():
    url = url_of("orders.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    for text in ["1", "2", "2", "3"]:
        sqs.send_message(QueueUrl=url, MessageBody=text, MessageGroupId="a")
    equal(texts(url), ["1", "2", "3"])
    equal(texts(url), [])
    advance(30)
    equal(texts(url), ["1", "2", "3"])


def check_dead_letters():
    url_of("dead")
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"
    url = url_of("work", RedrivePolicy=json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1}))
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    equal(texts(url), ["poison"])
    advance(30)
    equal(texts(url), [])
    equal(texts(url_of("dead")), ["poison"])


def query(path, **parameters):
    """A call of the old protocol, as clients made it before 2023."""
    body = urllib.parse.urlencode({"Version": "2012-11-05", **parameters})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = AWSRequest("POST", ENDPOINT + path, headers, body)
    SigV4Auth(Credentials("test", "test"), "sqs", REGION).add_auth(request)
    raw = urllib.request.Request(ENDPOINT + path, body.encode(), dict(request.headers))
    try:
        with urllib.request.urlopen(raw) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def check_the_query_protocol():
    url = url_of("old")
    status, sent = query("/", Action="SendMessage", QueueUrl=url, MessageBody="old way")
    equal((status, "<MD5OfMessageBody>" in sent), (200, True))
    status, got = query(f"/{ACCOUNT}/old", Action="ReceiveMessage", QueueUrl=url)
    equal((status, "<Body>old way</Body>" in got), (200, True))
    status, none = query("/", Action="GetQueueUrl", QueueName="none")
    equal((status, "<Code>AWS.SimpleQueueService.NonExistentQueue</Code>" in none), (400, True))


run(globals())
