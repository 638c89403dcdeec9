/** What checking the signature of one `GetCallerIdentity` costs, with nothing around it. */
import { SignatureV4 } from "@smithy/signature-v4";
import { createHash, createHmac } from "node:crypto";
import { rootUser } from "../src/identity/credentials/resolve.ts";
import { SignatureVerifier } from "../src/identity/sigv4/verify.ts";
import type { AccountId } from "../src/kernel/arn.ts";
import { assert } from "../src/kernel/assert.ts";
import { median, type Row } from "./table.ts";

const CALLS_PER_ROUND = 20_000;
const ROUNDS = 15;

class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", keyOf(secret));
  }
  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(keyOf(chunk));
  }
  reset(): void {}
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
}

function keyOf(bytes: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof bytes === "string") return bytes;
  return bytes instanceof ArrayBuffer
    ? new Uint8Array(bytes)
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const BODY = "Action=GetCallerIdentity&Version=2011-06-15";
const HEADERS = {
  host: "127.0.0.1:4566",
  "content-type": "application/x-www-form-urlencoded",
  "content-length": String(BODY.length),
  "amz-sdk-invocation-id": "7a1e6a1d-6f9f-4b5c-9d53-0cbb1a2d3c4e",
  "amz-sdk-request": "attempt=1; max=3",
};

/** Checks the same signature again. */
async function check(): Promise<() => void> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const signer = new SignatureV4({ service: "sts", region: "us-east-1", credentials, sha256: Sha256 });
  const now = Date.now();
  const request = { method: "POST", protocol: "http:", hostname: "127.0.0.1", port: 4566, path: "/", query: {} };
  const { headers } = await signer.sign({ ...request, headers: HEADERS, body: BODY }, { signingDate: new Date(now) });
  const head = { method: "POST", path: "/", query: "", headers };
  const bytes = Buffer.from(BODY);
  const principal = rootUser("000000000000" as AccountId, "test");
  const credential = { type: "known", secretAccessKey: "test", principal } as const;
  const verifier = new SignatureVerifier({ clock: { now: () => now, realNow: () => now } });
  return () => {
    const claim = verifier.parse(head, "query");
    assert(claim.version === 4, "the request is signed in version 4");
    verifier.verify(claim, head, credential, bytes, { service: "sts" });
  };
}

export async function signature(): Promise<Row[]> {
  const checkOnce = await check();
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let call = 0; call < CALLS_PER_ROUND; call++) checkOnce();
    return ((performance.now() - start) * 1000) / CALLS_PER_ROUND;
  });
  return [{ name: "signature of version 4", measured: median(rounds), unit: "µs" }];
}
