"""Metadata tables of S3 as a reader of Iceberg goes through them: from a table's metadata to its files, by pyarrow."""

import io
import json

import pyarrow
import pyarrow.parquet

from cloud import ACCOUNT, advance, client, equal, run

s3 = client("s3")
s3tables = client("s3tables")
STATE = {}


def read(location):
    bucket, key = location.removeprefix("s3://").split("/", 1)
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()


class Avro:
    """A file in Avro's form, by the schema that it has itself."""

    def __init__(self, data):
        self.input = io.BytesIO(data)
        assert self.input.read(4) == b"Obj\x01"
        self.facts = {}
        while count := self.long():
            for _ in range(count):
                name = self.text()
                self.facts[name] = self.text()
        self.input.read(16)
        schema = json.loads(self.facts["avro.schema"])
        count = self.long()
        self.long()
        self.rows = [self.value(schema) for _ in range(count)]

    def long(self):
        value, shift, byte = 0, 0, 0x80
        while byte & 0x80:
            byte = self.input.read(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
        return (value >> 1) ^ -(value & 1)

    def text(self):
        return self.input.read(self.long()).decode()

    def value(self, schema):
        if schema == "string":
            return self.text()
        if schema in ("int", "long"):
            return self.long()
        return {field["name"]: self.value(field["type"]) for field in schema["fields"]}


def opened(arn):
    table = s3tables.get_table(tableArn=arn)
    metadata = json.loads(read(table["metadataLocation"]))
    snapshot = next(s for s in metadata["snapshots"] if s["snapshot-id"] == metadata["current-snapshot-id"])
    manifests = Avro(read(snapshot["manifest-list"])).rows
    entries = [entry for m in manifests for entry in Avro(read(m["manifest_path"])).rows]
    files = [pyarrow.parquet.read_table(io.BytesIO(read(e["data_file"]["file_path"]))) for e in entries]
    return metadata, pyarrow.concat_tables(files)


def check_tables_are_made():
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="before", Body=b"1")
    configuration = {
        "JournalTableConfiguration": {"RecordExpiration": {"Expiration": "DISABLED"}},
        "InventoryTableConfiguration": {"ConfigurationState": "ENABLED"},
    }
    s3.create_bucket_metadata_configuration(Bucket="photos", MetadataConfiguration=configuration)
    s3.put_object(Bucket="photos", Key="雲/箱.txt", Body=b"123", Metadata={"colour": "red"}, Tagging="kind=box")
    s3.delete_object(Bucket="photos", Key="before")
    advance(3600)
    answer = s3.get_bucket_metadata_configuration(Bucket="photos")["GetBucketMetadataConfigurationResult"]
    STATE.update(answer["MetadataConfigurationResult"])
    for name in ("Journal", "Inventory"):
        equal(STATE[f"{name}TableConfigurationResult"]["TableStatus"], "ACTIVE")


def check_columns_have_the_ids_of_the_tables_fields():
    for name in ("Journal", "Inventory"):
        metadata, rows = opened(STATE[f"{name}TableConfigurationResult"]["TableArn"])
        fields = {field["name"]: str(field["id"]) for field in metadata["schemas"][0]["fields"]}
        found = {field.name: field.metadata[b"PARQUET:field_id"].decode() for field in rows.schema}
        equal(found, fields)


def check_the_journal_has_what_happened():
    _, rows = opened(STATE["JournalTableConfigurationResult"]["TableArn"])
    equal(rows.schema.field("record_timestamp").type, pyarrow.timestamp("us"))
    created, deleted = sorted(rows.to_pylist(), key=lambda row: row["record_type"])
    equal([created["record_type"], created["key"], created["size"]], ["CREATE", "雲/箱.txt", 3])
    equal([created["object_tags"], created["user_metadata"]], [[("kind", "box")], [("colour", "red")]])
    equal([created["requester"], deleted["record_type"], deleted["key"]], [ACCOUNT, "DELETE", "before"])
    equal([deleted["size"], deleted["is_delete_marker"], deleted["object_tags"]], [None, None, None])


def check_the_inventory_has_what_is_there():
    _, rows = opened(STATE["InventoryTableConfigurationResult"]["TableArn"])
    equal([(row["key"], row["size"], row["encryption_status"]) for row in rows.to_pylist()], [("雲/箱.txt", 3, "SSE-S3")])


run(globals())
