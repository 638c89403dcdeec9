/** Services that answer an input out of its limits with errors of their own, each with its reason. */
import { AwsError } from "../kernel/aws-error.ts";
import { findOwn } from "../kernel/lookup.ts";
import type { Fields } from "./value.ts";
import { NOT_NULL, type Violation } from "./violation.ts";
import { NOT_WELL_FORMED } from "./xml.ts";

interface Refusal {
  /** Only of members of this name; of all where left out. */
  readonly member?: RegExp;
  readonly constraint: RegExp;
  readonly reason: string;
  readonly message: string;
}

/**
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html (InvalidInputException),
 * https://github.com/hashicorp/terraform-provider-aws/issues/19240 (the words on patterns); the words on lengths are assumed
 */
const ORGANIZATIONS: readonly Refusal[] = [
  { constraint: new RegExp(`^${NOT_NULL}`), reason: "INPUT_REQUIRED", message: "You must provide a value." },
  { constraint: /enum value set/, reason: "INVALID_ENUM", message: "You specified an invalid value." },
  {
    member: /policyId$/,
    constraint: /regular expression pattern/,
    reason: "INVALID_SYNTAX_POLICY_ID",
    message: "You specified an invalid value.",
  },
  {
    member: /targetId$/,
    constraint: /regular expression pattern/,
    reason: "INVALID_PATTERN_TARGET_ID",
    message: "You specified an invalid value.",
  },
  {
    constraint: /regular expression pattern/,
    reason: "INVALID_PATTERN",
    message: "You provided a value that does not match the required pattern.",
  },
  {
    constraint: /length less than/,
    reason: "MAX_LENGTH_EXCEEDED",
    message: "You provided a value that is longer than the maximum length.",
  },
  {
    constraint: /length greater than/,
    reason: "MIN_LENGTH_EXCEEDED",
    message: "You provided a value that is shorter than the minimum length.",
  },
  {
    constraint: /value less than/,
    reason: "MAX_VALUE_EXCEEDED",
    message: "You provided a value that is greater than the maximum.",
  },
  {
    constraint: /value greater than/,
    reason: "MIN_VALUE_EXCEEDED",
    message: "You provided a value that is less than the minimum.",
  },
];

function ofOrganizations({ path, constraint: broken }: Violation): AwsError | undefined {
  const found = ORGANIZATIONS.find(({ member = /^/, constraint }) => member.test(path) && constraint.test(broken));
  return found && new AwsError("InvalidInputException", found.message, { Reason: found.reason });
}

/**
 * What follows a value that is none of an enumeration's, by member.
 * Source: https://github.com/getmoto/moto/blob/master/tests/test_ram/test_ram.py (errors as a client met them)
 */
const RAM: Readonly<Record<string, string>> = {
  resourceOwner: "is not a valid resource owner. Specify either SELF or OTHER-ACCOUNTS and try again.",
  associationType: "is not a valid association type. Specify either PRINCIPAL or RESOURCE and try again.",
  associationStatus: "is not a valid association status.",
  resourceRegionScope: "is not a valid resource region scope value. Specify a valid value and try again.",
  permissionType: "is not a valid scope. Must be one of: ALL, AWS, LOCAL.",
};

function ofRam({ path, shown = "", constraint }: Violation): AwsError | undefined {
  const words = findOwn(RAM, path);
  if (words === undefined || !/enum value set/.test(constraint)) return undefined;
  return new AwsError("InvalidParameterException", `${shown.replace(/^'|'$/g, "")} ${words}`);
}

/**
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3control/test_s3control.snapshot.json (test_tag_resource_validation)
 */
function ofS3Control({ path, shown = "", constraint }: Violation): AwsError | undefined {
  // names of access points alone have three letters at least. Source: the same (test_access_point_name_validation)
  if (path === "name" && constraint.endsWith("length greater than or equal to 3")) {
    const URI = `accesspoint/${shown.replace(/^'|'$/g, "")}`;
    return new AwsError("InvalidURI", "Couldn't parse the specified URI.", { URI });
  }
  if (!/^tags\.\d+\.member\./.test(path)) return undefined;
  if (constraint === NOT_NULL) {
    return new AwsError("MalformedXML", NOT_WELL_FORMED);
  }
  return new AwsError(
    "InvalidTag",
    "This request contains a tag key or value that isn't valid. Valid characters include the following: [a-zA-Z+-=._:/]. Tag keys can contain up to 128 characters. Tag values can contain up to 256 characters.",
  );
}

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html (MissingParameter) */
function ofSqs({ path, constraint }: Violation): AwsError | undefined {
  if (!constraint.startsWith(NOT_NULL)) return undefined;
  const parameter = path.charAt(0).toUpperCase() + path.slice(1);
  return new AwsError("MissingParameter", `The request must contain the parameter ${parameter}.`);
}

const ARN_ELEMENTS = 6;

const snsParameter = (name: string, reason: string): AwsError =>
  new AwsError("InvalidParameterException", `Invalid parameter: ${name} Reason: ${reason}`);

/**
 * ARNs are looked at before all else.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_unsubscribe_wrong_arn_format, test_set_platform_application_attributes_invalid_arn)
 */
function ofSns({ path, constraint }: Violation, input: Fields): AwsError | undefined {
  for (const [name, value] of Object.entries(input)) {
    const elements = name.endsWith("Arn") && typeof value === "string" ? value.split(":").length : ARN_ELEMENTS;
    if (elements < ARN_ELEMENTS) return snsParameter(name, `An ARN must have at least 6 elements, not ${elements}`);
  }
  if (constraint !== NOT_NULL || !/^\w+Arn$/.test(path)) return undefined;
  return snsParameter(path.charAt(0).toUpperCase() + path.slice(1), "no value for required parameter");
}

const OWN: Readonly<Record<string, (first: Violation, input: Fields) => AwsError | undefined>> = {
  organizations: ofOrganizations,
  ram: ofRam,
  "s3-control": ofS3Control,
  sns: ofSns,
  sqs: ofSqs,
};

/** `undefined` where the service answers in the usual way. */
export const ownRefusal = (service: string, [first]: readonly Violation[], input: Fields = {}): AwsError | undefined =>
  first && findOwn(OWN, service)?.(first, input);
