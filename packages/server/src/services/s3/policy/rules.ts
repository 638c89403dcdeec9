/**
 * What a text must be to become a bucket's policy.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
 */
import { parseGlob } from "../../../identity/policy/glob.ts";
import { validatePolicy, type ResourceRules } from "../../../identity/policy/validate.ts";
import type { Arn } from "../../../kernel/arn.ts";
import { malformedPolicy } from "../errors.ts";
import { BUCKET_POLICY_BYTES_MAX } from "../limits.ts";

/** What a policy may be about. */
interface PolicyScope {
  /** The bucket, or the access point, that has the policy. */
  readonly itself: Arn;
  /** What the ARNs of its objects begin with. */
  readonly objects: string;
  /** Another type of resource, as the service authorization reference calls it. */
  readonly of?: "accessgrantsinstance";
}

/** @throws {AwsError} `MalformedPolicy` */
export async function requireValidPolicy(text: string, scope: PolicyScope): Promise<void> {
  if (Buffer.byteLength(text) > BUCKET_POLICY_BYTES_MAX) {
    throw malformedPolicy(`Policies must not be larger than ${BUCKET_POLICY_BYTES_MAX} bytes`);
  }
  const problem = validatePolicy(text, "resource", await rulesOf(scope));
  if (problem) throw malformedPolicy(isWithoutStatement(text) ? "Missing required field Statement" : problem.message);
}

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (test_bucket_policy_exc, recorded) */
function isWithoutStatement(text: string): boolean {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null && !("Statement" in document);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

async function rulesOf({ itself, objects, of }: PolicyScope): Promise<ResourceRules> {
  const { onBuckets, onObjects, all } = await readActions(of);
  const isBucket = (resource: string): boolean => parseGlob(withoutVariables(resource)).test(itself);
  const isObject = (resource: string): boolean => mayBegin(withoutVariables(resource), objects);
  return {
    actions: all,
    isResource: (resource) => isBucket(resource) || isObject(resource),
    applies: (action, resource) =>
      (onBuckets.has(action) && isBucket(resource)) || (onObjects.has(action) && isObject(resource)),
  };
}

/** A policy variable may stand for anything. */
const withoutVariables = (resource: string): string => resource.replace(/\$\{[^}]*\}/g, "*");

/** Whether `pattern` may match a text that begins with `start` and goes on. */
function mayBegin(pattern: string, start: string): boolean {
  const [fixed = ""] = pattern.split(/[*?]/, 1);
  if (fixed.length === pattern.length) return pattern.length > start.length && pattern.startsWith(start);
  return start.startsWith(fixed) || fixed.startsWith(start);
}

/** Which actions S3 has, and which of them are done to buckets and to objects. */
interface Actions {
  readonly all: readonly string[];
  readonly onBuckets: ReadonlySet<string>;
  readonly onObjects: ReadonlySet<string>;
}

async function readActions(type: PolicyScope["of"] | "bucket" = "bucket"): Promise<Actions> {
  const { default: table } = await import("../../../../models/iam/s3.json", { with: { type: "json" } });
  const places = { bucket: placeOf(table, type), object: placeOf(table, "object") };
  const onPlace = (place: number): ReadonlySet<string> =>
    new Set(table.actions.flatMap(([name, , needed]) => (touches(needed, place) ? [`s3:${String(name)}`] : [])));
  return {
    all: table.actions.map(([name]) => `s3:${String(name)}`),
    onBuckets: onPlace(places.bucket),
    onObjects: onPlace(places.object),
  };
}

const placeOf = ({ resources }: { readonly resources: readonly (readonly unknown[])[] }, type: string): number =>
  resources.findIndex(([name]) => name === type);

const touches = (needed: unknown, place: number): boolean =>
  Array.isArray(needed) && needed.some((resource: unknown) => Array.isArray(resource) && resource[0] === place);
