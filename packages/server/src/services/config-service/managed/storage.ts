/** Rules about buckets. Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html (s3-…) */
import { allowsAny, deniesPlainText, isForAnybody, isForOthers, reaches, statementsIn } from "./policy-text.ts";
import {
  isListed,
  listOf,
  memberOf,
  namesIn,
  NOT_APPLICABLE,
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

const encryptionOf = (view: ItemView, member = "sseAlgorithm"): string => {
  const [rule] = listOf(view.supplementary("ServerSideEncryptionConfiguration", "rules"));
  return textOf(memberOf(memberOf(rule, "applyServerSideEncryptionByDefault"), member));
};

const isVersioned = (view: ItemView): boolean =>
  view.supplementary("BucketVersioningConfiguration", "status") === "Enabled";
const deletesWithMfa = (view: ItemView): boolean =>
  view.supplementary("BucketVersioningConfiguration", "isMfaDeleteEnabled") === true;

const lifecycleRulesOf = (view: ItemView): readonly unknown[] =>
  listOf(view.supplementary("BucketLifecycleConfiguration")).filter((rule) => memberOf(rule, "Status") === "Enabled");

const prefixOf = (rule: unknown): string =>
  textOf(memberOf(rule, "Prefix") ?? memberOf(memberOf(rule, "Filter"), "Prefix"));

const isOfDays = (of: unknown, days: string | undefined): boolean =>
  days === undefined || memberOf(of, "Days") === Number(days);

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/s3-lifecycle-policy-check.html */
function isAsAsked(rule: unknown, parameters: Parameters): boolean {
  const { targetTransitionDays: days, targetTransitionStorageClass: storage, targetPrefix: prefix } = parameters;
  const moves =
    (days === undefined && storage === undefined) ||
    listOf(memberOf(rule, "Transitions")).some(
      (move) => isOfDays(move, days) && isListed(textOf(memberOf(move, "StorageClass")), storage),
    );
  const expires = isOfDays(memberOf(rule, "Expiration"), parameters["targetExpirationDays"]);
  return moves && expires && (prefix === undefined || prefix === prefixOf(rule));
}

const isMeant = (view: ItemView, { bucketNames }: Parameters): boolean => isListed(view.item.name, bucketNames);

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-acl-prohibited.html */
const isShared = (view: ItemView): boolean =>
  listOf(view.supplementary("AccessControlList", "grantList")).some(
    (grant) => memberOf(memberOf(grant, "Grantee"), "ID") !== view.supplementary("AccessControlList", "owner", "ID"),
  );

const notificationsOf = (view: ItemView): readonly unknown[] => {
  const found = view.supplementary("BucketNotificationConfiguration", "configurations");
  return typeof found === "object" && found !== null ? Object.values(found) : [];
};

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/s3-event-notifications-enabled.html */
function notifies(rule: unknown, { destinationArn, eventTypes }: Parameters): boolean {
  const target = ["queueARN", "topicARN", "functionARN"].map((name) => textOf(memberOf(rule, name))).join("");
  const events = listOf(memberOf(rule, "events")).map(textOf);
  const wanted = namesIn(eventTypes ?? "");
  return (destinationArn === undefined || target === destinationArn) && wanted.every((name) => events.includes(name));
}

const lockOf = (view: ItemView, ...path: readonly string[]): unknown =>
  view.supplementary("ObjectLockConfiguration", ...path);

const BLOCKS = ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"] as const;

const ACCOUNT_BLOCKS = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"] as const;

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
      const isWhole = isVersioned(view) && (isMfaDeleteEnabled !== "true" || deletesWithMfa(view));
      return verdict(isWhole, "Versioning is not enabled.");
    },
    ["isMfaDeleteEnabled"],
  ),
  onBuckets("S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED", (view) =>
    verdict(encryptionOf(view) !== "", "Server-side encryption is not enabled."),
  ),
  onBuckets(
    "S3_DEFAULT_ENCRYPTION_KMS",
    (view, { kmsKeyArns }) =>
      verdict(
        encryptionOf(view).startsWith("aws:kms") && isListed(encryptionOf(view, "kmsMasterKeyID"), kmsKeyArns),
        "The bucket is not encrypted with KMS.",
      ),
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
    (view, { targetBucket, targetPrefix }) => {
      const target = textOf(view.supplementary("BucketLoggingConfiguration", "destinationBucketName"));
      const prefix = textOf(view.supplementary("BucketLoggingConfiguration", "logFilePrefix"));
      const isThere = target !== "" && (targetBucket === undefined || targetBucket === target);
      return verdict(isThere && (targetPrefix ?? prefix) === prefix, "Logging is not enabled.");
    },
    ["targetBucket", "targetPrefix"],
  ),
  {
    ...onBuckets("S3_BUCKET_REPLICATION_ENABLED", (view) =>
      verdict(
        listOf(view.supplementary("BucketReplicationConfiguration", "Rules")).some(
          (rule) => memberOf(rule, "Status") === "Enabled",
        ),
        "Replication is not enabled.",
      ),
    ),
    unbuilt: ["ReplicationType"],
  },
  onBuckets(
    "S3_LIFECYCLE_POLICY_CHECK",
    (view, parameters) =>
      isMeant(view, parameters)
        ? verdict(
            lifecycleRulesOf(view).some((rule) => isAsAsked(rule, parameters)),
            "The bucket has no lifecycle rule like that.",
          )
        : NOT_APPLICABLE,
    ["targetTransitionDays", "targetExpirationDays", "targetTransitionStorageClass", "targetPrefix", "bucketNames"],
  ),
  onBuckets(
    "S3_VERSION_LIFECYCLE_POLICY_CHECK",
    (view, parameters) =>
      isVersioned(view) && isMeant(view, parameters)
        ? verdict(lifecycleRulesOf(view).length > 0, "The bucket has versions, and no lifecycle rule.")
        : NOT_APPLICABLE,
    ["bucketNames"],
  ),
  onBuckets("S3_BUCKET_ACL_PROHIBITED", (view) =>
    verdict(!isShared(view), "The bucket's access control list grants rights to others."),
  ),
  onBuckets("S3_BUCKET_MFA_DELETE_ENABLED", (view) => verdict(deletesWithMfa(view), "MFA delete is not enabled.")),
  onBuckets(
    "S3_BUCKET_DEFAULT_LOCK_ENABLED",
    (view, { mode }) => {
      const isLocked = lockOf(view, "ObjectLockEnabled") === "Enabled";
      const isSo = mode === undefined || lockOf(view, "Rule", "DefaultRetention", "Mode") === mode;
      return verdict(isLocked && isSo, "Object Lock is not enabled.");
    },
    ["mode"],
  ),
  onBuckets(
    "S3_EVENT_NOTIFICATIONS_ENABLED",
    (view, parameters) =>
      verdict(
        notificationsOf(view).some((rule) => notifies(rule, parameters)),
        "The bucket does not tell of its events.",
      ),
    ["destinationArn", "eventTypes"],
  ),
  {
    ...onBuckets(
      "S3_BUCKET_BLACKLISTED_ACTIONS_PROHIBITED",
      (view, { blacklistedActionPattern = "" }) =>
        verdict(
          !statementsIn(policyOf(view)).some(
            (statement) =>
              isForOthers(statement, view.item.account) && allowsAny(statement, namesIn(blacklistedActionPattern)),
          ),
          "The bucket policy lets other accounts do what they are not to do.",
        ),
      ["blacklistedActionPattern"],
    ),
    required: ["blacklistedActionPattern"],
  },
  {
    identifier: "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC",
    trigger: "periodic",
    parameters: ACCOUNT_BLOCKS,
    async look(look) {
      const { reader } = look;
      const found = await ifThere(
        reader.call<S3ControlSdk, "GetPublicAccessBlock">({
          service: "s3-control",
          operation: "GetPublicAccessBlock",
          input: { AccountId: reader.account },
        }),
      );
      const on: Readonly<Record<string, boolean | undefined>> = { ...found?.PublicAccessBlockConfiguration };
      const isWhole = ACCOUNT_BLOCKS.every(
        (name) => (on[name] ?? false) === ((look.parameters[name] ?? "true").toLowerCase() === "true"),
      );
      return ofAccount(verdict(isWhole, "Public access is not blocked at account level."), look);
    },
  },
];
