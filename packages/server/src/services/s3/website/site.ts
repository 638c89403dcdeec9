/**
 * Buckets as websites.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { Site, SiteAnswer, SiteRequest } from "../../../service/site.ts";
import { buckets } from "../bucket/row.ts";
import { crossOrigin } from "../cors/verdict.ts";
import { invalidUri, methodNotAllowed, noSuchBucket } from "../errors.ts";
import { websiteAccess } from "../logging/access-log.ts";
import { hostIdOf, requestIdOf } from "../notification/request-id.ts";
import { websites, type Website } from "./configuration.ts";
import { errorPage, foundPage, headersOf, refusalOf, type Refusal } from "./error-page.ts";
import { incorrectEndpoint, noSuchWebsite } from "./errors.ts";
import { follow, followAll, ruleAfter, ruleBefore, type Onward, type Visited } from "./routing.ts";
import { isShown, showObject, type Wanted } from "./shown-object.ts";

interface Visit extends Visited {
  readonly bucket: string;
  readonly method: string;
  readonly headers: Wanted["headers"];
  readonly ids: { readonly requestId: string; readonly hostId: string };
}

export const website: Site = async (request, context) => {
  const requestId = requestIdOf(context);
  const ids = { requestId, hostId: hostIdOf(requestId) };
  const { bucket, region } = placeOf(request.host);
  const answer = await answering(ids, async () => {
    const visit = { ...request, ids, bucket, key: requireKey(request.path), query: request.query.toString() };
    return visited(visit, await requireWebsite({ bucket, region }, context), context);
  });
  await log({ request, answer, bucket, requestId }, context);
  const headers = { "x-amz-request-id": requestId, "x-amz-id-2": ids.hostId, ...answer.headers };
  return { ...answer, headers: { ...headers, ...(await pageHeaders(request, bucket, context)) } };
};

interface Shown {
  readonly request: SiteRequest;
  readonly answer: SiteAnswer;
  readonly bucket: string;
  readonly requestId: string;
}

async function log({ request, answer, bucket: name, requestId }: Shown, context: Context): Promise<void> {
  const bucket = await context.tx.get(buckets, name);
  if (bucket?.logging === undefined) return;
  const { path, method, query } = request;
  const { headers, status, body } = answer;
  const atMs = context.now().getTime();
  const length = typeof body === "string" ? Buffer.byteLength(body) : Number(headers["content-length"]);
  const answered = {
    method,
    target: query.size === 0 ? path : `${path}?${query.toString()}`,
    labels: {},
    status,
    errorCode: headers["x-amz-error-code"],
    bytes: method === "HEAD" ? 0 : length,
    input: {},
    output: {},
    atMs,
    answeredAtMs: atMs,
    byAcl: false,
  };
  await websiteAccess({ bucket, key: findKey(path), requestId }, answered, context.as({ type: "anonymous" }));
}

/** What is refused is shown as a page. */
async function answering(ids: Visit["ids"], answer: () => Promise<SiteAnswer>): Promise<SiteAnswer> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return errorPage(refusalOf(error), ids);
  }
}

/** The bucket and the region that the name of the endpoint tells of; a domain is called like its bucket. */
function placeOf(host: string): { readonly bucket: string; readonly region: string | undefined } {
  const [, bucket = host.replace(/\.$/, ""), region] =
    /^(.+)\.s3-website(?:[-.]([a-z]{2,4}(?:-[a-z]+)+-\d))?\./.exec(host) ?? [];
  return { bucket, region };
}

/** `undefined` where the path says none. */
function findKey(path: string): string | undefined {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return undefined;
  }
}

/** @throws {AwsError} `InvalidURI` */
function requireKey(path: string): string {
  const key = findKey(path);
  if (key === undefined) throw invalidUri();
  return key;
}

/** @throws {AwsError} `NoSuchBucket`, `IncorrectEndpoint`, `NoSuchWebsiteConfiguration` */
async function requireWebsite(
  { bucket: name, region }: { readonly bucket: string; readonly region: string | undefined },
  { tx }: Context,
): Promise<Website> {
  const bucket = await tx.get(buckets, name);
  if (bucket === undefined) throw noSuchBucket(name);
  if (region !== undefined && region !== bucket.region) {
    throw incorrectEndpoint(`${name}.s3-website-${bucket.region}.amazonaws.com`);
  }
  const row = await tx.get(websites, name);
  if (row === undefined) throw noSuchWebsite(name);
  return row.website;
}

async function visited(visit: Visit, site: Website, context: Context): Promise<SiteAnswer> {
  const { method } = visit;
  if (method === "OPTIONS") return { status: 200, headers: {}, body: await requireAllowed(visit, context) };
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html#WebsiteRestEndpointDiff (GET and HEAD alone)
  if (method !== "GET" && method !== "HEAD") throw methodNotAllowed(method, "OBJECT");
  if (site.RedirectAllRequestsTo) return redirect(followAll(site.RedirectAllRequestsTo, visit));
  // rules of a prefix do not hold for the root, whose page has another name
  const rule = ruleBefore(site.RoutingRules ?? [], visit.key);
  return rule === undefined ? show({ visit, method, site }, context) : redirect(follow(rule, visit));
}

interface Showing {
  readonly visit: Visit;
  readonly method: Wanted["method"];
  readonly site: Website;
}

async function show({ visit, method, site }: Showing, context: Context): Promise<SiteAnswer> {
  const { bucket, key } = visit;
  const suffix = site.IndexDocument?.Suffix ?? "";
  const wanted: Wanted = { ...visit, method, key: isFolder(key) ? key + suffix : key };
  try {
    return await showObject(wanted, context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const refusal = refusalOf(error);
    if (!isFolder(key) && isMissing(refusal) && (await isShown({ bucket, key: `${key}/${suffix}` }, context))) {
      return foundPage(`/${encodeURI(key)}/`, visit.ids);
    }
    return refused(refusal, { visit, wanted, site }, context);
  }
}

const isFolder = (key: string): boolean => key === "" || key.endsWith("/");

/** Who may not list the bucket is not told that there is no such object. */
const isMissing = ({ status }: Refusal): boolean => status === 404 || status === 403;

const redirect = ({ status, location }: Onward): SiteAnswer => ({
  status,
  headers: { location, "content-length": "0" },
  body: "",
});

interface Failed {
  readonly visit: Visit;
  readonly wanted: Wanted;
  readonly site: Website;
}

/** A rule for the error comes before the website's page for errors, and that before S3's own. */
async function refused(refusal: Refusal, { visit, wanted, site }: Failed, context: Context): Promise<SiteAnswer> {
  if (refusal.status === 304) return { status: 304, headers: refusal.headers, body: "" };
  const rule = ruleAfter(site.RoutingRules ?? [], visit.key, refusal.status);
  if (rule !== undefined) return redirect(follow(rule, visit));
  const { ErrorDocument: document } = site;
  if (document === undefined) return errorPage(refusal, visit.ids);
  try {
    const page = await showObject({ ...wanted, key: document.Key, headers: {} }, context);
    // one that sends on does so
    const status = page.status === 301 ? page.status : refusal.status;
    return { ...page, status, headers: { ...headersOf(refusal), ...page.headers } };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return errorPage(refusal, visit.ids, refusalOf(error));
  }
}

/** @throws {AwsError} `AccessForbidden` */
async function requireAllowed({ bucket, method, key, headers }: Visit, { tx }: Context): Promise<string> {
  const verdict = await crossOrigin({ bucket, method, path: `/${key}`, headers }, tx);
  if (verdict.kind === "refused") throw verdict.refusal;
  return "";
}

async function pageHeaders(
  { method, path, headers }: SiteRequest,
  bucket: string,
  { tx }: Context,
): Promise<Readonly<Record<string, string>>> {
  if (headers["origin"] === undefined) return {};
  const verdict = await crossOrigin({ bucket, method, path, headers }, tx);
  return verdict.kind === "allowed" ? verdict.headers : {};
}
