/**
 * The control API under `/_kumobako/`: health, reset, the clock, decisions. It is for the person at
 * this machine: other sites' pages and foreign host names are refused, and where the server is
 * bound beyond loopback a caller from outside shows the root secret.
 */
import { timingSafeEqual } from "node:crypto";
import type { VirtualClock } from "../../clock/virtual-clock.ts";
import type { CallRecord } from "../../events/call-record.ts";
import type { KeptDelivery, SentDelivery } from "../../events/delivery.ts";
import type { Journal } from "../../events/journal.ts";
import type { PostedMessage } from "../../events/outbox.ts";
import { explain } from "../../identity/explain.ts";
import { collectAtMost } from "../../kernel/bytes.ts";
import { findOwn } from "../../kernel/lookup.ts";
import { isLoopbackAddress, isLoopbackHost } from "../../kernel/loopback.ts";
import { isFunctionUser, usersOfPeer } from "../../network/peer-user.ts";
import { parseHost } from "../../protocol/address.ts";
import type { WireResponse } from "../../protocol/protocol.ts";
import type { Arrival } from "../arrival.ts";
import { BadRequest } from "./bad-request.ts";
import { parseReplayOrder, type ReplayOrder } from "./replay-order.ts";
import type { ReplayLine } from "./replay.ts";
import { parseTextReply, type TextReply } from "./text-reply.ts";

const CONTROL_PREFIX = "/_kumobako/";
const IDENTITY_PROVIDER = `${CONTROL_PREFIX}idp/`;

const BODY_BYTES_MAX = 64 * 1024;
/** Of decisions or messages in one answer. */
const LISTED_MAX = 1000;
/** The last moment that AWS's formats of time can write. */
const TIME_MS_MAX = Date.UTC(10_000, 0) - 1;

export interface ControlParts {
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly reset: () => Promise<void>;
  /** Facts for `GET health`. */
  readonly health: () => Readonly<Record<string, unknown>>;
  /** Host names besides the loopback ones that may be used. */
  readonly hosts: readonly string[];
  /** Asked of callers that are not on this machine. */
  readonly secret: string | undefined;
  /** The newest mails, text messages and notifications, newest first. */
  readonly outbox: (limit: number) => Promise<readonly PostedMessage[]>;
  /** Somebody answers a text message from a phone. */
  readonly textReply: (reply: TextReply) => Promise<void>;
  /** What services send to queues, topics, functions and event buses, as far as it did not arrive: newest first. */
  readonly deliveries: (limit: number) => Promise<readonly KeptDelivery[]>;
  readonly events: (limit: number) => Promise<readonly SentDelivery[]>;
  readonly replay: (order: ReplayOrder) => AsyncIterable<ReplayLine>;
  /** What answers below `/_kumobako/idp/`. */
  readonly identityProvider: IdentityProvider;
}

/** One request to the test identity provider, and its answer. */
export type IdentityProvider = (request: {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  /** The provider's own address, as its client reached it. */
  readonly issuer: string;
}) => Promise<WireResponse>;

interface ControlRequest {
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** What follows the route's own path. */
  readonly rest: string;
}

type Route = (request: ControlRequest, parts: ControlParts) => Promise<Answer>;

type Answer = { readonly status: number; readonly body: object } | { readonly lines: AsyncIterable<object> };

/** `METHOD path`; a path that ends in `/` takes one more segment. */
export const CONTROL_ROUTES: Readonly<Record<string, Route>> = {
  "GET health": async (_request, { health, clock }) => ok({ status: "running", ...health(), clock: clockView(clock) }),
  "POST reset": async (_request, { reset, clock }) => {
    await reset();
    return ok({ reset: true, clock: clockView(clock) });
  },
  "GET clock": async (_request, { clock }) => ok(clockView(clock)),
  "POST clock/advance": advanceClock,
  "POST clock/freeze": async (_request, { clock }) => {
    await clock.freeze();
    return ok(clockView(clock));
  },
  "POST clock/resume": async (_request, { clock }) => {
    await clock.resume();
    return ok(clockView(clock));
  },
  "GET outbox": listOutbox,
  "POST outbox/reply": takeReply,
  "GET deliveries": listDeliveries,
  "GET events": listEvents,
  "GET decisions": listDecisions,
  "GET decisions/": showDecision,
  "POST replay": async ({ body }, { replay }) => ({ lines: replay(parseReplayOrder(body)) }),
};

/** Under a name of AWS's, or a bucket's, the same path is a key like any other. */
export const isControl = ({ path, headers }: Pick<Arrival, "path" | "headers">): boolean =>
  path.startsWith(CONTROL_PREFIX) && parseHost(headers["host"] ?? "") === undefined;

/** Answers a control call; never throws. */
export async function control(arrival: Arrival, parts: ControlParts): Promise<WireResponse> {
  const refusal = guard(arrival, parts);
  if (refusal !== undefined) return reply(refusal);
  try {
    return await (arrival.path.startsWith(IDENTITY_PROVIDER) ? vouch : route)(arrival, parts);
  } catch (error) {
    if (error instanceof BadRequest) return reply(failed(400, error.message));
    return reply(failed(500, error instanceof Error ? error.message : "internal failure"));
  }
}

async function route(arrival: Arrival, parts: ControlParts): Promise<WireResponse> {
  if (await isFunctions(arrival)) return reply(failed(403, "functions have no part in the cloud's control"));
  const { name, rest } = nameOf(arrival);
  const found = findOwn(CONTROL_ROUTES, name);
  if (found === undefined) return reply(failed(404, `no such control call: \`${name}\``));
  const query = new URLSearchParams(arrival.query);
  return reply(await found({ query, rest, body: await bodyOf(arrival) }, parts));
}

/** AWS has nothing like this interface: what runs in the cloud must not wind its clock. */
async function isFunctions({ ends }: Arrival): Promise<boolean> {
  if (ends === undefined) return false;
  const peer = await usersOfPeer(ends);
  return peer.kind === "known" ? peer.users.some(isFunctionUser) : peer.kind === "gone";
}

async function vouch(arrival: Arrival, { identityProvider }: ControlParts): Promise<WireResponse> {
  const { method, path, query, headers, secure } = arrival;
  const body = await collectAtMost(arrival.body, BODY_BYTES_MAX);
  if (body === undefined) return reply(failed(400, "the body is too large"));
  return identityProvider({
    method,
    path: path.slice(IDENTITY_PROVIDER.length),
    query,
    body: Buffer.from(body).toString("utf8"),
    issuer: `${secure ? "https" : "http"}://${headers["host"]}${IDENTITY_PROVIDER.slice(0, -1)}`,
  });
}

const ok = (body: object): Answer => ({ status: 200, body });
const failed = (status: number, error: string): Answer => ({ status, body: { error } });

/** HEAD is GET whose body is not sent. */
function nameOf({ method: asked, path }: Arrival): { name: string; rest: string } {
  const method = asked === "HEAD" ? "GET" : asked;
  const [first = "", ...more] = path.slice(CONTROL_PREFIX.length).split("/");
  const whole = `${method} ${[first, ...more].join("/")}`;
  if (findOwn(CONTROL_ROUTES, whole) !== undefined || more.length !== 1) return { name: whole, rest: "" };
  const nested = `${method} ${first}/`;
  return findOwn(CONTROL_ROUTES, nested) === undefined
    ? { name: whole, rest: "" }
    : { name: nested, rest: more[0] ?? "" };
}

async function bodyOf({ body }: Arrival): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await collectAtMost(body, BODY_BYTES_MAX);
  if (bytes === undefined) throw new BadRequest("the body is too large");
  if (bytes.byteLength === 0) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    throw new BadRequest("the body is not JSON");
  }
  throw new BadRequest("the body is not a JSON object");
}

/** Why the caller is refused, if it is. */
function guard(arrival: Arrival, { hosts, secret }: ControlParts): Answer | undefined {
  if (isCrossSite(arrival) && !isSignIn(arrival)) return failed(403, "cross-site request");
  // under whatever name it came: no page of another site knows the secret
  if (secret !== undefined && sameText(arrival.headers["authorization"] ?? "", `Bearer ${secret}`)) return undefined;
  const host = hostName(arrival.headers["host"] ?? "");
  if (!isLoopbackHost(host) && !hosts.includes(host)) return failed(403, `foreign host name: \`${host}\``);
  const { remoteAddress } = arrival;
  if (secret === undefined || remoteAddress === undefined || isLoopbackAddress(remoteAddress)) return undefined;
  return failed(401, "callers from other machines show the root secret: `Authorization: Bearer …`");
}

/** Whether another site's page asks: browsers say where a request comes from. */
function isCrossSite({ headers }: Arrival): boolean {
  const { host, origin, "sec-fetch-site": site } = headers;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) return true;
  return site !== undefined && site !== "same-origin" && site !== "none";
}

/** Applications send browsers here; the page answers only to applications on this machine. */
const isSignIn = ({ method, path }: Arrival): boolean => method === "GET" && SIGN_IN_PAGES.includes(path);
const SIGN_IN_PAGES = [`${IDENTITY_PROVIDER}authorize`, `${IDENTITY_PROVIDER}saml/sign-in`];

const hostName = (host: string): string => host.replace(/:\d+$/, "").toLowerCase();

function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

function reply(answer: Answer): WireResponse {
  const type = "lines" in answer ? "application/x-ndjson" : "application/json";
  const headers = { "content-type": type, "cache-control": "no-store" };
  if ("lines" in answer) return { status: 200, headers, body: inLines(answer.lines) };
  return { status: answer.status, headers, body: `${JSON.stringify(answer.body)}\n` };
}

async function* inLines(values: AsyncIterable<object>): AsyncGenerator<Uint8Array> {
  for await (const value of values) yield Buffer.from(`${JSON.stringify(value)}\n`, "utf8");
}

function clockView(clock: VirtualClock) {
  const nowMs = clock.now();
  const offsetSeconds = Math.round((nowMs - clock.realNow()) / 1000);
  return { now: new Date(nowMs).toISOString(), offsetSeconds, frozen: clock.state.mode === "frozen" };
}

async function advanceClock({ body }: ControlRequest, { clock }: ControlParts): Promise<Answer> {
  const seconds = body["seconds"];
  if (typeof seconds !== "number" || !Number.isFinite(seconds) || seconds < 0) {
    throw new BadRequest("`seconds` is a number, zero or more");
  }
  if (clock.now() + seconds * 1000 > TIME_MS_MAX) throw new BadRequest("the clock goes to the end of the year 9999");
  await clock.advance(seconds);
  return ok(clockView(clock));
}

async function listOutbox({ query }: ControlRequest, { outbox }: ControlParts): Promise<Answer> {
  const messages = await outbox(limitOf(query));
  return ok({ messages: messages.map(({ atMs, ...message }) => ({ at: new Date(atMs).toISOString(), ...message })) });
}

async function takeReply({ body }: ControlRequest, { clock, textReply }: ControlParts): Promise<Answer> {
  await textReply(parseTextReply(body));
  await clock.advance(0);
  return ok({ heard: true });
}

async function listDeliveries({ query }: ControlRequest, { deliveries }: ControlParts): Promise<Answer> {
  const found = await deliveries(limitOf(query));
  const shown = found.map(({ atMs, ...delivery }) => ({
    at: new Date(atMs).toISOString(),
    failed: false,
    ...delivery,
  }));
  return ok({ deliveries: shown });
}

async function listEvents({ query }: ControlRequest, { events }: ControlParts): Promise<Answer> {
  const found = await events(limitOf(query));
  const shown = found.map(({ atMs, arrivedAtMs, ...delivery }) => ({
    at: new Date(atMs).toISOString(),
    ...(arrivedAtMs !== undefined && { arrivedAt: new Date(arrivedAtMs).toISOString() }),
    ...delivery,
  }));
  return ok({ events: shown });
}

function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get("limit") ?? 50);
  if (Number.isInteger(limit) && limit >= 1 && limit <= LISTED_MAX) return limit;
  throw new BadRequest(`\`limit\` is a whole number from 1 to ${LISTED_MAX}`);
}

async function listDecisions({ query }: ControlRequest, { journal }: ControlParts): Promise<Answer> {
  const limit = limitOf(query);
  const sinceMs = sinceOf(query.get("since"));
  const [principal, action, decision] = ["principal", "action", "decision"].map((name) => query.get(name));
  const matches = (record: CallRecord): boolean =>
    (principal == null || (record.userIdentity.arn ?? "").includes(principal)) &&
    (action == null || record.questions.some(({ access }) => access.action.toLowerCase() === action.toLowerCase())) &&
    (decision == null || endedSo(record, decision));
  const found = await journal.find({ limit, matches, sinceMs });
  return ok({ decisions: found.map((record) => viewOf(record)) });
}

/** A caller whose signature does not hold is refused before IAM is asked anything. */
function endedSo({ questions, userIdentity, error }: CallRecord, outcome: string): boolean {
  if (outcome !== "refused") return questions.some(({ decision }) => decision.decision === outcome);
  const isNobody = userIdentity.type === "Unknown" && questions.length === 0 && error !== undefined;
  return isNobody || questions.some(({ decision }) => decision.decision === "deny");
}

function sinceOf(text: string | null): number {
  const ms = text === null ? 0 : Date.parse(text);
  if (Number.isNaN(ms)) throw new BadRequest("`since` is an ISO 8601 time");
  return ms;
}

async function showDecision({ rest }: ControlRequest, { journal }: ControlParts): Promise<Answer> {
  const record = await journal.findCall(rest);
  if (record === undefined) return failed(404, `no call with the request id \`${rest}\` is recorded`);
  return ok({ ...viewOf(record), explanation: explain(record).text });
}

const viewOf = ({ atMs, questions, evidence: _inputs, ...record }: CallRecord) => ({
  ...record,
  at: new Date(atMs).toISOString(),
  decisions: questions.map(({ decision }) => decision),
});
