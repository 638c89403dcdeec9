import { describe, expect, test } from "vitest";
import { AwsError } from "../kernel/aws-error.ts";
import { protocolOf } from "./protocols.ts";
import { decapitalise } from "./java-text.ts";
import { validateInput } from "./validate.ts";
import { operationOf } from "../../test/wire-request.ts";

/** `Code: message` of what is wrong, or nothing. */
function verdict(service: string, name: string, input: Record<string, unknown>): string | undefined {
  const operation = operationOf(service, name);
  const protocol = operation.service.protocols[0] ?? "aws-query";
  try {
    validateInput(operation, input, protocolOf(operation.service, protocol));
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return undefined;
}

const ROLE = { RoleName: "a", AssumeRolePolicyDocument: "{}" };

describe("a value within its limits is no error", () => {
  test.each([
    ["the shortest and the longest", "iam", "CreateRole", { ...ROLE, RoleName: "r".repeat(64) }],
    ["an enum's", "sns", "Publish", { Message: "m", MessageStructure: "json" }],
    ["a map of texts", "kms", "Encrypt", { KeyId: "k", Plaintext: Buffer.from("x"), EncryptionContext: { a: "b" } }],
    ["one that the model does not know", "iam", "GetRole", { RoleName: "a", Unknown: 1 }],
  ])("%s", (_, service, operation, input) => {
    expect(verdict(service, operation, input)).toBeUndefined();
  });
});

// Source: https://github.com/tenesys/awsconsole/issues/2 (length), https://github.com/aws/aws-cli/issues/790 (pattern),
// https://github.com/serverless/serverless/issues/2036 (null, in a list); that IAM withholds values and sets:
// https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_roles.snapshot.json
describe("a value beyond its limits is an error in AWS's words", () => {
  const start = "ValidationError: 1 validation error detected: ";
  test.each([
    [
      "too long",
      { ...ROLE, RoleName: "r".repeat(65) },
      `${start}Value at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ],
    [
      "too large",
      { ...ROLE, MaxSessionDuration: 43_201 },
      `${start}Value at 'maxSessionDuration' failed to satisfy constraint: Member must have value less than or equal to 43200`,
    ],
    [
      "too small",
      { ...ROLE, MaxSessionDuration: 0 },
      `${start}Value at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600`,
    ],
    [
      "missing",
      { RoleName: "a" },
      `${start}Value at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must not be null`,
    ],
    [
      "missing in a list",
      { ...ROLE, Tags: [{ Key: "a", Value: "b" }, { Key: "a" }] },
      `${start}Value at 'tags.2.member.value' failed to satisfy constraint: Member must not be null`,
    ],
    [
      "too long in a list",
      { ...ROLE, Tags: [{ Key: "k".repeat(129), Value: "" }] },
      `${start}Value at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128`,
    ],
  ])("%s", (_, input, expected) => {
    expect(verdict("iam", "CreateRole", input)).toBe(expected);
  });

  test("not of the enum", () => {
    expect(verdict("iam", "UpdateAccessKey", { AccessKeyId: "A".repeat(20), Status: "Asleep" })).toBe(
      `${start}Value at 'status' failed to satisfy constraint: Member must satisfy enum value set`,
    );
    expect(verdict("kms", "CreateKey", { KeyUsage: "NONE" })).toMatch(
      /^ValidationException: 1 validation error detected: Value 'NONE' at 'keyUsage' failed to satisfy constraint: Member must satisfy enum value set: \[/,
    );
  });

  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services (recorded answers; the folder is the service's)
  test.each([
    ["events", "eventbridge", "CreateApiDestination", "HttpMethod", "HEAD, POST, PATCH, DELETE, PUT, GET, OPTIONS"],
    ["cloudwatch", "cloudwatch", "SetAlarmState", "StateValue", "INSUFFICIENT_DATA, ALARM, OK"],
    ["lambda_", "lambda", "CreateEventSourceMapping", "StartingPosition", "LATEST, AT_TIMESTAMP, TRIM_HORIZON"],
    ["kms", "kms", "GenerateMac", "MacAlgorithm", "HMAC_SHA_384, HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512"],
  ])("an enumeration is told in the order of AWS's hash table (%s)", (_, service, operation, member, values) => {
    expect(verdict(service, operation, { [member]: "none" })).toContain(
      `Value 'none' at '${decapitalise(member)}' failed to satisfy constraint: Member must satisfy enum value set: [${values}]`,
    );
  });

  const ARN = "arn:aws:iam::000000000000:role/r";

  test("of the wrong form", () => {
    expect(verdict("sts", "AssumeRole", { RoleArn: ARN, RoleSessionName: "a b" })).toBe(
      `${start}Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  });

  test("several at once", () => {
    expect(verdict("sts", "AssumeRole", { RoleSessionName: ";", DurationSeconds: 1 })).toBe(
      "ValidationError: 4 validation errors detected: " +
        "Value null at 'roleArn' failed to satisfy constraint: Member must not be null; " +
        "Value ';' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*; " +
        "Value ';' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2; " +
        "Value '1' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    );
  });

  test("a text in a list recites all that it must be", () => {
    expect(verdict("iam", "UntagRole", { RoleName: "a", TagKeys: ["ok", "no;"] })).toBe(
      `${start}Value at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: ` +
        "[Member must have length less than or equal to 128, Member must have length greater than or equal to 1, " +
        "Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+, Member must not be null]",
    );
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_oidc.snapshot.json
    expect(verdict("iam", "CreateOpenIDConnectProvider", { Url: "u", ClientIDList: ["b".repeat(256)] })).toBe(
      `${start}Value at 'clientIDList' failed to satisfy constraint: Member must satisfy constraint: ` +
        "[Member must have length less than or equal to 255, Member must have length greater than or equal to 1]",
    );
    expect(verdict("lambda", "UpdateFunctionConfiguration", { FunctionName: "f", Layers: ["a", "b;"] })).toMatch(
      /^ValidationException: 1 validation error detected: Value '\[a, b;\]' at 'layers' failed to satisfy constraint: Member must satisfy constraint: \[/,
    );
  });

  // Source: https://github.com/boto/boto3/issues/2601
  test("a map's key, too", () => {
    const input = {
      FunctionName: "f",
      Role: "arn:aws:iam::000000000000:role/r",
      Code: {},
      Environment: { Variables: { "1": "x" } },
    };
    expect(verdict("lambda", "CreateFunction", input)).toMatch(
      /^ValidationException: 1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: \[/,
    );
  });

  test("nothing where something must be", () => {
    expect(verdict("ssm", "GetParameters", { Names: ["a", null] })).toBe(
      "ValidationException: 1 validation error detected: Value null at 'names.2.member' failed to satisfy constraint: Member must not be null",
    );
  });
});

describe("values are told as Java prints them", () => {
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events.snapshot.json (test_put_events_exceed_limit_ten_entries)
  test("structures with what is not there, as AWS itself has it", () => {
    const entry = { Source: "shop", DetailType: "sold", Detail: '{"a": 1}', EventBusName: "orders" };
    const said =
      'PutEventsRequestEntry(time=null, source=shop, resources=null, detailType=sold, detail={"a": 1}, ' +
      "eventBusName=orders, traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null)";
    expect(verdict("eventbridge", "PutEvents", { Entries: Array.from({ length: 11 }, () => entry) })).toBe(
      `ValidationException: 1 validation error detected: Value '[${Array.from({ length: 11 }, () => said).join(", ")}]' at 'entries' ` +
        "failed to satisfy constraint: Member must have length less than or equal to 10",
    );
  });

  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/logs/test_logs.snapshot.json
  test("in its own order", () => {
    const one = { metricName: "m", metricNamespace: "n", metricValue: "1" };
    const input = { logGroupName: "g", filterName: "f", filterPattern: "", metricTransformations: [one, one] };
    expect(verdict("cloudwatch-logs", "PutMetricFilter", input)).toContain(
      "[MetricTransformation(metricName=m, metricNamespace=n, metricValue=1, defaultValue=null, unit=null, dimensions=null), ",
    );
  });

  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json
  test("numbers that need not be whole with a point", () => {
    const input = { FunctionName: "f", Name: "live", RoutingConfig: { AdditionalVersionWeights: { 2: 2 } } };
    expect(verdict("lambda", "UpdateAlias", input)).toContain(
      "Value '{2=2.0}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: " +
        "[Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0",
    );
  });
});

describe("what is sensitive is not shown", () => {
  test("as a value", () => {
    expect(verdict("secrets-manager", "CreateSecret", { Name: "n", SecretString: "x".repeat(70_000) })).toBe(
      "ValidationException: 1 validation error detected: Value at 'secretString' failed to satisfy constraint: " +
        "Member must have length less than or equal to 65536",
    );
  });

  test("nor inside of what is shown", () => {
    const login = { UserName: "u", Password: "p".repeat(200) };
    expect(verdict("iam", "CreateLoginProfile", login)).not.toContain("ppp");
  });
});

test("each family has its code", () => {
  expect(verdict("kms", "DescribeKey", {})).toMatch(
    /^ValidationException: 1 validation error detected: Value null at 'keyId'/,
  );
  expect(verdict("lambda", "GetFunction", {})).toMatch(/^ValidationException: /);
  expect(verdict("cloudwatch", "DeleteAlarms", {})).toMatch(/^ValidationException: /);
  // Source: https://github.com/hashicorp/terraform/issues/24250
  expect(verdict("route-53", "GetReusableDelegationSet", { Id: "x".repeat(65) })).toMatch(
    /^InvalidInput: 1 validation error/,
  );
});

test("EC2 names one parameter, in its own codes", () => {
  // Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
  expect(verdict("ec2", "DeleteVpc", {})).toBe("MissingParameter: The request must contain the parameter VpcId");
  expect(verdict("ec2", "CreateVpc", { CidrBlock: "10.0.0.0/16", InstanceTenancy: "shared" })).toBe(
    "InvalidParameterValue: Value (shared) for parameter instanceTenancy is invalid.",
  );
  expect(verdict("ec2", "DescribeVpcs", {})).toBeUndefined();
});

test("S3 is left to its own words", () => {
  expect(verdict("s3", "PutObject", {})).toBeUndefined();
});

test("a value that holds itself is followed as deep as it goes", () => {
  let item: Record<string, unknown> = { S: "x" };
  for (let depth = 0; depth < 20; depth++) item = { M: { a: item } };
  expect(verdict("dynamodb", "PutItem", { TableName: "table", Item: { a: item } })).toBeUndefined();
});
