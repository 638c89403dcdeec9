/** Which actions can be done to resources of a type. */
import { findOwn } from "../../../kernel/lookup.ts";
import type { ActionReference } from "../../../service/action-reference.ts";

/** The prefix of actions and the types in the service authorization reference, by CloudFormation's type. */
const TYPES: Readonly<Record<string, { readonly prefix: string; readonly types: readonly string[] }>> = {
  "AWS::DynamoDB::Stream": { prefix: "dynamodb", types: ["stream"] },
  "AWS::DynamoDB::Table": { prefix: "dynamodb", types: ["table", "index"] },
  "AWS::ECR::Repository": { prefix: "ecr", types: ["repository"] },
  "AWS::EFS::FileSystem": { prefix: "elasticfilesystem", types: ["file-system"] },
  "AWS::KMS::Key": { prefix: "kms", types: ["key"] },
  "AWS::Lambda::Function": { prefix: "lambda", types: ["function", "function alias", "function version"] },
  "AWS::Lambda::LayerVersion": { prefix: "lambda", types: ["layerVersion"] },
  "AWS::S3::Bucket": { prefix: "s3", types: ["bucket", "object"] },
  "AWS::SNS::Topic": { prefix: "sns", types: ["topic"] },
  "AWS::SQS::Queue": { prefix: "sqs", types: ["queue"] },
  "AWS::SecretsManager::Secret": { prefix: "secretsmanager", types: ["Secret"] },
};

/** What a trust policy can allow. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
const TRUST_ACTIONS = [
  "sts:AssumeRole",
  "sts:AssumeRoleWithSAML",
  "sts:AssumeRoleWithWebIdentity",
  "sts:SetContext",
  "sts:SetSourceIdentity",
  "sts:TagSession",
];

export function actionsOnType(type: string, reference: ActionReference): readonly string[] {
  if (type === "AWS::IAM::Role") return TRUST_ACTIONS;
  const known = findOwn(TYPES, type);
  const service = known && reference.of(known.prefix);
  if (known === undefined || service === undefined) return [];
  return [...service.actions.values()]
    .filter(({ resources }) => resources.some(({ type: name }) => known.types.includes(name)))
    .map(({ name }) => `${known.prefix}:${name}`);
}

/** What its actions begin with; `sts` for roles, which are acted on by trust alone. */
export const prefixOfType = (type: string): string =>
  type === "AWS::IAM::Role" ? "sts" : (findOwn(TYPES, type)?.prefix ?? "");
