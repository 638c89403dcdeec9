"""Inventories of S3 as readers of their formats read them: pyarrow's of ORC and of Parquet."""

import datetime
import io
import json

import pyarrow.orc
import pyarrow.parquet

from cloud import ACCOUNT, advance, client, equal, run

s3 = client("s3")
FIELDS = ["Size", "LastModifiedDate", "ETag", "StorageClass", "IsMultipartUploaded", "EncryptionStatus"]
KEYS = sorted([f"k/{at:04}" for at in range(300)] + ["b c", "雲/箱.txt"], key=lambda key: key.encode())
READERS = {
    "ORC": lambda body: pyarrow.orc.ORCFile(io.BytesIO(body)).read(),
    "Parquet": lambda body: pyarrow.parquet.read_table(io.BytesIO(body)),
}


def put_inventory(form):
    destination = {"Bucket": "arn:aws:s3:::lists", "Format": form, "Prefix": form}
    s3.put_bucket_inventory_configuration(
        Bucket="photos",
        Id=form,
        InventoryConfiguration={
            "Id": form,
            "IsEnabled": True,
            "IncludedObjectVersions": "All",
            "Schedule": {"Frequency": "Daily"},
            "OptionalFields": FIELDS,
            "Destination": {"S3BucketDestination": destination},
        },
    )


def listed(form):
    """The manifest, and the rows that it leads to."""
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket="lists", Prefix=f"{form}/")["Contents"]]
    manifest = json.load(s3.get_object(Bucket="lists", Key=next(k for k in keys if k.endswith(".json")))["Body"])
    tables = [READERS[form](s3.get_object(Bucket="lists", Key=file["key"])["Body"].read()) for file in manifest["files"]]
    return manifest, [row for table in tables for row in table.to_pylist()]


def check_lists_are_made():
    s3.create_bucket(Bucket="photos")
    s3.create_bucket(Bucket="lists")
    s3.put_bucket_versioning(Bucket="photos", VersioningConfiguration={"Status": "Enabled"})
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::lists/*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    s3.put_bucket_policy(Bucket="lists", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    for key in KEYS:
        s3.put_object(Bucket="photos", Key=key, Body=key.encode())
    s3.delete_object(Bucket="photos", Key="gone")
    for form in READERS:
        put_inventory(form)
    advance(24 * 60 * 60)


def check_rows(form):
    _manifest, rows = listed(form)
    equal([row["key"] for row in rows], sorted([*KEYS, "gone"], key=lambda key: key.encode()))
    for row in rows:
        is_marker = row["key"] == "gone"
        equal((row["bucket"], row["is_latest"], row["is_delete_marker"]), ("photos", True, is_marker))
        equal(row["size"], None if is_marker else len(row["key"].encode()))
        equal(row["encryption_status"], None if is_marker else "SSE-S3")
        age = datetime.datetime.now() - row["last_modified_date"].replace(tzinfo=None)
        assert abs(age) < datetime.timedelta(days=1), row


def check_orc():
    check_rows("ORC")


def check_parquet():
    check_rows("Parquet")


def check_schema_of_orc():
    manifest, _rows = listed("ORC")
    names = {"string": "string", "int64": "bigint", "bool": "boolean", "timestamp[ns]": "timestamp"}
    body = s3.get_object(Bucket="lists", Key=manifest["files"][0]["key"])["Body"].read()
    schema = pyarrow.orc.ORCFile(io.BytesIO(body)).schema
    equal(manifest["fileSchema"], f"struct<{','.join(f'{field.name}:{names[str(field.type)]}' for field in schema)}>")


run({name: check for name, check in globals().items() if name != "check_rows"})
