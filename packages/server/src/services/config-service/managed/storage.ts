/** Rules about buckets. Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html (s3-…) */
import { deniesPlainText, isForAnybody, reaches, statementsIn } from "./policy-text.ts";
import {
  listOf,
  memberOf,
  namesIn,
  ofAccount,
  textOf,
  verdict,
  type ChangeRule,
  type ItemView,
  type ManagedRule,
  type Parameters,
  type Verdict,
} from "./rule-kind.ts";
import { ifThere } from "../resource/kind.ts";

type S3ControlSdk = typeof import("@aws-sdk/client-s3-control");

type Judge = (view: ItemView, parameters: Parameters) => Verdict;

const onBuckets = (identifier: string, judge: Judge, parameters: readonly string[] = []): ChangeRule => ({
  identifier,
  trigger: "change",
  types: ["AWS::S3::Bucket"],
  parameters,
  judge,
});

const GROUPS = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

const block = (view: ItemView, name: string): boolean =>
  view.supplementary("PublicAccessBlockConfiguration", name) === true;

/** Whether the bucket's list lets anybody do one of these, and nothing shuts it out. */
function isListedPublic(view: ItemView, permissions: readonly string[]): boolean {
  if (block(view, "ignorePublicAcls")) return false;
  return listOf(view.supplementary("AccessControlList", "grantList")).some((grant) => {
    const uri = textOf(memberOf(memberOf(grant, "Grantee"), "URI"));
    return GROUPS.test(uri) && permissions.includes(textOf(memberOf(grant, "Permission")));
  });
}

const policyOf = (view: ItemView): string => textOf(view.supplementary("BucketPolicy", "policyText"));

/** Whether the bucket's policy lets anybody do such an action, and nothing shuts it out. */
const isPolicyPublic = (view: ItemView, kind: RegExp): boolean =>
  !block(view, "restrictPublicBuckets") &&
  view.supplementary("BucketPolicyStatus", "isPublic") === true &&
  statementsIn(policyOf(view)).some(
    (statement) => statement.effect === "Allow" && isForAnybody(statement) && reaches(statement, kind),
  );

const READS = /^s3:(\*|Get|List)/i;
const WRITES = /^s3:(\*|Put|Delete|Create|Replicate|Restore|Abort)/i;

const encryptionOf = (view: ItemView): string => {
  const [rule] = listOf(view.supplementary("ServerSideEncryptionConfiguration", "rules"));
  return textOf(memberOf(memberOf(rule, "applyServerSideEncryptionByDefault"), "sseAlgorithm"));
};

const BLOCKS = ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"] as const;

export const STORAGE_RULES: readonly ManagedRule[] = [
  onBuckets("S3_BUCKET_PUBLIC_READ_PROHIBITED", (view) =>
    verdict(
      !isListedPublic(view, ["READ", "FULL_CONTROL"]) && !isPolicyPublic(view, READS),
      "The S3 bucket policy allows public read access.",
    ),
  ),
  onBuckets("S3_BUCKET_PUBLIC_WRITE_PROHIBITED", (view) =>
    verdict(
      !isListedPublic(view, ["WRITE", "FULL_CONTROL"]) && !isPolicyPublic(view, WRITES),
      "The S3 bucket policy allows public write access.",
    ),
  ),
  onBuckets("S3_BUCKET_SSL_REQUESTS_ONLY", (view) =>
    verdict(
      statementsIn(policyOf(view)).some(deniesPlainText),
      "The S3 bucket policy does not deny requests without TLS.",
    ),
  ),
  onBuckets(
    "S3_BUCKET_VERSIONING_ENABLED",
    (view, { isMfaDeleteEnabled }) => {
      const isOn = view.supplementary("BucketVersioningConfiguration", "status") === "Enabled";
      const deletes = view.supplementary("BucketVersioningConfiguration", "isMfaDeleteEnabled") === true;
      return verdict(isOn && (isMfaDeleteEnabled !== "true" || deletes), "Versioning is not enabled.");
    },
    ["isMfaDeleteEnabled"],
  ),
  onBuckets("S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED", (view) =>
    verdict(encryptionOf(view) !== "", "Server-side encryption is not enabled."),
  ),
  onBuckets(
    "S3_DEFAULT_ENCRYPTION_KMS",
    (view) => verdict(encryptionOf(view).startsWith("aws:kms"), "The bucket is not encrypted with KMS."),
    ["kmsKeyArns"],
  ),
  onBuckets(
    "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED",
    (view, { excludedPublicBuckets = "" }) =>
      verdict(
        namesIn(excludedPublicBuckets).includes(view.item.name) || BLOCKS.every((name) => block(view, name)),
        "Public access is not blocked at bucket level.",
      ),
    ["excludedPublicBuckets"],
  ),
  onBuckets(
    "S3_BUCKET_LOGGING_ENABLED",
    (view, { targetBucket }) => {
      const target = view.supplementary("BucketLoggingConfiguration", "destinationBucketName");
      const isLogged = typeof target === "string" && (targetBucket === undefined || targetBucket === target);
      return verdict(isLogged, "Logging is not enabled.");
    },
    ["targetBucket", "targetPrefix"],
  ),
  onBuckets(
    "S3_BUCKET_REPLICATION_ENABLED",
    (view) =>
      verdict(
        listOf(view.supplementary("BucketReplicationConfiguration", "Rules")).some(
          (rule) => memberOf(rule, "Status") === "Enabled",
        ),
        "Replication is not enabled.",
      ),
    ["ReplicationType"],
  ),
  onBuckets("S3_LIFECYCLE_POLICY_CHECK", (view) =>
    verdict(
      listOf(view.supplementary("BucketLifecycleConfiguration")).some((rule) => memberOf(rule, "Status") === "Enabled"),
      "The bucket has no lifecycle rule.",
    ),
  ),
  {
    identifier: "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC",
    trigger: "periodic",
    async look(look) {
      const { reader } = look;
      const found = await ifThere(
        reader.call<S3ControlSdk, "GetPublicAccessBlock">({
          service: "s3-control",
          operation: "GetPublicAccessBlock",
          input: { AccountId: reader.account },
        }),
      );
      const on = found?.PublicAccessBlockConfiguration;
      const isWhole =
        on?.BlockPublicAcls === true &&
        on.IgnorePublicAcls === true &&
        on.BlockPublicPolicy === true &&
        on.RestrictPublicBuckets === true;
      return ofAccount(verdict(isWhole, "Public access is not blocked at account level."), look);
    },
  },
];
