"""S3 as boto3 uses it: keys, metadata, parts, presigned URLs, conditions, checksums, addressing."""

import base64
import hashlib
import io
import os
import socket
import zlib

import boto3
import urllib3
from boto3.s3.transfer import TransferConfig

from cloud import ENDPOINT, ROOT, advance, client, equal, refused, run

BUCKET = "objects"
MIB = 1024 * 1024
s3 = client("s3")


def fetch(url, method="GET", data=None):
    """Status and body of a request that nothing signs, with no header that was not asked for."""
    answer = urllib3.request(method, url, body=data, retries=False)
    return answer.status, answer.data


def check_keys_of_all_kinds():
    s3.create_bucket(Bucket=BUCKET)
    keys = ["雲/箱.txt", "a b+c&d=e?f#g%20.txt", "a//b", "./../up", "quote'\"<>", "ä̈", "x" * 1024]
    for key in keys:
        s3.put_object(Bucket=BUCKET, Key=key, Body=key.encode())
        equal(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode(), key)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 2})
    listed = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
    # Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html (order of UTF-8 bytes)
    equal(listed, sorted(keys, key=lambda key: key.encode()))
    equal(len(s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": key} for key in keys]})["Deleted"]), 7)


def check_metadata():
    s3.put_object(
        Bucket=BUCKET,
        Key="m",
        Body=b"{}",
        ContentType="application/json",
        CacheControl="max-age=60",
        ContentDisposition="attachment",
        Metadata={"color": "blue", "shape": "round"},
        Tagging="team=a&stage=test",
    )
    head = s3.head_object(Bucket=BUCKET, Key="m")
    equal(head["Metadata"], {"color": "blue", "shape": "round"})
    equal((head["ContentType"], head["CacheControl"], head["ContentDisposition"]), ("application/json", "max-age=60", "attachment"))
    equal(head["ServerSideEncryption"], "AES256")
    tags = s3.get_object_tagging(Bucket=BUCKET, Key="m")["TagSet"]
    equal({tag["Key"]: tag["Value"] for tag in tags}, {"team": "a", "stage": "test"})
    s3.copy_object(Bucket=BUCKET, Key="n", CopySource={"Bucket": BUCKET, "Key": "m"})
    equal(s3.head_object(Bucket=BUCKET, Key="n")["Metadata"]["color"], "blue")


def check_parts_by_the_transfer_manager():
    config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB, max_concurrency=4)
    body = os.urandom(12 * MIB)
    s3.upload_fileobj(io.BytesIO(body), BUCKET, "large", Config=config, ExtraArgs={"Metadata": {"by": "parts"}})
    head = s3.head_object(Bucket=BUCKET, Key="large")
    parts = [body[at : at + 5 * MIB] for at in range(0, len(body), 5 * MIB)]
    digest = hashlib.md5(b"".join(hashlib.md5(part).digest() for part in parts)).hexdigest()
    equal((head["ETag"], head["Metadata"]), (f'"{digest}-3"', {"by": "parts"}))
    back = io.BytesIO()
    s3.download_fileobj(BUCKET, "large", back, Config=config)
    assert back.getvalue() == body
    equal(s3.get_object(Bucket=BUCKET, Key="large", Range="bytes=5242878-5242881")["Body"].read(), body[5242878:5242882])
    s3.copy({"Bucket": BUCKET, "Key": "large"}, BUCKET, "copy", Config=config)
    equal(s3.head_object(Bucket=BUCKET, Key="copy")["ContentLength"], len(body))
    equal(s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads"), None)


def check_presigned():
    s3.put_object(Bucket=BUCKET, Key="signed", Body=b"secret")
    urls = []
    for version in ("s3", "s3v4"):
        signer = client("s3", config={"signature_version": version})
        url = signer.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "signed"}, ExpiresIn=60)
        assert ("X-Amz-Signature" in url) == (version == "s3v4"), url
        equal(fetch(url), (200, b"secret"))
        status, body = fetch(url.replace("/signed", "/other"))
        assert status == 403 and b"SignatureDoesNotMatch" in body, body
        put = signer.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": version}, ExpiresIn=60)
        equal(fetch(put, "PUT", version.encode())[0], 200)
        equal(s3.get_object(Bucket=BUCKET, Key=version)["Body"].read(), version.encode())
        urls.append(url)
    advance(61)
    for url in urls:
        status, body = fetch(url)
        assert status == 403 and b"Request has expired" in body, body


def check_conditions():
    first = s3.put_object(Bucket=BUCKET, Key="c", Body=b"1", IfNoneMatch="*")["ETag"]
    once_more = dict(Bucket=BUCKET, Key="c", Body=b"2")
    refused(lambda: s3.put_object(**once_more, IfNoneMatch="*"), "PreconditionFailed", 412)
    second = s3.put_object(**once_more, IfMatch=first)["ETag"]
    refused(lambda: s3.put_object(**once_more, IfMatch=first), "PreconditionFailed", 412)
    refused(lambda: s3.get_object(Bucket=BUCKET, Key="c", IfNoneMatch=second), "304", 304)
    refused(lambda: s3.get_object(Bucket=BUCKET, Key="c", IfMatch=first), "PreconditionFailed", 412)
    refused(lambda: s3.head_object(Bucket=BUCKET, Key="c", IfMatch=first), "412", 412)
    refused(lambda: s3.get_object(Bucket=BUCKET, Key="c", Range="bytes=9-"), "InvalidRange", 416)


def check_checksums():
    def coded(digest):
        return base64.b64encode(digest).decode()

    body = b"checked"
    sha256 = coded(hashlib.sha256(body).digest())
    answer = s3.put_object(Bucket=BUCKET, Key="sum", Body=body, ChecksumAlgorithm="SHA256")
    equal(answer["ChecksumSHA256"], sha256)
    got = s3.get_object(Bucket=BUCKET, Key="sum", ChecksumMode="ENABLED")
    equal((got["ChecksumSHA256"], got["Body"].read()), (sha256, body))
    # What newer SDKs send where nothing is said.
    crc32 = coded(zlib.crc32(body).to_bytes(4, "big"))
    equal(s3.put_object(Bucket=BUCKET, Key="sum", Body=body)["ChecksumCRC32"], crc32)
    attributes = s3.get_object_attributes(Bucket=BUCKET, Key="sum", ObjectAttributes=["Checksum", "ObjectSize"])
    equal((attributes["Checksum"]["ChecksumCRC32"], attributes["ObjectSize"]), (crc32, 7))
    refused(lambda: s3.put_object(Bucket=BUCKET, Key="sum", Body=b"else", ChecksumSHA256=sha256), "BadDigest", 400)
    wrong = coded(hashlib.md5(b"else").digest())
    refused(lambda: s3.put_object(Bucket=BUCKET, Key="sum", Body=body, ContentMD5=wrong), "BadDigest", 400)


def check_the_resource_api():
    bucket = boto3.resource(
        "s3", endpoint_url=ENDPOINT, region_name="us-east-1", aws_access_key_id=ROOT[0], aws_secret_access_key=ROOT[1]
    ).Bucket("resourceful")
    bucket.create()
    bucket.wait_until_exists()
    for number in range(5):
        bucket.put_object(Key=f"logs/{number}", Body=b"x")
    equal([entry.key for entry in bucket.objects.filter(Prefix="logs/").limit(2)], ["logs/0", "logs/1"])
    equal({version.id for version in bucket.object_versions.all()}, {"null"})
    bucket.object_versions.delete()
    bucket.delete()
    bucket.wait_until_not_exists()


def check_virtual_host_addressing():
    # Names below localhost are this machine's own, which not every resolver knows.
    # Source: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
    resolve = socket.getaddrinfo
    socket.getaddrinfo = lambda host, *rest, **more: resolve(
        "127.0.0.1" if str(host).endswith(".localhost") else host, *rest, **more
    )
    port = ENDPOINT.rsplit(":", 1)[1]
    for name in (f"http://localhost:{port}", f"http://s3.localhost:{port}"):
        hosted = client("s3", endpoint_url=name, config={"s3": {"addressing_style": "virtual"}})
        hosted.put_object(Bucket=BUCKET, Key="hosted/雲", Body=name.encode())
        equal(hosted.get_object(Bucket=BUCKET, Key="hosted/雲")["Body"].read(), name.encode())
        url = hosted.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "hosted/雲"})
        assert url.startswith(name.replace("//", f"//{BUCKET}.")), url
        equal(fetch(url), (200, name.encode()))
    socket.getaddrinfo = resolve


run(globals())
