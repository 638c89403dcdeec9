/** Resources as somebody proposes to set them up, and what access from outside that would give. */
import type { Configuration, ResourceType } from "@aws-sdk/client-accessanalyzer";
import { readPolicy } from "../../../identity/policy/parse.ts";
import type { Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import type { PoliciedGrant, PoliciedResource } from "../../../service/policied.ts";
import { listedAccess, proposedList } from "../resource/bucket-acl.ts";
import { configurationOfOtherType, unbuiltPreview } from "../errors.ts";
import { externalAccess } from "../external/access.ts";
import type { ExternalAccess } from "../finding/row.ts";
import { actionsOnType } from "../resource/action.ts";
import { controlsOver } from "../resource/control.ts";
import { singleValuedBy } from "../policy/single-valued.ts";
import type { Zone } from "../analyzer/zone.ts";

/** The policy of a configuration: `undefined` where it names none, empty where it takes the policy away. */
interface Proposal {
  readonly type: ResourceType;
  readonly policy: string | undefined;
  readonly configuration: Configuration;
}

/** @throws {AwsError} `ValidationException` for resources whose sharing is not by policy, and for another service's ARN. */
export function readProposal(arn: Arn, configuration: Configuration): Proposal {
  const proposal = proposalOf(configuration);
  const [, , service] = arn.split(":");
  if (service !== SERVICES[proposal.type]) throw configurationOfOtherType(arn);
  return proposal;
}

const SERVICES: Partial<Record<ResourceType, string>> = {
  "AWS::S3::Bucket": "s3",
  "AWS::IAM::Role": "iam",
  "AWS::SQS::Queue": "sqs",
  "AWS::SNS::Topic": "sns",
  "AWS::KMS::Key": "kms",
  "AWS::SecretsManager::Secret": "secretsmanager",
  "AWS::ECR::Repository": "ecr",
  "AWS::EFS::FileSystem": "elasticfilesystem",
  "AWS::DynamoDB::Table": "dynamodb",
  "AWS::DynamoDB::Stream": "dynamodb",
};

type PolicyOf = (configuration: Configuration) => { readonly policy: string | undefined } | undefined;

/** Where each kind of configuration has its policy. */
const POLICIES: readonly (readonly [type: ResourceType, policyOf: PolicyOf])[] = [
  ["AWS::S3::Bucket", ({ s3Bucket }) => s3Bucket && { policy: s3Bucket.bucketPolicy }],
  ["AWS::IAM::Role", ({ iamRole }) => iamRole && { policy: iamRole.trustPolicy }],
  ["AWS::SQS::Queue", ({ sqsQueue }) => sqsQueue && { policy: sqsQueue.queuePolicy }],
  ["AWS::SNS::Topic", ({ snsTopic }) => snsTopic && { policy: snsTopic.topicPolicy }],
  ["AWS::KMS::Key", ({ kmsKey }) => kmsKey && { policy: kmsKey.keyPolicies?.["default"] }],
  ["AWS::SecretsManager::Secret", ({ secretsManagerSecret: secret }) => secret && { policy: secret.secretPolicy }],
  ["AWS::ECR::Repository", ({ ecrRepository }) => ecrRepository && { policy: ecrRepository.repositoryPolicy }],
  ["AWS::EFS::FileSystem", ({ efsFileSystem }) => efsFileSystem && { policy: efsFileSystem.fileSystemPolicy }],
  ["AWS::DynamoDB::Table", ({ dynamodbTable }) => dynamodbTable && { policy: dynamodbTable.tablePolicy }],
  ["AWS::DynamoDB::Stream", ({ dynamodbStream }) => dynamodbStream && { policy: dynamodbStream.streamPolicy }],
];

function proposalOf(configuration: Configuration): Proposal {
  if (Object.keys(configuration.s3Bucket?.accessPoints ?? {}).length > 0) throw unbuiltPreview("access points");
  for (const [type, policyOf] of POLICIES) {
    const found = policyOf(configuration);
    if (found !== undefined) return { type, ...found, configuration };
  }
  throw unbuiltPreview(Object.keys(configuration)[0] ?? "nothing");
}

/** `undefined`: what is proposed could not be set up. */
export async function proposedAccess(
  { type, policy, configuration }: Proposal,
  existing: PoliciedResource | undefined,
  zone: Zone,
  context: Context,
): Promise<readonly ExternalAccess[] | undefined> {
  const text = policy ?? existing?.policy;
  if (!isPolicy(text ?? "") && (isGiven(text) || needsPolicy(type, policy))) return undefined;
  const controls = await controlsOver(type, context.account, context);
  const analysed = {
    type,
    controls,
    actions: actionsOnType(type, context.actions),
    isSingleValued: singleValuedBy(context.actions),
    publicAccess: publicAccessOf(configuration, existing),
    canonicalOwner: existing?.canonicalOwner,
    policy: isGiven(text) ? text : undefined,
    grants: grantsOf(configuration) ?? existing?.grants,
  };
  return [...externalAccess(analysed, zone), ...listedAccess(listsOf(configuration, existing), controls)];
}

const listsOf = ({ s3Bucket }: Configuration, existing: PoliciedResource | undefined) =>
  proposedList(s3Bucket) ?? existing?.listed ?? [];

const needsPolicy = (type: ResourceType, proposed: string | undefined): boolean =>
  type === "AWS::IAM::Role" || (type === "AWS::KMS::Key" && proposed !== undefined);

const isGiven = (text: string | undefined): boolean => text !== undefined && text !== "";

const isPolicy = (text: string): boolean => {
  const { document, faults } = readPolicy(text);
  return document !== undefined && faults.length === 0;
};

function publicAccessOf(
  { s3Bucket }: Configuration,
  existing: PoliciedResource | undefined,
): PoliciedResource["publicAccess"] {
  const block = s3Bucket?.bucketPublicAccessBlock;
  if (block === undefined) return existing?.publicAccess ?? "possible";
  return block.restrictPublicBuckets === true ? "shut out" : "possible";
}

/** In place of those that are there, where it says any. Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_KmsKeyConfiguration.html */
const grantsOf = ({ kmsKey }: Configuration): readonly PoliciedGrant[] | undefined =>
  kmsKey?.grants?.map(({ granteePrincipal = "", operations = [] }) => ({
    to: granteePrincipal,
    actions: operations.map((operation) => `kms:${operation}`),
  }));
