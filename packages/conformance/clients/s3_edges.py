"""S3 asked in ways that no SDK asks: odd heads, bodies whose length is not told, parameters that are none."""

import re
import socket
from urllib.parse import urlsplit

from botocore.auth import HmacV1Auth, S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cloud import ENDPOINT, client, equal, run

HOST = urlsplit(ENDPOINT).netloc
KEYS = Credentials("test", "test")
BUCKET = "edges"
client("s3").create_bucket(Bucket=BUCKET)
client("s3").put_object(Bucket=BUCKET, Key="k", Body=b"hello")


def signed(method, path, headers, body, version):
    request = AWSRequest(method=method, url=f"http://{HOST}{path}", headers=headers, data=body)
    request.headers["Host"] = HOST
    if version == 4:
        S3SigV4Auth(KEYS, "s3", "us-east-1").add_auth(request)
    if version == 2:
        HmacV1Auth(KEYS).add_auth(request)
    return dict(request.headers.items())


def ask(method, path, headers=None, body=b"", version=4, without=(), changed=None):
    """Sends the very bytes; gives status, code, message and the whole answer."""
    sent = {"Content-Length": str(len(body)), **signed(method, path, headers or {}, body, version)}
    sent = {name: value for name, value in sent.items() if name not in without} | (changed or {})
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    with socket.create_connection(HOST.split(":"), timeout=5) as connection:
        connection.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin1") + body)
        answer = read(connection).decode("latin1")
    status = int(answer.split(" ")[1])
    code = re.search("<Code>(.*?)</Code>", answer)
    message = re.search("<Message>(.*?)</Message>", answer)
    return status, code and code[1], message and message[1], answer


def read(connection):
    """One answer: its head, and as much as the head says."""
    answer = b""
    while True:
        head, end, rest = answer.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        if end and (length is None or len(rest) >= int(length[1])):
            return answer
        piece = connection.recv(65536)
        if not piece:
            return answer
        answer += piece


def refused(status, code, *request, message=None, **more):
    found = ask(*request, **more)
    equal(found[:2], (status, code))
    if message is not None:
        equal(found[2], message)


def check_signatures_that_are_none():
    put = ("PUT", f"/{BUCKET}/x")
    # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    refused(403, "AccessDenied", *put, without=["Authorization"], message="Access Denied")
    refused(403, "AccessDenied", *put, changed={"Authorization": ""}, message="Access Denied")
    refused(400, "InvalidArgument", *put, changed={"Authorization": "AWS HAHAHA"})
    refused(400, "AuthorizationHeaderMalformed", *put, changed={"Authorization": "AWS4-HMAC-SHA256 Credential=HAHAHA"})
    refused(403, "InvalidAccessKeyId", *put, changed={"Authorization": "AWS AKIAIGR7ZNNBHC5BKSUB:FWeDfwojDSdS2Z="})


def check_dates():
    put = ("PUT", f"/{BUCKET}/x")
    # https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationTimeStamp
    words = "AWS authentication requires a valid Date or x-amz-date header"
    for version, name in ((2, "Date"), (4, "X-Amz-Date")):
        refused(403, "AccessDenied", *put, version=version, without=[name], message=words)
        refused(403, "AccessDenied", *put, version=version, changed={name: "Bad Date"}, message=words)
    past = {"Date": "Tue, 07 Jul 2010 21:53:04 GMT"}
    refused(403, "RequestTimeTooSkewed", *put, version=2, changed=past)


def check_digests():
    # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (InvalidDigest, BadDigest)
    put = ("PUT", f"/{BUCKET}/x")
    refused(400, "InvalidDigest", *put, {"Content-MD5": ""}, b"bar")
    refused(400, "InvalidDigest", *put, {"Content-MD5": "YWJyYWNhZGFicmE="}, b"bar")
    refused(400, "BadDigest", *put, {"Content-MD5": "rL0Y20xC+Fzt72VPzMSk2A=="}, b"bar")


def check_what_a_client_expects():
    put = ("PUT", f"/{BUCKET}/x")
    # assumed, for what is no 100-continue
    for expected in ("200-ok", ""):
        equal(ask(*put, body=b"a", changed={"Expect": expected})[0], 200)
    equal(ask(*put, body=b"a", changed={"Expect": "100-continue"})[0], 100)


def check_lists_of_odd_lengths():
    page = f"/{BUCKET}?max-keys="
    # https://github.com/getmoto/moto/blob/master/tests/test_s3/test_s3_multipart.py (the words, of max-parts)
    negative = "Argument max-keys must be an integer between 0 and 2147483647"
    none = "Provided max-keys not an integer or within integer range"
    refused(400, "InvalidArgument", "GET", f"{page}-1", message=negative)
    for value in ("blah", "2147483648"):
        refused(400, "InvalidArgument", "GET", page + value, message=none)
    assert "<IsTruncated>false</IsTruncated>" in ask("GET", f"{page}0")[3]
    assert "<MaxKeys>1000</MaxKeys>" in ask("GET", f"{page}5000")[3]
    refused(400, "InvalidArgument", "GET", f"/{BUCKET}?encoding-type=foo")
    refused(400, "InvalidArgument", "GET", f"/{BUCKET}?list-type=2&continuation-token=")
    assert "<Delimiter>" not in ask("GET", f"/{BUCKET}?delimiter=")[3]


def check_ranges():
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Range), https://www.rfc-editor.org/rfc/rfc9110#section-14.2
    for unheeded in ("lines=1-2", "bytes=3-1", "bytes=0-1,3-4"):
        equal(ask("GET", f"/{BUCKET}/k", {"Range": unheeded})[0], 200)
    for outside in ("bytes=10-20", "bytes=-0"):
        refused(416, "InvalidRange", "GET", f"/{BUCKET}/k", {"Range": outside})
    status, _, _, answer = ask("GET", f"/{BUCKET}/k", {"Range": "bytes=-2"})
    equal((status, answer[-2:]), (206, "lo"))


def check_names_and_methods():
    # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (InvalidURI, KeyTooLongError, MethodNotAllowed)
    refused(400, "InvalidURI", "GET", f"/{BUCKET}/%AE%8A-", message="Couldn't parse the specified URI.")
    refused(400, "KeyTooLongError", "PUT", f"/{BUCKET}/{'k' * 1025}")
    refused(400, "InvalidBucketName", "PUT", "/ab")
    for method, path in (("PATCH", f"/{BUCKET}/k"), ("DELETE", "/"), ("PUT", "/"), ("POST", f"/{BUCKET}/k")):
        refused(405, "MethodNotAllowed", method, path)


def check_bodies_that_are_no_xml():
    # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (MalformedXML)
    for path, body in (("/not-made", b"<a"), ("/not-made", b"<a/>"), (f"/{BUCKET}/k?tagging", b"<T")):
        refused(400, "MalformedXML", "PUT", path, body=body)


run(globals())
