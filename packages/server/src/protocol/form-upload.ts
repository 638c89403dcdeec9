/**
 * Files that browsers upload to S3 with a form: read as the `PutObject` that they mean.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
import { AwsError } from "../kernel/aws-error.ts";
import type { ByteStream } from "../kernel/bytes.ts";
import { findOwn } from "../kernel/lookup.ts";
import { encodedWord, headerInstead } from "./http-binding.ts";
import { boundaryOf, FormReader, type FormPart } from "./multipart-form.ts";
import type { FormProtocol, FormUpload, RequestHead, Uploaded, WireResponse } from "./protocol.ts";
import { escapeXml, NOT_WELL_FORMED, parseXml, type XmlElement } from "./xml.ts";

/** All that comes before the file. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html (Form Fields) */
const FIELDS_BYTES_MAX = 20 * 1024;

/**
 * The fields of a form and its file, which is yet to be read; what follows the file is passed over.
 * @throws {AwsError}
 */
async function readFormUpload({ headers }: RequestHead, body: ByteStream): Promise<FormUpload> {
  const boundary = boundaryOf(headers["content-type"]);
  if (boundary === undefined) throw notMultipart();
  const form = new FormReader(body, boundary);
  const fields = new Map<string, string>();
  let size = 0;
  for (let part = await form.next(); part !== undefined; part = await form.next()) {
    if (part.name.toLowerCase() === "file") return { ...finished(fields, part), file: fileOf(form) };
    const text = await form.text(FIELDS_BYTES_MAX);
    const name = part.name.toLowerCase();
    size += name.length + Buffer.byteLength(text ?? "");
    if (text === undefined || size > FIELDS_BYTES_MAX) throw fieldsTooLarge();
    if (!fields.has(name)) fields.set(name, text);
  }
  throw noFile();
}

function finished(fields: ReadonlyMap<string, string>, { fileName }: FormPart): Omit<FormUpload, "file"> {
  // browsers of old sent where the file lay on its owner's machine
  const name = fileName?.split(/[/\\]/).at(-1);
  const filled = new Map(
    [...fields].map(([field, value]) => [field, name === undefined ? value : value.replaceAll("${filename}", name)]),
  );
  const key = filled.get("key");
  if (key === undefined) throw keyMissing();
  if (key === "") throw keyEmpty();
  return { fields: filled, key };
}

async function* fileOf(form: FormReader): AsyncGenerator<Uint8Array> {
  yield* form.content();
  await form.end();
}

/** Fields that are headers of `PutObject` by another name, or by the same. */
const AS_HEADERS: Readonly<Record<string, string>> = {
  acl: "x-amz-acl",
  "cache-control": "cache-control",
  "content-type": "content-type",
  "content-disposition": "content-disposition",
  "content-encoding": "content-encoding",
  "content-language": "content-language",
  "content-md5": "content-md5",
  expires: "expires",
};

/** Fields that say who uploads, and nothing of the object. */
const OF_SIGNATURE: ReadonlySet<string> = new Set([
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-signature",
  "x-amz-security-token",
  "x-amz-content-sha256",
  "x-amz-tagging",
]);

/** What of the form's own request is the upload's as well. */
const KEPT = ["host", "user-agent", "origin", "referer"] as const;

/** @throws {AwsError} `MalformedXML` where the tags are none. */
function headersOfForm({ fields }: FormUpload, { headers }: RequestHead): Readonly<Record<string, string | undefined>> {
  const made: Record<string, string | undefined> = {};
  for (const name of KEPT) if (headers[name] !== undefined) made[name] = headers[name];
  for (const [field, value] of fields) {
    const name =
      findOwn(AS_HEADERS, field) ?? (field.startsWith("x-amz-") && !OF_SIGNATURE.has(field) ? field : undefined);
    if (name !== undefined) made[name] = isMeantWord(name, value) ? encodedWord(value) : headerInstead(name, value);
  }
  const tagging = fields.get("tagging");
  if (tagging !== undefined) made["x-amz-tagging"] = taggingOf(tagging);
  return made;
}

/**
 * What looks like an encoded word in a form is none.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_post_object_with_unicode_metadata, recorded)
 */
const isMeantWord = (name: string, value: string): boolean => name.startsWith("x-amz-meta-") && value.includes("=?");

const textOf = ({ children }: XmlElement, name: string): string =>
  encodeURIComponent(children.find((child) => child.name === name)?.text ?? "");

/** The tags as the header has them. */
function taggingOf(xml: string): string {
  const set = elementOf(xml).children.find(({ name }) => name === "TagSet");
  return (set?.children ?? []).map((tag) => `${textOf(tag, "Key")}=${textOf(tag, "Value")}`).join("&");
}

function elementOf(xml: string): XmlElement {
  try {
    return parseXml(xml);
  } catch {
    throw new AwsError("MalformedXML", NOT_WELL_FORMED);
  }
}

/** `response` is that of `PutObject`. */
function answerForm({ fields, key }: FormUpload, { location, bucket }: Uploaded, response: WireResponse): WireResponse {
  const etag = response.headers["etag"] ?? "";
  const onward = onwardOf(fields.get("success_action_redirect") ?? fields.get("redirect"), { bucket, key, etag });
  if (onward !== undefined) {
    return { status: 303, headers: { ...response.headers, location: onward }, body: undefined };
  }
  const headers: Record<string, string> = { ...response.headers, location };
  const status = fields.get("success_action_status");
  if (status === "200") return { status: 200, headers, body: undefined };
  if (status !== "201") return { status: 204, headers, body: undefined };
  headers["content-type"] = "application/xml";
  return { status: 201, headers, body: postResponse({ Location: location, Bucket: bucket, Key: key, ETag: etag }) };
}

const postResponse = (told: Readonly<Record<string, string>>): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>${Object.entries(told)
    .map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
    .join("")}</PostResponse>`;

/** What is no address is as if it were not there. */
function onwardOf(redirect: string | undefined, told: Readonly<Record<string, string>>): string | undefined {
  if (redirect === undefined || !URL.canParse(redirect)) return undefined;
  const query = Object.entries(told).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${redirect}${redirect.includes("?") ? "&" : "?"}${query.join("&")}`;
}

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_post_object_with_wrong_content_type, recorded) */
export const notMultipart = (): AwsError =>
  new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    Condition: "Bucket POST must be of the enclosure-type multipart/form-data",
  });

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const fieldsTooLarge = (): AwsError =>
  new AwsError("MaxPostPreDataLengthExceeded", "Your POST request fields preceding the upload file were too large.");

const noFile = (): AwsError =>
  new AwsError("InvalidArgument", "POST requires exactly one file upload per request.", {
    ArgumentName: "file",
    ArgumentValue: "0",
  });

const keyMissing = (): AwsError =>
  new AwsError(
    "InvalidArgument",
    "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
    { ArgumentName: "key", ArgumentValue: "" },
  );

/** Source: https://github.com/jamhall/s3rver/blob/master/test/controllers/object.spec.js (rejects requests with zero-length key) */
const keyEmpty = (): AwsError =>
  new AwsError("InvalidArgument", "User key must have a length greater than 0.", {
    ArgumentName: "key",
    ArgumentValue: "",
  });

export const s3Forms: FormProtocol = {
  isForm: ({ method, query, headers }, { bucket, path }) =>
    method === "POST" && query === "" && path === "/" && bucket !== undefined && headers["authorization"] === undefined,
  read: readFormUpload,
  meant: (form, head) => ({
    method: "PUT",
    path: `/${form.key.split("/").map(encodeURIComponent).join("/")}`,
    query: "",
    headers: headersOfForm(form, head),
  }),
  answer: answerForm,
};
