"""Vaults, archives in one piece and in parts, retrievals by the clock, inventories and locks as boto3 knows them."""

import hashlib
import io
import json
import os

from botocore.utils import calculate_tree_hash

from cloud import ACCOUNT, advance, client, equal, refused, run

glacier = client("glacier")
MIB = 1024 * 1024
HOUR = 3600
BODY = os.urandom(5 * MIB + 123)
KEPT = {}


def tree_hash(data):
    return calculate_tree_hash(io.BytesIO(data))


def check_vaults():
    made = glacier.create_vault(vaultName="Vault.name-with_Special.characters")
    equal(made["location"], f"/{ACCOUNT}/vaults/Vault.name-with_Special.characters")
    glacier.create_vault(vaultName="records")
    equal([vault["VaultName"] for vault in glacier.list_vaults()["VaultList"]], ["Vault.name-with_Special.characters", "records"])
    try:
        glacier.describe_vault(vaultName="none")
        raise AssertionError("described nothing")
    except glacier.exceptions.ResourceNotFoundException as error:
        equal(error.response["Error"]["Message"], f"Vault not found for ARN: arn:aws:glacier:us-east-1:{ACCOUNT}:vaults/none")
    glacier.delete_vault(vaultName="Vault.name-with_Special.characters")


def check_an_archive_that_streams():
    # larger than what the server holds at once
    sent = glacier.upload_archive(vaultName="records", archiveDescription="whole", body=io.BytesIO(BODY))
    equal(sent["checksum"], tree_hash(BODY))
    KEPT["whole"] = sent["archiveId"]
    wrong = lambda: glacier.upload_archive(vaultName="records", checksum="0" * 64, body=BODY)
    refused(wrong, "InvalidParameterValueException", 400, "Checksum mismatch")
    refused(lambda: glacier.upload_archive(vaultName="records", body=b""), "InvalidParameterValueException", 400)


def check_an_archive_in_parts():
    begun = glacier.initiate_multipart_upload(vaultName="records", partSize=str(2 * MIB), archiveDescription="parts")
    upload = {"vaultName": "records", "uploadId": begun["uploadId"]}
    for start in range(0, len(BODY), 2 * MIB):
        part = BODY[start : start + 2 * MIB]
        put = glacier.upload_multipart_part(**upload, range=f"bytes {start}-{start + len(part) - 1}/*", body=part)
        equal(put["checksum"], tree_hash(part))
    listed = glacier.list_parts(**upload)
    equal(len(listed["Parts"]), 3)
    short = lambda: glacier.upload_multipart_part(**upload, range=f"bytes 0-{MIB}/*", body=b"x")
    refused(short, "InvalidParameterValueException", 400, "is incompatible with Content-Length: 1")
    done = glacier.complete_multipart_upload(**upload, archiveSize=str(len(BODY)), checksum=tree_hash(BODY))
    KEPT["parts"] = done["archiveId"]


def check_retrievals():
    jobs = []
    for archive in ("whole", "parts"):
        order = {"Type": "archive-retrieval", "ArchiveId": KEPT[archive], "Tier": "Expedited", "Description": archive}
        jobs.append(glacier.initiate_job(vaultName="records", jobParameters=order)["jobId"])
    early = lambda: glacier.get_job_output(vaultName="records", jobId=jobs[0])
    refused(early, "InvalidParameterValueException", 400)
    advance(300)
    for job in jobs:
        equal(glacier.describe_job(vaultName="records", jobId=job)["StatusCode"], "Succeeded")
        output = glacier.get_job_output(vaultName="records", jobId=job)
        equal(output["ResponseMetadata"]["HTTPHeaders"]["content-length"], str(len(BODY)))
        equal(output["checksum"], tree_hash(BODY))
        equal(hashlib.sha256(output["body"].read()).digest(), hashlib.sha256(BODY).digest())
        part = glacier.get_job_output(vaultName="records", jobId=job, range=f"bytes={2 * MIB}-{4 * MIB - 1}")
        equal((part["status"], part["checksum"]), (206, tree_hash(BODY[2 * MIB : 4 * MIB])))
        equal(part["body"].read(), BODY[2 * MIB : 4 * MIB])


def check_an_inventory():
    order = {"Type": "inventory-retrieval", "InventoryRetrievalParameters": {"Limit": "1"}}
    begin = lambda: glacier.initiate_job(vaultName="records", jobParameters=order)["jobId"]
    refused(begin, "ResourceNotFoundException", 404)
    advance(24 * HOUR)
    equal(glacier.describe_vault(vaultName="records")["NumberOfArchives"], 2)
    job = begin()
    advance(5 * HOUR)
    inventory = json.load(glacier.get_job_output(vaultName="records", jobId=job)["body"])
    equal([archive["ArchiveId"] for archive in inventory["ArchiveList"]], [KEPT["whole"]])
    described = glacier.describe_job(vaultName="records", jobId=job)
    assert described["InventoryRetrievalParameters"]["Marker"], described


def check_a_lock():
    arn = f"arn:aws:glacier:us-east-1:{ACCOUNT}:vaults/records"
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "glacier:DeleteArchive",
        "Resource": arn,
        "Condition": {"NumericLessThan": {"glacier:ArchiveAgeInDays": "365"}},
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    lock = glacier.initiate_vault_lock(vaultName="records", policy={"Policy": text})
    glacier.complete_vault_lock(vaultName="records", lockId=lock["lockId"])
    remove = lambda: glacier.delete_archive(vaultName="records", archiveId=KEPT["whole"])
    refused(remove, "AccessDeniedException", 403)
    refused(lambda: glacier.abort_vault_lock(vaultName="records"), "AccessDeniedException", 403)
    advance(364 * 24 * HOUR)
    remove()


run(globals())
