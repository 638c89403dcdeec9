/**
 * Requests to S3 that mean no operation although one would fit, since what they name besides contradicts it.
 * Source: https://github.com/versity/versitygw/blob/main/tests/integration/general.go (what S3 was seen to answer)
 */
import { AwsError } from "../kernel/aws-error.ts";
import { notMultipart } from "./form-upload.ts";
import { parseQuery } from "./form.ts";
import type { RequestHead } from "./protocol.ts";

/** What a request goes to, as S3 calls it. */
export const resourceTypeOf = ({ bucket, path }: Place): "SERVICE" | "BUCKET" | "OBJECT" => {
  if (bucket === undefined) return "SERVICE";
  return path === "/" ? "BUCKET" : "OBJECT";
};

/** Where a request goes, its bucket cut off. */
export interface Place {
  readonly bucket: string | undefined;
  readonly path: string;
}

/** What is looked at below: nearly all calls have none of it, and are not looked at further. */
const SUSPECT = /(?:^|&)(?:uploads|versions|uploadId|partNumber|response-|versionId)/;

/** @throws {AwsError} `InvalidRequest`, `InvalidArgument`, `MethodNotAllowed` */
export function refuseMisdirected(head: RequestHead, place: Place): void {
  const source = head.headers["x-amz-copy-source"];
  if (source === undefined && !SUSPECT.test(head.query)) return;
  const names = new Set(parseQuery(head.query).map(([name]) => name));
  if (source !== undefined && copiesNothing(head.method, names)) {
    throw invalidArgument("You can only specify a copy source header for copy requests.", "x-amz-copy-source", source);
  }
  if (resourceTypeOf(place) !== "OBJECT") return;
  if (head.method === "GET") refuseBucketsParts(names);
  if (head.method === "GET" || head.method === "HEAD") refuseOverrides(names);
  if (head.method === "PUT") refuseHalfAPart(names);
  refuseVersion(head, names);
}

const copiesNothing = (method: string, names: ReadonlySet<string>): boolean =>
  method === "GET" || method === "HEAD" || method === "DELETE" || (method === "POST" && names.has("uploadId"));

function refuseBucketsParts(names: ReadonlySet<string>): void {
  if (names.has("uploads")) {
    throw new AwsError("InvalidRequest", "Key is not expected for the GET method ?uploads subresource");
  }
  if (names.has("versions")) {
    throw new AwsError("InvalidRequest", "There is no such thing as the ?versions sub-resource for a key");
  }
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Overriding response header values) */
const OVERRIDABLE: ReadonlySet<string> = new Set([
  "response-cache-control",
  "response-content-disposition",
  "response-content-encoding",
  "response-content-language",
  "response-content-type",
  "response-expires",
]);

/** Source: https://github.com/versity/versitygw/blob/main/tests/test_rest_get_object.sh (run against S3) */
function refuseOverrides(names: ReadonlySet<string>): void {
  for (const name of names) {
    if (!name.startsWith("response-") || OVERRIDABLE.has(name)) continue;
    throw new AwsError("InvalidArgument", `${name} is not in the set of overridable response headers`, {
      ArgumentName: name,
    });
  }
}

function refuseHalfAPart(names: ReadonlySet<string>): void {
  if (names.has("partNumber") && !names.has("uploadId")) {
    // the name stands for the value as well
    throw invalidArgument("This operation does not accept partNumber without uploadId", "partNumber", "partNumber");
  }
}

/** What may be written to a version that there is: all else makes one. */
const OF_VERSIONS = ["acl", "annotation", "encryption", "legal-hold", "restore", "retention", "select", "tagging"];

/** Source: https://github.com/scality/cloudserver/pull/698 (what S3 was seen to answer) */
function refuseVersion({ method, query }: RequestHead, names: ReadonlySet<string>): void {
  if (!names.has("versionId") || (method !== "PUT" && method !== "POST")) return;
  if (OF_VERSIONS.some((name) => names.has(name))) return;
  const [, value = ""] = parseQuery(query).find(([name]) => name === "versionId") ?? [];
  throw invalidArgument("This operation does not accept a version-id.", "versionId", value);
}

const invalidArgument = (message: string, ArgumentName: string, ArgumentValue: string) =>
  new AwsError("InvalidArgument", message, { ArgumentName, ArgumentValue });

/** Source: https://github.com/brekkylab/backlot/issues/312, https://github.com/versity/versitygw/issues/1810 (S3's answers) */
const ALLOWED = { SERVICE: "GET", BUCKET: "HEAD, DELETE, POST, GET, PUT", OBJECT: "HEAD, DELETE, GET, PUT" } as const;

/** What a method is answered with that no operation of the place has. */
export function unknownMethod(method: string, place: Place): AwsError {
  const type = resourceTypeOf(place);
  // what is posted to a bucket is a form
  if (type === "BUCKET" && method === "POST") return notMultipart();
  return methodNotAllowed(method, type, { allow: ALLOWED[type] });
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const methodNotAllowed = (
  Method: string,
  ResourceType: string,
  headers: Readonly<Record<string, string>> = {},
) =>
  new AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", {
    Method,
    ResourceType,
    ...headers,
  });
