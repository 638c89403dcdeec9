/**
 * Lets calls come in by an access point: where one is named instead of a bucket, the operation gets the bucket, and a
 * context that knows the way.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-service-api-support.html
 */
import type { Context } from "../../../service/context.ts";
import type { HeldOperation, Service } from "../../../service/service.ts";
import { buckets } from "../bucket/row.ts";
import { accessDenied, methodNotAllowed, noSuchAccessPoint } from "../errors.ts";
import { contextThrough } from "./passage.ts";
import { isPointSource, parseReference, splitSource, type AccessPointReference } from "./reference.ts";
import { accessPointAliases, accessPoints, type AccessPoint } from "./row.ts";

/** The service, its operations open to access points. */
export function withAccessPoints(service: Service): Service {
  const operations = [...service.operations.values()].filter(({ name }) => name !== "CreateBucket");
  return {
    ...service,
    operations: new Map([...service.operations, ...operations.map((each) => [each.name, entered(each)] as const)]),
  };
}

interface Call {
  readonly input: unknown;
  readonly context: Context;
}

function entered(operation: HeldOperation): HeldOperation {
  const { name } = operation;
  const receive = operation.receive?.bind(operation);
  return {
    ...operation,
    authorize(input, context) {
      if (!mayEnter(input, context)) return operation.authorize(input, context);
      return enter({ input, context }, name).then((call) => operation.authorize(call.input, call.context));
    },
    ...(receive && {
      receive(input, context) {
        if (!mayEnter(input, context)) return receive(input, context);
        return enter({ input, context }, name).then((call) => receive(call.input, call.context));
      },
    }),
    handle(input, context, received) {
      if (!mayEnter(input, context)) return operation.handle(input, context, received);
      return enter({ input, context }, name).then((call) => operation.handle(call.input, call.context, received));
    },
  };
}

interface PlacedInput {
  readonly Bucket: string;
}

const namesBucket = (input: unknown): input is PlacedInput =>
  typeof input === "object" && input !== null && "Bucket" in input && typeof input.Bucket === "string";

const namesSource = (input: object): input is { readonly CopySource: string } =>
  "CopySource" in input && typeof input.CopySource === "string";

/** Whether an access point may be named: looks at the input alone. */
function mayEnter(input: unknown, context: Context): boolean {
  if (!namesBucket(input)) return false;
  return parseReference(input.Bucket, context) !== undefined || (namesSource(input) && isPointSource(input.CopySource));
}

/** @throws {AwsError} `NoSuchAccessPoint`; `MethodNotAllowed`; `AccessDenied` for who does not come from its VPC. */
async function enter(call: Call, operation: string): Promise<Call> {
  const { input, context } = call;
  if (!namesBucket(input)) return call;
  const accessPoint = await findByName(input.Bucket, context);
  const source = namesSource(input) ? await findSource(input.CopySource, context) : undefined;
  if (accessPoint === undefined && source === undefined) return call;
  if (!OPERATIONS.has(operation)) throw methodNotAllowed(methodOf(operation));
  return {
    input: {
      ...input,
      ...(accessPoint && { Bucket: accessPoint.bucket }),
      ...(source && { CopySource: source.text }),
    },
    context: contextThrough({ accessPoint, sourcePoint: source?.point }, context),
  };
}

async function findByName(text: string, context: Context): Promise<AccessPoint | undefined> {
  const reference = parseReference(text, context);
  const point = reference && (await findAccessPoint(reference, context));
  // Differs: no network is built yet that a call could come from, so that nobody is inside of any VPC.
  if (point?.vpcId !== undefined) throw accessDenied();
  return point;
}

/** The source of a copy with its bucket's own name. */
async function findSource(
  text: string,
  context: Context,
): Promise<{ readonly point: AccessPoint; readonly text: string } | undefined> {
  const { name, rest } = splitSource(text) ?? {};
  if (name === undefined) return undefined;
  const point = await findByName(name, context);
  return point && { point, text: `${point.bucket}/${rest}` };
}

async function findAccessPoint(
  reference: AccessPointReference,
  { tx }: Pick<Context, "tx">,
): Promise<AccessPoint | undefined> {
  if (reference.kind === "alias") {
    const place = await tx.get(accessPointAliases, reference.alias);
    return place && tx.get(accessPoints, place.account, place.region, place.name);
  }
  const { kind, account, region, name } = reference;
  if (kind === "perhaps" && (await tx.get(buckets, `${name}-${account}`))) return undefined;
  const found = await tx.get(accessPoints, account, region, name);
  if (found === undefined && kind === "name") throw noSuchAccessPoint(name);
  return found;
}

const methodOf = (operation: string): string => {
  const [verb = ""] = /^[A-Z][a-z]+/.exec(operation) ?? [];
  return { Put: "PUT", Delete: "DELETE", Create: "POST", Head: "HEAD" }[verb] ?? "GET";
};

/** Annotations are not in the list, which is partial, nor where their own documentation says what does not have them. */
const OPERATIONS: ReadonlySet<string> = new Set([
  "AbortMultipartUpload",
  "CompleteMultipartUpload",
  "CopyObject",
  "CreateMultipartUpload",
  "DeleteObject",
  "DeleteObjectAnnotation",
  "DeleteObjects",
  "DeleteObjectTagging",
  "GetBucketAcl",
  "GetBucketCors",
  "GetBucketLocation",
  "GetBucketNotificationConfiguration",
  "GetBucketPolicy",
  "GetObject",
  "GetObjectAcl",
  "GetObjectAnnotation",
  "GetObjectAttributes",
  "GetObjectLegalHold",
  "GetObjectRetention",
  "GetObjectTagging",
  "HeadBucket",
  "HeadObject",
  "ListMultipartUploads",
  "ListObjectAnnotations",
  "ListObjects",
  "ListObjectsV2",
  "ListObjectVersions",
  "ListParts",
  "PutObject",
  "PutObjectAcl",
  "PutObjectAnnotation",
  "PutObjectLegalHold",
  "PutObjectRetention",
  "PutObjectTagging",
  "RestoreObject",
  "SelectObjectContent",
  "UploadPart",
  "UploadPartCopy",
]);
