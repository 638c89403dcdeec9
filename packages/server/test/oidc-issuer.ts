/** An issuer of tokens on loopback, as honest or as broken as a test needs it. */
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from "jose";
import { onTestFinished } from "vitest";
import { assert } from "../src/kernel/assert.ts";

type Algorithm = "RS256" | "ES256";

export interface SigningPair {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly privateKey: CryptoKey;
  readonly published: Readonly<Record<string, unknown>>;
}

export async function signingPair(kid: string, algorithm: Algorithm = "RS256"): Promise<SigningPair> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const published = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: "sig" };
  return { kid, algorithm, privateKey, published };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly location?: string;
}

export interface TestIssuer {
  /** `http://127.0.0.1:40123/pool`. */
  readonly url: string;
  /** `127.0.0.1:40123/pool`: what condition keys begin with. */
  readonly name: string;
  /** The keys it publishes from now on. */
  publish(...pairs: readonly SigningPair[]): void;
  /** What it answers instead of its documents, by path. */
  readonly answers: Map<string, Answer>;
  /** Paths asked for so far. */
  readonly asked: string[];
  /** Forms that were posted so far, to any path. */
  readonly forms: URLSearchParams[];
  token(claims: JWTPayload, pair: SigningPair, header?: object): Promise<string>;
}

export async function testIssuer(...pairs: readonly SigningPair[]): Promise<TestIssuer> {
  let published = pairs;
  const answers: TestIssuer["answers"] = new Map();
  const asked: string[] = [];
  const forms: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const { url: path = "", method } = request;
    asked.push(path);
    if (method === "POST") void text(request).then((form) => forms.push(new URLSearchParams(form)));
    const { status, body, location } = answers.get(path) ?? documentAt(path);
    response.writeHead(status, location === undefined ? {} : { location }).end(body);
  });
  const documentAt = (path: string): Answer => {
    if (path === "/pool/keys") return json({ keys: published.map((pair) => pair.published) });
    if (path === "/pool/.well-known/openid-configuration") return json({ issuer: url, jwks_uri: `${url}/keys` });
    return { status: 404, body: "" };
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  assert(typeof address === "object" && address !== null, "it listens");
  const name = `127.0.0.1:${address.port}/pool`;
  const url = `http://${name}`;
  return {
    url,
    name,
    answers,
    asked,
    forms,
    publish(...next) {
      published = next;
    },
    token: (claims, { kid, algorithm, privateKey }, header = {}) =>
      new SignJWT({ iss: url, ...claims }).setProtectedHeader({ alg: algorithm, kid, ...header }).sign(privateKey),
  };
}

const json = (body: object) => ({ status: 200, body: JSON.stringify(body) });
