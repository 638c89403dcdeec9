"""Secrets, parameters and recorded configuration as boto3 knows them."""

import json

from cloud import ACCOUNT, advance, client, equal, refused, run

secrets = client("secretsmanager")
ssm = client("ssm")
config = client("config")
s3 = client("s3")
iam = client("iam")


def check_versions_of_a_secret():
    made = secrets.create_secret(Name="db", SecretString="one", Tags=[{"Key": "team", "Value": "blue"}])
    put = secrets.put_secret_value(SecretId="db", SecretString="two")
    equal(put["VersionStages"], ["AWSCURRENT"])
    equal(secrets.get_secret_value(SecretId=made["ARN"])["SecretString"], "two")
    equal(secrets.get_secret_value(SecretId="db", VersionStage="AWSPREVIOUS")["VersionId"], made["VersionId"])
    secrets.create_secret(Name="bytes", SecretBinary=b"\x00\xff")
    equal(secrets.get_secret_value(SecretId="bytes")["SecretBinary"], b"\x00\xff")


def check_errors_of_secrets():
    for call, code in [
        (lambda: secrets.get_secret_value(SecretId="none"), "ResourceNotFoundException"),
        (lambda: secrets.create_secret(Name="db", SecretString="x"), "ResourceExistsException"),
        (lambda: secrets.create_secret(Name="not a name"), "ValidationException"),
        (lambda: secrets.put_resource_policy(SecretId="db", ResourcePolicy="{}"), "MalformedPolicyDocumentException"),
        (lambda: secrets.rotate_secret(SecretId="db"), "InvalidRequestException"),
    ]:
        refused(call, code, 400)


def check_a_secret_leaves():
    secrets.create_secret(Name="old", SecretString="x")
    secrets.delete_secret(SecretId="old", RecoveryWindowInDays=7)
    refused(lambda: secrets.get_secret_value(SecretId="old"), "InvalidRequestException", 400)
    advance(7 * 86_400)
    refused(lambda: secrets.describe_secret(SecretId="old"), "ResourceNotFoundException", 400)


def check_pages_of_secrets():
    for number in range(5):
        secrets.create_secret(Name=f"many/{number}", SecretString="x")
    pages = secrets.get_paginator("list_secrets").paginate(
        Filters=[{"Key": "name", "Values": ["many/"]}], PaginationConfig={"PageSize": 2}
    )
    equal([one["Name"] for page in pages for one in page["SecretList"]], [f"many/{n}" for n in range(5)])
    batch = secrets.batch_get_secret_value(SecretIdList=["many/1", "none"])
    equal([one["SecretString"] for one in batch["SecretValues"]], ["x"])
    equal([one["ErrorCode"] for one in batch["Errors"]], ["ResourceNotFoundException"])


def check_parameters():
    ssm.put_parameter(Name="/app/db/host", Value="localhost", Type="String")
    ssm.put_parameter(Name="/app/db/password", Value="hush", Type="SecureString")
    ssm.put_parameter(Name="/app/db/host", Value="db.example", Overwrite=True)
    ssm.label_parameter_version(Name="/app/db/host", ParameterVersion=1, Labels=["first"])
    equal(ssm.get_parameter(Name="/app/db/host:first")["Parameter"]["Value"], "localhost")
    equal(ssm.get_parameter(Name="/app/db/password", WithDecryption=True)["Parameter"]["Value"], "hush")
    pages = ssm.get_paginator("get_parameters_by_path").paginate(
        Path="/app", Recursive=True, PaginationConfig={"PageSize": 1}
    )
    equal([one["Name"] for page in pages for one in page["Parameters"]], ["/app/db/host", "/app/db/password"])
    refused(lambda: ssm.get_parameter(Name="/none"), "ParameterNotFound", 400)
    refused(lambda: ssm.put_parameter(Name="/app/db/host", Value="x"), "ParameterAlreadyExists", 400)


def check_a_secret_is_read_as_a_parameter():
    found = ssm.get_parameter(Name="/aws/reference/secretsmanager/db", WithDecryption=True)["Parameter"]
    equal((found["Type"], found["Value"]), ("SecureString", "two"))
    refused(lambda: ssm.get_parameter(Name="/aws/reference/secretsmanager/none", WithDecryption=True), "ParameterNotFound", 400)


def check_configuration_is_recorded():
    s3.create_bucket(Bucket="history")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "config.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::history/AWSLogs/{ACCOUNT}/Config/*",
    }
    s3.put_bucket_policy(Bucket="history", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    role = iam.create_service_linked_role(AWSServiceName="config.amazonaws.com")["Role"]["Arn"]
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "history"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    config.put_config_rule(
        ConfigRule={
            "ConfigRuleName": "versioned",
            "Source": {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_VERSIONING_ENABLED"},
        }
    )
    advance(1)
    equal(compliance(), {"history": "NON_COMPLIANT"})
    s3.put_bucket_versioning(Bucket="history", VersioningConfiguration={"Status": "Enabled"})
    advance(1)
    equal(compliance(), {"history": "COMPLIANT"})
    pages = config.get_paginator("get_resource_config_history").paginate(
        resourceType="AWS::S3::Bucket", resourceId="history", PaginationConfig={"PageSize": 1}
    )
    states = [item["configurationItemStatus"] for page in pages for item in page["configurationItems"]]
    equal(states[0], "OK")
    equal(states[-1], "ResourceDiscovered")


def compliance():
    found = config.get_compliance_details_by_config_rule(ConfigRuleName="versioned")["EvaluationResults"]
    name = lambda one: one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]
    return {name(one): one["ComplianceType"] for one in found}


run(globals())
