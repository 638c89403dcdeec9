import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { assert } from "../../../kernel/assert.ts";
import { isSignedBy, readToken, signToken } from "./jwt.ts";
import type { PublicKey } from "./signing-key.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const { n, e } = publicKey.export({ format: "jwk" });
assert(n !== undefined && e !== undefined, "an RSA key has a modulus and an exponent");
const KEY: PublicKey = { alg: "RS256", kty: "RSA", use: "sig", kid: "one", n, e };
const TOKEN = signToken({ sub: "ada" }, { kid: "one", key: privateKey });

/** Numbers that look like chance and are the same in every run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff) yield state;
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");

test("a token is read as it was signed", () => {
  expect(isSignedBy([KEY], TOKEN)).toBe(true);
  expect(readToken(TOKEN)).toEqual({ sub: "ada" });
});

test("no change to what a token says is taken", () => {
  const said = TOKEN.lastIndexOf(".");
  const chance = numbers(7);
  for (let round = 0; round < 500; round++) {
    const at = chance.next().value % said;
    const letter = String.fromCharCode(33 + (chance.next().value % 90));
    const changed = TOKEN.slice(0, at) + letter + TOKEN.slice(at + 1);
    expect(changed !== TOKEN && isSignedBy([KEY], changed)).toBe(false);
  }
});

test.each([
  ["that names no algorithm", { kid: "one", alg: "none" }],
  ["that names another algorithm", { kid: "one", alg: "HS256" }],
  ["of a key that there is not", { kid: "two", alg: "RS256" }],
])("a header %s is not taken", (_, header) => {
  const [, claims, signature] = TOKEN.split(".");
  expect(isSignedBy([KEY], `${encoded(header)}.${claims}.${signature}`)).toBe(false);
});

test.each(["", ".", "..", "a.b", "a.b.c.d", "null.null.null", `${encoded({})}.${encoded([])}.x`])(
  "%s says nothing",
  (text) => {
    expect(readToken(text)).toBeUndefined();
    expect(isSignedBy([KEY], text)).toBe(false);
  },
);
