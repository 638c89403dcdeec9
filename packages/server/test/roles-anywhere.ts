/** IAM Roles Anywhere, for which there is no SDK client that could be sent through the gateway: signed requests and JSON. */
import { createHash, createHmac } from "node:crypto";
import { createSession, makeCertificate, type Held } from "./certificate-authority.ts";
import { makeRole, type Rights } from "./identities.ts";
import { testCloud, type TestCloud, type TestCredentials } from "./test-cloud.ts";

type Query = Readonly<Record<string, string>>;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Uint8Array, text: string): Uint8Array => createHmac("sha256", key).update(text).digest();

const queryText = (query: Query): string =>
  Object.entries(query)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: Query;
  readonly body: string;
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signedHeaders(
  { method, path, query, body }: Call,
  at: Date,
  { accessKeyId, secretAccessKey }: TestCredentials,
) {
  const date = at.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const host = "rolesanywhere.us-east-1.amazonaws.com";
  const scope = `${date.slice(0, 8)}/us-east-1/rolesanywhere/aws4_request`;
  const lines = [`host:${host}`, `x-amz-date:${date}`, ""];
  const canonical = [method, path, queryText(query), ...lines, "host;x-amz-date", sha256(body)].join("\n");
  const text = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
  const key = scope.split("/").reduce<string | Uint8Array>(hmac, `AWS4${secretAccessKey}`);
  const signature = Buffer.from(hmac(key, text)).toString("hex");
  const credential = `Credential=${accessKeyId}/${scope}`;
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
  return { host, "x-amz-date": date, authorization };
}

/** Calls as the root of the account, or as whom the key belongs to. */
export const rolesAnywhere =
  (cloud: TestCloud, credentials: TestCredentials = cloud.rootOf("000000000000")) =>
  async (method: string, path: string, input?: object, query: Query = {}) => {
    const body = input === undefined ? "" : JSON.stringify(input);
    const headers = signedHeaders({ method, path, query, body }, cloud.clock.now(), credentials);
    const contentType = input === undefined ? {} : { "content-type": "application/json" };
    const sent = await cloud.send({ method, path, query, headers: { ...headers, ...contentType }, body });
    const text = Buffer.from(sent.body).toString("utf8");
    return { status: sent.statusCode, answer: text === "" ? {} : JSON.parse(text) };
  };

interface Wanted {
  /** What the role's trust policy asks besides. */
  readonly condition?: object;
  readonly trustActions?: readonly string[];
  readonly profile?: object;
  readonly allow?: Rights;
}

const TRUST_ACTIONS = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];

/** An authority that an account trusts, a profile with a role, and a certificate of one who may take it on. */
export async function anywhere({ condition, trustActions = TRUST_ACTIONS, profile, allow }: Wanted = {}) {
  const cloud = await testCloud();
  const call = rolesAnywhere(cloud);
  const authority = await makeCertificate(cloud, { name: "CN=Root, O=Example", authority: true });
  const source = { sourceType: "CERTIFICATE_BUNDLE", sourceData: { x509CertificateData: authority.pem } };
  const created = await call("POST", "/trustanchors", { name: "root", source, enabled: true });
  const { trustAnchorArn, trustAnchorId } = created.answer.trustAnchor;
  const roleArn = await makeRole(cloud, "worker", {
    principal: { Service: "rolesanywhere.amazonaws.com" },
    trustActions,
    ...(condition && { trustCondition: condition }),
    ...(allow && { allow }),
  });
  const made = await call("POST", "/profiles", { name: "workers", roleArns: [roleArn], enabled: true, ...profile });
  const { profileArn, profileId } = made.answer.profile;
  const query = { profileArn, roleArn, trustAnchorArn };
  const leaf = await makeCertificate(cloud, { name: "CN=alice, OU=web", issuer: authority });
  return {
    cloud,
    call,
    authority,
    leaf,
    query,
    trustAnchorId,
    trustAnchorArn,
    profileId,
    roleArn,
    /** Asks for a session, with what the test changes of it. */
    ask: (more: Partial<Parameters<typeof createSession>[1]> = {}) =>
      createSession(cloud, { by: leaf, query, ...more }),
    /** A certificate of the authority's. */
    issue: (name: string, more: Partial<Parameters<typeof makeCertificate>[1]> = {}): Promise<Held> =>
      makeCertificate(cloud, { name, issuer: authority, ...more }),
  };
}
