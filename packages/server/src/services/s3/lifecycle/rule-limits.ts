/**
 * What rules may not ask for: actions that do not go together, days that are too few or in the wrong order. Words
 * without a source beside them are assumed.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
import { invalidArgument, invalidRequest } from "../errors.ts";
import { KEY_BYTES_MAX, LIFECYCLE_IA_DAYS_MIN, NEWER_NONCURRENT_VERSIONS_MAX } from "../limits.ts";
import type { ColderClass, NoncurrentMoment, Rule } from "./rule.ts";

/** @throws {AwsError} `InvalidRequest` */
export function requireSelection({ selection: { prefix, largerThan, smallerThan } }: Rule): void {
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html (no key is longer)
  if (Buffer.byteLength(prefix) > KEY_BYTES_MAX) {
    throw invalidRequest(`The maximum size of a prefix is ${KEY_BYTES_MAX}.`);
  }
  if ((largerThan ?? 0) < 0 || (smallerThan ?? 1) < 1) {
    throw invalidRequest("'ObjectSizeGreaterThan' must not be negative, 'ObjectSizeLessThan' must be positive.");
  }
  if (largerThan === undefined || smallerThan === undefined || smallerThan > largerThan) return;
  throw invalidRequest("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.");
}

/** @throws {AwsError} `InvalidRequest` */
export function requireActions(rule: Rule): void {
  const { expiration, transitions, noncurrentExpiration, noncurrentTransitions, abortAfterDays } = rule;
  const actions = [expiration, noncurrentExpiration, abortAfterDays, ...transitions, ...noncurrentTransitions];
  // Source: https://github.com/crossplane-contrib/provider-aws/issues/1337 (AWS's answer)
  if (actions.every((action) => action === undefined)) {
    throw invalidRequest("At least one action needs to be specified in a rule");
  }
  const { tags, largerThan, smallerThan } = rule.selection;
  const hasTags = Object.keys(tags).length > 0;
  // Source: https://github.com/terraform-aws-modules/terraform-aws-s3-bucket/issues/109 (AWS's answer)
  if (hasTags) refuse("Tags", rule);
  if (largerThan !== undefined || smallerThan !== undefined) refuse("Object Size", rule);
}

function refuse(what: string, { expiration, abortAfterDays }: Rule): void {
  if (abortAfterDays !== undefined) {
    throw invalidRequest(`AbortIncompleteMultipartUpload cannot be specified with ${what}.`);
  }
  if (expiration?.kind === "marker")
    throw invalidRequest(`ExpiredObjectDeleteMarker cannot be specified with ${what}.`);
}

/** @throws {AwsError} `InvalidArgument` */
export function requireDays(rule: Rule): void {
  const { expiration, transitions, noncurrentExpiration, noncurrentTransitions, abortAfterDays } = rule;
  if (expiration?.kind === "days") requirePositive("Days", "Expiration", expiration.days);
  if (abortAfterDays !== undefined) {
    requirePositive("DaysAfterInitiation", "AbortIncompleteMultipartUpload", abortAfterDays);
  }
  if (noncurrentExpiration) {
    // Source: https://github.com/hashicorp/terraform-provider-aws/issues/35328 (AWS's answer)
    requirePositive("NoncurrentDays", "NoncurrentVersionExpiration", noncurrentExpiration.days);
    requireNewer("NoncurrentVersionExpiration", noncurrentExpiration);
  }
  for (const { when, storageClass } of transitions) {
    if (when.kind === "days") requireTransitionDays("Days", "Transition", { days: when.days, storageClass });
  }
  for (const transition of noncurrentTransitions) {
    requireTransitionDays("NoncurrentDays", "NoncurrentVersionTransition", transition);
    requireNewer("NoncurrentVersionTransition", transition);
  }
}

function requirePositive(member: string, action: string, days: number): void {
  if (days < 1) throw invalidArgument(`'${member}' for ${action} action must be a positive integer`);
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionExpiration.html (NewerNoncurrentVersions) */
function requireNewer(action: string, { newer }: NoncurrentMoment): void {
  if (newer === undefined) return;
  requirePositive("NewerNoncurrentVersions", action, newer);
  if (newer > NEWER_NONCURRENT_VERSIONS_MAX) {
    throw invalidArgument(
      `'NewerNoncurrentVersions' for ${action} action must be less than or equal to ${NEWER_NONCURRENT_VERSIONS_MAX}`,
    );
  }
}

interface Step {
  readonly days: number;
  readonly storageClass: ColderClass;
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Transition.html (Days) */
function requireTransitionDays(member: string, action: string, { days, storageClass }: Step): void {
  if (days < 0) throw invalidArgument(`'${member}' for ${action} action must be nonnegative`);
  if (days >= LIFECYCLE_IA_DAYS_MIN || !isInfrequent(storageClass)) return;
  throw invalidArgument(
    `'${member}' in ${action} action must be greater than or equal to ${LIFECYCLE_IA_DAYS_MIN} for storageClass '${storageClass}'`,
  );
}

const isInfrequent = (storageClass: ColderClass): boolean =>
  storageClass === "STANDARD_IA" || storageClass === "ONEZONE_IA";

/** @throws {AwsError} `InvalidArgument`, `InvalidRequest` */
export function requireOrder(rule: Rule): void {
  const { expiration, transitions, noncurrentTransitions } = rule;
  const where = `filter '(prefix=${rule.selection.prefix})'`;
  const kinds = new Set(transitions.map(({ when }) => when.kind));
  if (expiration && expiration.kind !== "marker") kinds.add(expiration.kind);
  if (kinds.size > 1) {
    throw invalidRequest(
      `Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for ${where}`,
    );
  }
  const steps = transitions.flatMap(({ when, storageClass }) =>
    when.kind === "days" ? [{ days: when.days, storageClass }] : [],
  );
  requireSteps(steps, { member: "Days", action: "Transition", where });
  requireSteps(noncurrentTransitions, { member: "NoncurrentDays", action: "NoncurrentVersionTransition", where });
  if (expiration?.kind === "days" && steps.some(({ days }) => days >= expiration.days)) {
    throw invalidArgument(
      `'Days' in the Expiration action for ${where} must be greater than 'Days' in the Transition action`,
    );
  }
  requireLaterDate(rule, where);
  requireLaterNoncurrentExpiration(rule);
}

function requireLaterNoncurrentExpiration({ noncurrentExpiration: expiration, noncurrentTransitions }: Rule): void {
  if (!expiration) return;
  // an expiration that keeps the newest versions may fall on the day of a transition: those it keeps still move
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/bucket_lifecycle_configuration_test.go (TestAccS3BucketLifecycleConfiguration_EmptyFilter_NonCurrentVersions)
  const first = expiration.newer === undefined ? expiration.days : expiration.days + 1;
  if (noncurrentTransitions.every(({ days }) => days < first)) return;
  // Source: https://github.com/go-to-k/cdkd/pull/1426 (AWS's answer)
  throw invalidArgument(
    "'NoncurrentDays' in the NoncurrentVersionExpiration action must be greater than 'NoncurrentDays' in the NoncurrentVersionTransition action",
  );
}

function requireLaterDate({ expiration, transitions }: Rule, where: string): void {
  if (expiration?.kind !== "date") return;
  if (!transitions.some(({ when }) => when.kind === "date" && when.dateMs >= expiration.dateMs)) return;
  throw invalidArgument(
    `'Date' in the Expiration action for ${where} must be later than 'Date' in the Transition action`,
  );
}

/** How often each class may be moved to, and how long an object stays in one. */
function requireSteps(
  steps: readonly Step[],
  { member, action, where }: { readonly member: string; readonly action: string; readonly where: string },
): void {
  if (new Set(steps.map(({ storageClass }) => storageClass)).size < steps.length) {
    throw invalidRequest(`'StorageClass' must be different for '${action}' actions in same 'Rule' with ${where}`);
  }
  const inOrder = steps.toSorted((one, other) => one.days - other.days);
  for (const [at, { days, storageClass }] of inOrder.entries()) {
    const next = inOrder[at + 1];
    const stays = isInfrequent(storageClass) ? LIFECYCLE_IA_DAYS_MIN : 1;
    if (next === undefined || next.days >= days + stays) continue;
    throw invalidArgument(
      `'${member}' in the ${action} action for StorageClass '${next.storageClass}' for ${where} must be ${stays} days more than '${member}' in the ${action} action for StorageClass '${storageClass}'`,
    );
  }
}
