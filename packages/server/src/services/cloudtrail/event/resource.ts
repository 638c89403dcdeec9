/** The resources that events name, from what was asked of IAM about them. */
import type { RecordedCall } from "../../../service/recorded-calls.ts";
import { parseArn } from "../../../kernel/arn.ts";

export interface EventResource {
  readonly type: string;
  readonly arn: string;
  /** What it is looked up by: the name of a user, the ARN of a key. */
  readonly name: string;
  readonly account: string;
}

/** Source: https://docs.aws.amazon.com/sns/latest/dg/logging-using-cloudtrail.html */
export const PLATFORM_ENDPOINT = "AWS::SNS::PlatformEndpoint";

/** Types by the service of an ARN and how its resource begins. Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-supported-resource-types.html */
const TYPES: readonly (readonly [service: string, pattern: RegExp, type: string])[] = [
  ["iam", /^user\/(?:.*\/)?([^/]+)$/, "AWS::IAM::User"],
  ["iam", /^role\/(?:.*\/)?([^/]+)$/, "AWS::IAM::Role"],
  ["iam", /^group\/(?:.*\/)?([^/]+)$/, "AWS::IAM::Group"],
  ["iam", /^policy\/(?:.*\/)?([^/]+)$/, "AWS::IAM::Policy"],
  ["iam", /^instance-profile\/(?:.*\/)?([^/]+)$/, "AWS::IAM::InstanceProfile"],
  ["s3", /^([^/*]+)$/, "AWS::S3::Bucket"],
  ["s3", /^[^/]+\/(.+)$/s, "AWS::S3::Object"],
  ["kms", /^key\/([^*]+)$/, "AWS::KMS::Key"],
  ["kms", /^alias\/(.+)$/, "AWS::KMS::Alias"],
  ["cloudtrail", /^trail\/(.+)$/, "AWS::CloudTrail::Trail"],
  ["cloudtrail", /^eventdatastore\/(.+)$/, "AWS::CloudTrail::EventDataStore"],
  ["lambda", /^function:([^:]+)/, "AWS::Lambda::Function"],
  ["sqs", /^([^*]+)$/, "AWS::SQS::Queue"],
  ["sns", /^app\/(.+)$/, "AWS::SNS::PlatformApplication"],
  ["sns", /^endpoint\/(.+)$/, PLATFORM_ENDPOINT],
  ["sns", /^([^*:]+)$/, "AWS::SNS::Topic"],
  ["dynamodb", /^table\/([^/]+)$/, "AWS::DynamoDB::Table"],
  ["logs", /^log-group:([^:]+)/, "AWS::Logs::LogGroup"],
  ["events", /^rule\/(.+)$/, "AWS::Events::Rule"],
  ["events", /^event-bus\/(.+)$/, "AWS::Events::EventBus"],
  ["secretsmanager", /^secret:(.+)$/, "AWS::SecretsManager::Secret"],
  ["ssm", /^parameter\/?(.+)$/, "AWS::SSM::Parameter"],
  ["ec2", /^instance\/(.+)$/, "AWS::EC2::Instance"],
  ["ec2", /^security-group\/(.+)$/, "AWS::EC2::SecurityGroup"],
  ["ec2", /^vpc\/(.+)$/, "AWS::EC2::VPC"],
  ["ec2", /^subnet\/(.+)$/, "AWS::EC2::Subnet"],
];

/** What is known by its ARN, as KMS's keys are. */
const BY_ARN: ReadonlySet<string> = new Set([
  "AWS::KMS::Key",
  "AWS::KMS::Alias",
  "AWS::SQS::Queue",
  "AWS::SNS::Topic",
  "AWS::SNS::PlatformApplication",
  PLATFORM_ENDPOINT,
]);

export function resourcesOf(call: RecordedCall): readonly EventResource[] {
  const { questions, account, own } = call;
  const found = new Map<string, EventResource>();
  const asked = questions.map(({ access: { resource, owner } }) => ({ arn: resource, owner: owner || account }));
  const told = [...(own?.resources ?? []), ...newKeyOf(call)].map((arn) => ({ arn, owner: account }));
  for (const { arn, owner } of [...asked, ...told]) {
    const resource = isFarKey(arn, call) ? undefined : resourceAt(arn, owner);
    if (resource !== undefined) found.set(resource.arn, resource);
    const bucket =
      resource?.type === "AWS::S3::Object" ? resourceAt(bucketArn(resource.arn), resource.account) : undefined;
    if (bucket !== undefined) found.set(bucket.arn, bucket);
  }
  return [...found.values()];
}

/**
 * Of a key in two regions each of them tells of its own.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-update-primary-region.html
 */
function isFarKey(arn: string, { service, region }: RecordedCall): boolean {
  return service === "kms" && (parseArn(arn)?.region ?? region) !== region;
}

/** Which key was created stands in the answer alone. Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-createkey.html */
function newKeyOf({ service, operation, response }: RecordedCall): readonly string[] {
  if (service !== "kms" || operation !== "CreateKey" || response === undefined) return [];
  const metadata: unknown = "KeyMetadata" in response ? response.KeyMetadata : undefined;
  const isKnown = typeof metadata === "object" && metadata !== null && "Arn" in metadata;
  return isKnown && typeof metadata.Arn === "string" ? [metadata.Arn] : [];
}

const bucketArn = (arn: string): string => arn.slice(0, arn.indexOf("/"));

function resourceAt(arn: string, owner: string): EventResource | undefined {
  const parts = parseArn(arn);
  if (parts === undefined) return undefined;
  for (const [service, pattern, type] of TYPES) {
    const [, name] = service === parts.service ? (pattern.exec(parts.resource) ?? []) : [];
    if (name === undefined) continue;
    return { type, arn, name: BY_ARN.has(type) ? arn : name, account: parts.account || owner };
  }
  return undefined;
}
