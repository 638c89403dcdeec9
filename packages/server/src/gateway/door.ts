/** Requests at the doors of services: authenticated where their owner wants it, answered, and on record. */
import type { CallRecord } from "../events/call-record.ts";
import type { Decision } from "../identity/decision.ts";
import type { Answer } from "../identity/evidence.ts";
import type { Principal } from "../identity/principal.ts";
import { AuthenticationError } from "../identity/sigv4/verify.ts";
import type { Scope } from "../kernel/table.ts";
import { NOWHERE } from "../kernel/table.ts";
import { AwsError } from "../kernel/aws-error.ts";
import { collectAtMost } from "../kernel/bytes.ts";
import { locate } from "../network/origin.ts";
import type { WireResponse } from "../protocol/protocol.ts";
import type { Context, SignatureFacts, Delivery } from "../service/context.ts";
import type { Door, DoorAnswer, DoorRequest } from "../service/door.ts";
import type { ErrandContext } from "../service/errand.ts";
import type { Service } from "../service/service.ts";
import { NO_BODY, type Arrival } from "./arrival.ts";
import { CallContext, type Call } from "./call-context.ts";
import type { Cloud } from "./cloud.ts";
import { handNow } from "./hand-now.ts";
import { accessDenied } from "./failure.ts";
import { NO_REQUEST, ownContext } from "./own-context.ts";
import { Reading } from "./reading.ts";
import { evidenceOf, identityOf } from "./steps/record.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (6 MB) */
const BODY_BYTES_MAX = 6_291_456;

/** The answer; never throws. */
export async function answerAtDoor(arrival: Arrival, id: string, cloud: Cloud): Promise<WireResponse> {
  const requestId = cloud.newRequestId(cloud.now());
  try {
    const service = await cloud.service(id);
    const door = service?.door;
    if (service === undefined || door === undefined) return refusal(404, "Not Found", requestId);
    const body = await collectAtMost(arrival.body, BODY_BYTES_MAX);
    if (body === undefined) return refusal(413, "Request Too Long", requestId);
    return await visit({ arrival, service, door, body, requestId }, cloud);
  } catch (error) {
    if (error instanceof AuthenticationError) return refusal(403, error.message, requestId);
    cloud.report(error, `the door of ${id}`);
    return refusal(502, "Internal Server Error", requestId);
  }
}

interface Visit {
  readonly arrival: Arrival;
  readonly service: Service;
  readonly door: Door;
  readonly body: Uint8Array;
  readonly requestId: string;
}

async function visit({ arrival, service, door, body, requestId }: Visit, cloud: Cloud): Promise<WireResponse> {
  const { method, path, query, headers } = arrival;
  const request: DoorRequest = { method, path, query, headers, body, host: hostOf(arrival) };
  const own = { service, facts: NO_REQUEST, ...NOWHERE };
  const key = await cloud.store.transact(NOWHERE, (tx) => door.key(request, ownContext(own, tx, cloud)));
  if (key === undefined) return nobodys(requestId);
  const who = key === "signed" && isSigned(arrival) ? await signer(arrival, body, cloud) : NOBODY;
  const call = new DoorCall({ service, arrival, requestId, who }, cloud);
  try {
    const answer = await door.open(request, new DoorContext(call, cloud));
    call.end(undefined);
    return wired(answer, requestId);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    call.end(error);
    const status =
      error.code === "AccessDeniedException" || error.code === "AccessDenied" ? 403 : statusOf(error, service);
    return refusal(status, error.message, requestId);
  }
}

const statusOf = ({ code }: AwsError, { unmodelledErrors }: Service): number =>
  unmodelledErrors[code] ?? (code === "TooManyRequestsException" ? 429 : 502);

function wired({ status, headers, cookies, body }: DoorAnswer, requestId: string): WireResponse {
  return { status, headers: { "x-amzn-requestid": requestId, ...headers }, body, ...(cookies && { cookies }) };
}

const refusal = (status: number, Message: string, requestId: string): WireResponse => ({
  status,
  headers: { "content-type": "application/json", "x-amzn-requestid": requestId },
  body: JSON.stringify({ Message }),
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.py (test_lambda_url_non_existing_url, which AWS passes) */
const nobodys = (requestId: string): WireResponse => ({
  status: 403,
  headers: {
    "content-type": "application/json",
    "x-amzn-requestid": requestId,
    "x-amzn-errortype": "AccessDeniedException",
  },
  body: JSON.stringify({ Message: null }),
});

const hostOf = ({ headers }: Arrival): string => (headers["host"] ?? "").replace(/:\d+$/, "").toLowerCase();

interface Who {
  readonly principal: Principal;
  readonly signature: SignatureFacts | undefined;
}

const NOBODY: Who = { principal: { type: "anonymous" }, signature: undefined };

const isSigned = ({ headers, query }: Arrival): boolean =>
  headers["authorization"] !== undefined || /(^|&)X-Amz-Signature=/.test(query);

/** @throws {AuthenticationError} */
async function signer(arrival: Arrival, body: Uint8Array, cloud: Cloud): Promise<Who> {
  const claim = cloud.verifier.parse(arrival, "rest-json");
  if (claim.version === "anonymous") return NOBODY;
  const credential = await cloud.store.transact(NOWHERE, async (tx) => cloud.credentials.resolve(claim, tx));
  cloud.verifier.verify(claim, arrival, credential, body, { service: "lambda" });
  const signedAtMs = claim.version === 4 ? claim.signedAtMs : undefined;
  return { principal: credential.principal, signature: { version: claim.version, place: claim.place, signedAtMs } };
}

class DoorCall implements Call {
  readonly requestId: string;
  readonly caller: Call["caller"];
  readonly service: Service;
  readonly facts: Call["facts"];
  readonly #answers: Answer[] = [];
  readonly #atMs: number;
  readonly #cloud: Cloud;

  constructor(
    { service, arrival, requestId, who }: Pick<Visit, "service" | "arrival" | "requestId"> & { readonly who: Who },
    cloud: Cloud,
  ) {
    const { principal, signature } = who;
    const { headers, secure } = arrival;
    this.requestId = requestId;
    this.service = service;
    this.#cloud = cloud;
    this.#atMs = cloud.now();
    const account = "account" in principal ? principal.account : cloud.defaultAccount;
    this.caller = { principal, account, region: cloud.defaultRegion };
    this.facts = {
      endpoint: `${secure ? "https" : "http"}://${headers["host"] ?? "localhost"}`,
      sourceIp: locate(arrival.remoteAddress).sourceIp,
      userAgent: headers["user-agent"],
      secureTransport: secure,
      signature,
      headers,
      body: NO_BODY,
      trailers: new Map(),
    };
  }

  asked(answer: Answer): void {
    this.#answers.push(answer);
  }
  identified(): void {}
  evenIfRefused(): void {}
  onceAnswered(): void {}
  madeInside(record: CallRecord): void {
    this.#cloud.journal.append(record);
  }
  refusal(decision: Decision, principal: Principal): AwsError {
    return accessDenied(decision, { principal, protocol: "rest-json", code: this.service.denial });
  }

  /** Puts it on record. */
  end(error: AwsError | undefined): void {
    const { principal, account, region } = this.caller;
    const { sourceIp, userAgent } = this.facts;
    this.#cloud.journal.append({
      requestId: this.requestId,
      atMs: this.#atMs,
      service: this.service.name,
      operation: "Invoke",
      account,
      region,
      sourceIp,
      ...(userAgent !== undefined && { userAgent }),
      userIdentity: identityOf(principal),
      ...evidenceOf(this.#answers, this.#cloud),
      ...(error && { error: { code: error.code, message: error.message } }),
    });
  }
}

class DoorContext extends CallContext implements ErrandContext {
  readonly #call: Call;
  readonly #cloud: Cloud;

  constructor(call: Call, cloud: Cloud) {
    super(call, new Reading(cloud.store, call.caller), cloud);
    this.#call = call;
    this.#cloud = cloud;
  }

  transact<Done>(work: (context: Context) => Promise<Done>): Promise<Done> {
    const scope: Scope = this.#call.caller;
    return this.#cloud.store.transact(scope, (tx) => work(new CallContext(this.#call, tx, this.#cloud)));
  }

  hand(delivery: Delivery): Promise<string | undefined> {
    return handNow(delivery, this, this.#cloud);
  }
}
