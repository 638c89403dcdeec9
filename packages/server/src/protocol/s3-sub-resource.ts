/**
 * Requests to S3 whose query names what their method cannot be used on: the plain operation of the method would fit, and
 * is not meant.
 * Source: https://github.com/brekkylab/backlot/issues/230, https://github.com/brekkylab/backlot/issues/335 (measured at S3)
 */
import { AwsError } from "../kernel/aws-error.ts";
import { findOwn } from "../kernel/lookup.ts";
import type { ServiceModel } from "../model/service-model.ts";
import { parseQuery } from "./form.ts";
import { bindingsOfInput } from "./http-binding.ts";
import type { RequestHead } from "./protocol.ts";
import { methodNotAllowed, resourceTypeOf, type Place } from "./s3-misdirection.ts";
import { parseUriTemplate } from "./uri-template.ts";

/** By what the query calls it, the methods that it has. */
type SubResources = ReadonlyMap<string, ReadonlySet<string>>;

interface KnownSubResources {
  readonly BUCKET: SubResources;
  readonly OBJECT: SubResources;
}

const knownOfModels = new WeakMap<ServiceModel, KnownSubResources>();

/** The query of nearly all calls. */
const PLAIN = /^(?:x-id=\w*)?$/;

/** @throws {AwsError} `MethodNotAllowed`, `InvalidArgument` where it names two */
export function refuseSubResource(
  { method, query }: RequestHead,
  place: Place & { readonly model: ServiceModel },
): void {
  const owner = resourceTypeOf(place);
  if (PLAIN.test(query) || owner === "SERVICE" || method === "OPTIONS") return;
  const known = subResourcesOf(place.model)[owner];
  const names = new Set(parseQuery(query).map(([name]) => name));
  const [named, ...more] = [...names].filter((name) => known.has(name)).toSorted();
  if (named === undefined) return;
  if (more.length > 0) throw conflicting([named, ...more]);
  const methods = known.get(named);
  if (methods?.has(method) || (method === "PUT" && names.has("partNumber"))) return;
  const allow = IN_ORDER.filter((one) => methods?.has(one)).join(", ");
  throw methodNotAllowed(method, typeOf(named), { allow });
}

/** As S3's `Allow` has them. */
const IN_ORDER = ["HEAD", "DELETE", "POST", "GET", "PUT"];

/** Source: https://github.com/versity/versitygw/blob/main/tests/test_rest_multipart.sh (run against S3), https://github.com/brekkylab/backlot/pull/118 (measured) */
const conflicting = (names: readonly string[]): AwsError =>
  new AwsError("InvalidArgument", `Conflicting query string parameters: ${names.join(", ")}`, {
    ArgumentName: "ResourceType",
    ArgumentValue: names[0],
  });

/**
 * What errors and logs call it, where the name does not follow from the query's.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html (Operation), https://github.com/filestack/filestack-js/issues/55 (S3's answer)
 */
const TYPES: Readonly<Record<string, string>> = {
  delete: "MULTI_OBJECT_DELETE",
  logging: "LOGGING_STATUS",
  "object-lock": "OBJECT_LOCK_CONFIGURATION",
  policy: "BUCKETPOLICY",
  uploadId: "UPLOAD",
  versions: "BUCKETVERSIONS",
};

const typeOf = (name: string): string =>
  findOwn(TYPES, name) ??
  name
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_")
    .replaceAll("-", "_")
    .toUpperCase();

function subResourcesOf(model: ServiceModel): KnownSubResources {
  const known = knownOfModels.get(model) ?? collect(model);
  knownOfModels.set(model, known);
  return known;
}

/** Further names of the query that stand in the model's URIs, and choose between operations of one resource. */
const CHOICES: ReadonlySet<string> = new Set(["list-type", "select-type", "session"]);

function collect(model: ServiceModel): KnownSubResources {
  const BUCKET = new Map<string, Set<string>>();
  const OBJECT = new Map<string, Set<string>>();
  for (const name of model.operationNames) {
    const operation = model.operation(name);
    if (operation?.http === undefined || !operation.input.byName.has("Bucket")) continue;
    const { query, segments } = parseUriTemplate(operation.http.uri);
    const needed = bindingsOfInput(operation.input).queries.filter(({ required }) => required);
    const needs = new Set(needed.map(({ traits }) => traits.httpQuery));
    if (needs.has("partNumber")) continue;
    const into = segments.length === 0 ? BUCKET : OBJECT;
    const selectors = query.map(([selector]) => selector).filter((selector) => !CHOICES.has(selector));
    for (const selector of needs.has("uploadId") ? ["uploadId"] : selectors) {
      into.set(selector, (into.get(selector) ?? new Set()).add(operation.http.method));
    }
  }
  return { BUCKET, OBJECT };
}
