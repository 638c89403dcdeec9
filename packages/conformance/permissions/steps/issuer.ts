/** Providers of tokens (OpenID Connect) that run in this process. */
import { generateKeyPair, sign, type KeyObject } from "node:crypto";
import { createServer } from "node:http";
import { promisify } from "node:util";
import type { IssuerStep, TokenStep } from "../case-file.ts";
import { NotAnswered } from "../endpoint.ts";
import { textAt, type World } from "../world.ts";

interface Issuer {
  readonly url: string;
  sign(claims: Readonly<Record<string, unknown>>, forged: boolean): string;
}

const issuers = new WeakMap<World, Map<string, Issuer>>();

/** @throws {NotAnswered} where the endpoint is on another machine, which cannot ask this one for keys. */
export async function makeIssuer({ issuer, account: as = "home", clients }: IssuerStep, world: World): Promise<void> {
  if (!/^https?:\/\/(127\.|localhost|\[::1\])/.test(world.url))
    throw new NotAnswered("set-up: the endpoint cannot reach a provider of tokens on this machine");
  const made = await startIssuer(world);
  const input = { Url: made.url, ClientIDList: clients };
  const arn = textAt(
    await world.make({ call: "iam:CreateOpenIDConnectProvider", as, with: input }),
    "OpenIDConnectProviderArn",
  );
  world.onCleanUp(() => world.ask("iam:DeleteOpenIDConnectProvider", as, { OpenIDConnectProviderArn: arn }));
  world.add(issuer, { name: made.url.replace(/^https?:\/\//, ""), facts: { arn, url: made.url } });
  const known = issuers.get(world) ?? new Map<string, Issuer>();
  issuers.set(world, known.set(issuer, made));
}

export function makeToken({ token, of, claims, forged = false }: TokenStep, world: World): void {
  const issuer = issuers.get(world)?.get(of);
  if (issuer === undefined) throw new TypeError(`${of} is no provider of tokens`);
  world.add(token, { name: issuer.sign(world.fill(claims), forged) });
}

const newKeyPair = promisify(generateKeyPair);
const RSA = { modulusLength: 2048 };

async function startIssuer(world: World): Promise<Issuer> {
  const [own, foreign] = await Promise.all([newKeyPair("rsa", RSA), newKeyPair("rsa", RSA)]);
  const published = { keys: [{ ...own.publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }] };
  const server = createServer(({ url: path }, response) => {
    const configuration = { issuer: url, jwks_uri: `${url}/keys` };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(path?.endsWith("/keys") === true ? published : configuration));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  world.onEnd(async () => server.close());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new TypeError("a server has an address");
  const url = `http://127.0.0.1:${address.port}/${world.newName("idp")}`;
  return {
    url,
    sign(claims, forged) {
      const seconds = Math.floor(Date.now() / 1000);
      const usual = { iss: url, iat: seconds, exp: seconds + 600 };
      return signToken({ ...usual, ...claims }, forged ? foreign.privateKey : own.privateKey);
    },
  };
}

/** A JSON Web Token (RFC 7519), signed with RSA and SHA-256. */
function signToken(claims: object, key: KeyObject): string {
  const head = { alg: "RS256", typ: "JWT", kid: "1" };
  const signed = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
}
