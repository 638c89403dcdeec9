import { expect, test } from "vitest";
import type { Clock } from "../../clock/clock.ts";
import type { Credential } from "../credentials/credential.ts";
import { rootUser } from "../credentials/resolve.ts";
import type { AccountId } from "../../kernel/arn.ts";
import { assert } from "../../kernel/assert.ts";
import vectors from "./vectors.json" with { type: "json" };
import { SignatureVerifier, type RequestHead } from "./verify.ts";

// Source: https://docs.aws.amazon.com/general/latest/gr/signature-v4-test-suite.html (requests and signatures as
// published, Apache-2.0; folded header lines are written as repeated headers)
const at = Date.UTC(2015, 7, 30, 12, 36);
const clock: Clock = { now: () => at, realNow: () => at };
const account = "123456789012" as AccountId;
const credential: Credential = {
  type: "known",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  principal: rootUser(account, "AKIDEXAMPLE"),
};

type Vector = (typeof vectors)[number];

/** What is in the source as UTF-8 comes from the wire as bytes. */
const latin1 = (text: string) => Buffer.from(text, "utf8").toString("latin1");

function headOf({ method, target, headers, signedHeaders, signature }: Vector): RequestHead {
  const [path = "", query = ""] = latin1(target).split("?");
  const joined: Record<string, string> = {
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
      `SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
  for (const line of headers) {
    const colon = line.indexOf(":");
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    joined[name] = joined[name] === undefined ? value : `${joined[name]},${value}`;
  }
  return { method, path, query, headers: joined };
}

const verifier = new SignatureVerifier({ clock });

function verify(head: RequestHead, body: string | undefined) {
  const claim = verifier.parse(head, "query");
  assert(claim.version === 4, "the vectors are of version 4");
  verifier.verify(claim, head, credential, Buffer.from(body ?? ""));
}

test.each(vectors)("$name verifies, and does not where a byte is changed", (vector) => {
  const head = headOf(vector);
  verify(head, vector.body);
  expect(() => verify(head, `${vector.body ?? ""}x`)).toThrow(/^The request signature we calculated does not match/);
  expect(() => verify({ ...head, method: "PUT" }, vector.body)).toThrow(/The Canonical String for this request/);
});
