/**
 * Tokens and responses, changed by chance that comes out the same each time: none that says anything
 * else than its issuer said is believed, and none is more than refused. `npm run fuzz` goes on for longer.
 */
import { expect, test } from "vitest";
import { samlMetadata, samlResponse } from "../../idp/saml-response.ts";
import { formatArn, parseAccountId } from "../../kernel/arn.ts";
import { assert } from "../../kernel/assert.ts";
import { openMemory } from "../../store/drivers/open.ts";
import { NOWHERE } from "../../kernel/table.ts";
import { signingPair, testIssuer } from "../../../test/oidc-issuer.ts";
import { foreignKey, key, ISSUER, PROVIDER, ROLE } from "../../../test/saml-identities.ts";
import { Seeded } from "../../../test/store/seeded.ts";
import type { SamlIdentity, Verdict, VerifiedToken, WebIdentity } from "./federation.ts";
import { localIssuers as issuersOf } from "./local-issuer.ts";
import { askOverNetwork } from "./login-provider.ts";
import { FederationVerifier } from "./verifier.ts";

const ROUNDS = Number(process.env["KUMOBAKO_FUZZ_ROUNDS"] ?? 1);
const ACCOUNT = parseAccountId("000000000000");
assert(ACCOUNT !== undefined, "twelve digits are an account");
const NOW_MS = 1_800_000_000_000;
const clock = { now: () => NOW_MS, realNow: () => NOW_MS };
const askProvider = askOverNetwork();
const localIssuers = { keySetOf: async () => undefined, standsBy: async () => true };

/** An ARN of the account's IAM. */
const arnOf = (resource: string) =>
  formatArn({ partition: "aws", service: "iam", region: "", account: ACCOUNT, resource });

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Changes bytes, cuts, doubles and swaps pieces of `text`, and puts pieces of `others` in. */
function mutate(text: string, others: readonly [string, ...string[]], chance: Seeded): string {
  let changed = text;
  for (let left = 1 + chance.below(3); left > 0; left--) changed = mutateOnce(changed, others, chance);
  return changed;
}

function mutateOnce(text: string, others: readonly [string, ...string[]], chance: Seeded): string {
  const at = chance.below(text.length + 1);
  const end = Math.min(text.length, at + 1 + chance.below(chance.below(4) === 0 ? 400 : 4));
  const other = chance.pick(others);
  const from = chance.below(other.length);
  const piece = other.slice(from, from + 1 + chance.below(60));
  switch (chance.below(6)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, end) + text.slice(at);
    case 2:
      return text.slice(0, at) + piece + text.slice(end);
    case 3:
      return text.slice(0, at) + piece + text.slice(at);
    case 4:
      return text.slice(0, at) + String.fromCodePoint(chance.below(0x250)) + text.slice(end);
    default:
      return text.slice(0, at) + text.slice(at, end).split("").toReversed().join("") + text.slice(end);
  }
}

/** The end of a mutation: refused, or nothing was changed that counts. */
function outcomeOf<Identity extends WebIdentity | SamlIdentity | VerifiedToken>(
  verdict: Verdict<Identity>,
  honest: Identity,
): string {
  if (verdict.verdict === "refused") return "harmless";
  return JSON.stringify(verdict.identity) === JSON.stringify(honest) ? "harmless" : JSON.stringify(verdict.identity);
}

test("no token that was changed says anything else than its issuer said", { timeout: 60_000 * ROUNDS }, async () => {
  const [pair, foreign] = [await signingPair("first"), await signingPair("first", "ES256")];
  const issuer = await testIssuer(pair);
  const provider = { arn: arnOf("oidc-provider/test"), url: issuer.name, clientIds: ["app"], thumbprints: [] };
  const directory = { findOidcProvider: async () => provider, findSamlProvider: async () => undefined };
  const verifier = new FederationVerifier({ clock, directory, localIssuers, askProvider });
  const { store } = await openMemory();
  const verify = (token: string) =>
    store.transact(NOWHERE, (tx) => verifier.verifyWebIdentity(token, { account: ACCOUNT, tx }));
  const times = { iat: NOW_MS / 1000, exp: NOW_MS / 1000 + 3600 };
  const good = await issuer.token({ sub: "ann", aud: "app", amr: ["mfa"], ...times }, pair);
  const honest = await verify(good);
  expect(honest.verdict).toBe("verified");
  if (honest.verdict !== "verified") return;
  const others = [
    await issuer.token({ sub: "eve", aud: "app", ...times }, foreign),
    encoded({ alg: "none", kid: "first" }),
    encoded({ iss: issuer.url, sub: "eve", aud: "app", ...times }),
    '{"}:,[]..==\\u0000-_',
  ] as const;
  const chance = new Seeded(20_260);
  for (let round = 0; round < 1500 * ROUNDS; round++) {
    const changed = mutate(good, [...others], chance);
    expect(outcomeOf(await verify(changed), honest.identity), `round ${round}: ${changed}`).toBe("harmless");
  }
  await store.close();
});

test("no token of this cloud's own that was changed is believed", { timeout: 60_000 * ROUNDS }, async () => {
  const [pair, foreign] = [await signingPair("first"), await signingPair("first", "ES256")];
  const issuer = await testIssuer(pair);
  const directory = { findOidcProvider: async () => undefined, findSamlProvider: async () => undefined };
  const own = async () => ({ keySetOf: async () => ({ keys: [pair.published] }) });
  const verifier = new FederationVerifier({
    clock,
    directory,
    localIssuers: issuersOf({ identityPools: own, userPools: own }),
    askProvider,
  });
  const { store } = await openMemory();
  const iss = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI";
  const expected = { issuer: iss.slice("https://".length), thumbprints: [] };
  const verify = (token: string) => store.transact(NOWHERE, (tx) => verifier.verifyToken(token, expected, tx));
  const times = { iat: NOW_MS / 1000, exp: NOW_MS / 1000 + 3600 };
  const good = await issuer.token({ iss, sub: "ann", aud: "app", token_use: "id", ...times }, pair);
  const honest = await verify(good);
  expect(honest.verdict).toBe("verified");
  if (honest.verdict !== "verified") return;
  const others = [
    await issuer.token({ iss, sub: "eve", aud: "app", ...times }, foreign),
    encoded({ alg: "none", kid: "first" }),
    encoded({ iss: issuer.url, sub: "eve", aud: "app", ...times }),
  ] as const;
  const chance = new Seeded(20_261);
  for (let round = 0; round < 500 * ROUNDS; round++) {
    const changed = mutate(good, [...others], chance);
    expect(outcomeOf(await verify(changed), honest.identity), `round ${round}: ${changed}`).toBe("harmless");
  }
  expect(issuer.asked).toEqual([]);
  await store.close();
});

test(
  "no response that was changed says anything else than its provider said",
  { timeout: 60_000 * ROUNDS },
  async () => {
    const record = { account: ACCOUNT, arn: arnOf("saml-provider/office"), name: "office", validUntilMs: Infinity };
    const provider = { ...record, metadata: samlMetadata(ISSUER, key) };
    const directory = { findOidcProvider: async () => undefined, findSamlProvider: async () => provider };
    const verifier = new FederationVerifier({ clock, directory, localIssuers, askProvider });
    const { store } = await openMemory();
    const verify = (xml: string) =>
      store.transact(NOWHERE, (tx) => verifier.verifySaml(Buffer.from(xml).toString("base64"), PROVIDER, tx));
    const facts = {
      issuer: ISSUER,
      subject: "ann",
      sessionName: "ann",
      roles: [{ roleArn: ROLE, providerArn: PROVIDER }],
      issuedAtMs: NOW_MS,
      seconds: 300,
    };
    const evil = samlResponse({ ...facts, subject: "eve" }, foreignKey);
    const chance = new Seeded(30_260);
    for (const part of ["Assertion", "Response"] as const) {
      const good = samlResponse(facts, key, part);
      const honest = await verify(good);
      expect(honest.verdict).toBe("verified");
      if (honest.verdict !== "verified") return;
      const others = [evil, good, "<!---->", "<!DOCTYPE a>", "&amp;&#x41;&lt;", '" ID="_a" xmlns:x="y"'] as const;
      for (let round = 0; round < 250 * ROUNDS; round++) {
        const changed = mutate(good, [...others], chance);
        expect(outcomeOf(await verify(changed), honest.identity), `round ${round}: ${changed}`).toBe("harmless");
      }
    }
    await store.close();
  },
);
