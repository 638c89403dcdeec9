/** Browsers that send the sign-in pages whatever comes to mind, by chance that comes out the same each time. */
import { expect, test } from "vitest";
import { Seeded } from "../store/seeded.ts";
import { testCloud } from "../test-cloud.ts";

const ROUNDS = Number(process.env["KUMOBAKO_FUZZ_ROUNDS"] ?? 1);
const REQUESTS = 600;

const NAMES = [
  "Action",
  "Session",
  "SessionType",
  "SessionDuration",
  "SigninToken",
  "Destination",
  "Issuer",
  "SAMLResponse",
  "RelayState",
  "roleIndex",
  "account",
  "username",
  "password",
  "mfacode",
  "redirect_uri",
  "ticket",
  "newpassword",
] as const;

const ARN = "arn:aws:iam::000000000000:";

const VALUES = [
  "",
  "getSigninToken",
  "login",
  "logout",
  "null",
  "[]",
  '{"sessionId":1}',
  '{"sessionId":"ASIA","sessionKey":"x","sessionToken":"x"}',
  "\u0000",
  "%zz",
  "a".repeat(5000),
  `${ARN}role/x,${ARN}saml-provider/y`,
  Buffer.from(`<a>${ARN}role/x,${ARN}saml-provider/y</a>`).toString("base64"),
  "PHhtbC8+",
  "-1",
  "1e9",
  "43200",
  "https://console.aws.amazon.com/\r\nSet-Cookie: x=1",
  "http://[::1",
  "__proto__",
  "constructor",
  "000000000000",
  "雲",
] as const;

const PATHS = ["/federation", "/saml", "/console", "/console/home", "/console/password", "/elsewhere"] as const;

test(
  "nothing that is sent there fails inside, signs in, or ends a header's line",
  { timeout: 30_000 * ROUNDS },
  async () => {
    const failures: unknown[] = [];
    const cloud = await testCloud({ report: (error) => failures.push(error) });
    const chance = new Seeded(7);
    for (let round = 0; round < REQUESTS * ROUNDS; round++) {
      const parameters = new URLSearchParams();
      for (let left = 1 + chance.below(5); left > 0; left--) parameters.append(chance.pick(NAMES), chance.pick(VALUES));
      const posted = chance.below(2) === 0;
      const { statusCode, headers } = await cloud.send({
        method: posted ? "POST" : "GET",
        path: chance.pick(PATHS),
        query: posted ? {} : Object.fromEntries(parameters),
        headers: { host: "signin.aws.amazon.com", cookie: `kumobako-console-session=${chance.pick(VALUES)}` },
        body: posted ? (chance.below(8) === 0 ? chance.pick(VALUES) : parameters.toString()) : undefined,
      });
      expect([200, 400, 401, 404]).toContain(statusCode);
      expect(headers["set-cookie"] ?? "; Max-Age=0").toContain("; Max-Age=0");
      expect(Object.values(headers).join("")).not.toMatch(/[\r\n]/);
    }
    expect(failures).toEqual([]);
  },
);
