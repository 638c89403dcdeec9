import { AwsError } from "../../kernel/aws-error.ts";
import { collect, held, HeldBytes, OwnPieces } from "../../kernel/bytes.ts";
import { whenThere } from "../../kernel/soon.ts";
import { asRegion, type Region } from "../../kernel/arn.ts";
import { isCertificateSigned, verifyCertificateSignature } from "../../identity/sigv4/certificate-signature.ts";
import { heldTo } from "../../identity/sigv4/form-check.ts";
import { formClaim } from "../../identity/sigv4/form-claim.ts";
import type { AnonymousClaim, Claim, Family } from "../../identity/sigv4/verify.ts";
import type { Credential } from "../../identity/credentials/credential.ts";
import { isAnybodys, ownDomainOf } from "../../network/host-name.ts";
import { regionInHost } from "../../protocol/address.ts";
import { SIGNED_AS_S3 } from "../../protocol/route.ts";
import type { ProtocolName } from "../../model/service-model.ts";
import type { SignatureFacts } from "../../service/context.ts";
import type { Arrival } from "../arrival.ts";
import type { Cloud } from "../cloud.ts";
import type { Exchange } from "../exchange.ts";
import { notImplemented } from "../failure.ts";

/** Who? From here on the call acts in an account and a region. */
export function authenticate(exchange: Exchange, cloud: Cloud): void | Promise<void> {
  if (exchange.target.operation.callers === "open" && isCertificateSigned(exchange.arrival)) {
    return authenticateHolder(exchange, cloud);
  }
  const claim = claimOf(exchange, cloud);
  if (claim.version === "anonymous") {
    if (exchange.target.operation.callers === "signed") throw new AwsError("AccessDenied", "Access Denied");
    const region = asRegion(expectedRegion(exchange) ?? cloud.defaultRegion);
    exchange.caller = { principal: { type: "anonymous" }, account: cloud.defaultAccount, region };
    return openBody(exchange, cloud, claim, undefined);
  }
  requireBuilt(claim, exchange);
  exchange.claimedKeyId = claim.accessKeyId;
  return whenThere(cloud.credentials.resolve(claim, exchange.tx), (credential) => {
    requireSecret(credential, exchange);
    verify(claim, credential, { exchange, cloud });
    const { principal } = credential;
    exchange.signature = signatureOf(claim);
    exchange.caller = { principal, account: principal.account, region: regionOf(claim, cloud) };
    return openBody(exchange, cloud, claim, credential);
  });
}

/**
 * What is signed for directory buckets, Object Lambda or Outposts is an operation of these, though S3 has one of the name.
 *
 * @throws {AwsError} `NotImplemented`
 */
function requireBuilt(claim: Claim, { target }: Exchange): void {
  if (claim.version !== 4 || !SIGNED_AS_S3.has(claim.scope.service)) return;
  throw notImplemented(claim.scope.service, target.model.name);
}

/**
 * A stranger may have a domain lead to this machine: the stranger's page in a browser here would be of one origin with
 * the cloud, and knows the secrets that everybody knows. A bucket's own domain leads to the bucket alone.
 *
 * @throws {AwsError} `AccessDenied`
 */
function requireSecret(credential: Credential, { arrival, bucketAtDomain }: Exchange): void {
  const isPublic = credential.type === "unchecked" || credential.isPublic === true;
  if (!isPublic || bucketAtDomain !== undefined) return;
  const domain = ownDomainOf(arrival.headers["host"]);
  if (domain === undefined || !isAnybodys(domain)) return;
  throw new AwsError(
    "AccessDenied",
    `the root secret is known to everybody and not taken at \`${domain}\`; set KUMOBAKO_ROOT_SECRET, or call this machine \`localhost\``,
  );
}

interface Verifying {
  readonly exchange: Exchange;
  readonly cloud: Cloud;
}

function verify(claim: Claim, credential: Credential, { exchange, cloud: { verifier } }: Verifying): void {
  const { form, route } = exchange;
  if (form === undefined) {
    // a small body that the operation takes as a stream is there all the same
    const body = exchange.heldStream?.take() ?? exchange.body;
    const expected = { service: route.model.signingName, region: expectedRegion(exchange) };
    verifier.verify(claim, exchange.arrival, credential, body, expected);
    return;
  }
  const bounds = verifier.verifyForm(claim, credential, { fields: form.fields, bucket: route.bucket ?? "" });
  exchange.stream = heldTo(bounds, form.file);
}

/**
 * A region's own host takes no signature for another; which region a bucket is in is not the host's to say.
 * Source: https://github.com/boto/botocore/blob/develop/tests/integration/test_sts.py (test_regionalized_endpoints)
 */
const expectedRegion = ({ route: { model }, arrival }: Exchange): string | undefined =>
  model.signingName === "s3" ? undefined : regionInHost(arrival.headers["host"] ?? "");

/** Who holds the key of a certificate is nobody that IAM knows: the operation looks at the certificate. */
function authenticateHolder(exchange: Exchange, cloud: Cloud): void {
  const { certificates, signedAtMs, scope } = verifyCertificateSignature(exchange.arrival, exchange.body, cloud.clock);
  exchange.signature = { version: 4, place: "header", signedAtMs, certificates };
  exchange.caller = {
    principal: { type: "anonymous" },
    account: cloud.defaultAccount,
    region: asRegion(scope.region),
  };
}

function claimOf(exchange: Exchange, cloud: Cloud): Claim | AnonymousClaim {
  if (exchange.form !== undefined) return formClaim(exchange.form.fields);
  const family = familyOf(exchange.route.model.id, exchange.route.protocol.name);
  if (exchange.target.operation.callers === "open" && unsigned(exchange.arrival)) {
    return { version: "anonymous", family, payload: { type: "unsigned" } };
  }
  return withDeclaredHash(cloud.verifier.parse(exchange.arrival, family), exchange);
}

/** A body that flows is not there yet to be hashed: its client says what its hash will be, and it is held to that. */
function withDeclaredHash(claim: Claim | AnonymousClaim, { arrival, target }: Exchange): Claim | AnonymousClaim {
  if (target.model.streamingInput === undefined || claim.payload.type !== "buffered") return claim;
  const sha256 = arrival.headers["x-amz-content-sha256"];
  const isHash = sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256);
  return isHash ? { ...claim, payload: { type: "declared", sha256 } } : claim;
}

const unsigned = ({ headers, query }: Arrival): boolean =>
  headers["authorization"] === undefined &&
  headers["x-amz-content-sha256"] === undefined &&
  !/(^|&)(X-Amz-Algorithm|X-Amz-Signature|AWSAccessKeyId|Signature)=/i.test(query);

/** A body that streams is checked while it flows, one that is held at once. */
function openBody(
  exchange: Exchange,
  cloud: Cloud,
  claim: Claim | AnonymousClaim,
  credential: Credential | undefined,
): void | Promise<void> {
  const { type } = claim.payload;
  if (exchange.target.model.streamingInput === undefined && (type === "buffered" || type === "unsigned")) {
    return undefined;
  }
  const { body: stream, trailers } = cloud.verifier.open(claim, exchange.arrival, credential, exchange.stream);
  exchange.stream = exchange.stream instanceof OwnPieces ? new OwnPieces(stream) : stream;
  exchange.trailers = trailers;
  if (exchange.target.model.streamingInput !== undefined) return undefined;
  return whenThere(stream instanceof HeldBytes ? stream.take() : collect(stream), (body) => {
    exchange.body = body;
    exchange.stream = held(body);
  });
}

const regionOf = (claim: Claim, cloud: Cloud): Region =>
  claim.version === 4 ? asRegion(claim.scope.region) : cloud.defaultRegion;

function familyOf(service: string, protocol: ProtocolName): Family {
  if (service === "s3") return "s3";
  if (protocol === "rest-json") return protocol;
  return protocol === "aws-query" || protocol === "ec2-query" || protocol === "rest-xml" ? "query" : "json";
}

function signatureOf(claim: Claim): SignatureFacts {
  const { version, place } = claim;
  if (version === 4) return { version, place, signedAtMs: claim.signedAtMs };
  return { version, place, signedAtMs: place === "header" ? claim.atMs : undefined };
}
