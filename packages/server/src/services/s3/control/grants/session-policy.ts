/**
 * What lent credentials may do: a role's own rights bounded to the part that was granted.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-location.html (the role's policy)
 */
import type { Permission } from "@aws-sdk/client-s3-control";
import type { Context } from "../../../../service/context.ts";
import { literalPattern } from "../../../../identity/policy/literal-pattern.ts";
import { arn } from "../../kit.ts";
import { partsOf } from "./scope.ts";

const READ = [
  "s3:GetObject",
  "s3:GetObjectVersion",
  "s3:GetObjectAcl",
  "s3:GetObjectVersionAcl",
  "s3:ListMultipartUploadParts",
];

const WRITE = [
  "s3:PutObject",
  "s3:PutObjectAcl",
  "s3:PutObjectVersionAcl",
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:AbortMultipartUpload",
];

export function policyFor(scope: string, permission: Permission, context: Pick<Context, "partition">): string {
  const { bucket: name, prefix: start, isObject } = partsOf(scope);
  const bucket = literalPattern(name);
  const prefix = literalPattern(start);
  const reads = permission !== "WRITE";
  const Action = [...(reads ? READ : []), ...(permission === "READ" ? [] : WRITE)];
  const objects = { Effect: "Allow", Action, Resource: arn(context, `${bucket}/${prefix}${isObject ? "" : "*"}`) };
  const list = {
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: arn(context, bucket),
    ...(prefix !== "" && { Condition: { StringLike: { "s3:prefix": [`${prefix}*`] } } }),
  };
  const keys = { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "*" };
  const Statement = [objects, ...(reads && !isObject ? [list] : []), keys];
  return asStsTakesIt(JSON.stringify({ Version: "2012-10-17", Statement }));
}

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (Policy: no character above U+00FF) */
const asStsTakesIt = (json: string): string =>
  json.replaceAll(/[^\0-\u00ff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(HEX).padStart(4, "0")}`);

const HEX = 16;
