/** Providers of tokens (OpenID Connect) that run in this process. */
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { IssuerStep, TokenStep } from "../case-file.ts";
import { NotAnswered } from "../endpoint.ts";
import { textAt, type World } from "../world.ts";

interface Issuer {
  readonly url: string;
  sign(claims: Readonly<Record<string, unknown>>, forged: boolean): Promise<string>;
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
  world.onEnd(() => world.ask("iam:DeleteOpenIDConnectProvider", as, { OpenIDConnectProviderArn: arn }));
  world.add(issuer, { name: made.url.replace(/^https?:\/\//, ""), facts: { arn, url: made.url } });
  const known = issuers.get(world) ?? new Map<string, Issuer>();
  issuers.set(world, known.set(issuer, made));
}

export async function makeToken({ token, of, claims, forged = false }: TokenStep, world: World): Promise<void> {
  const issuer = issuers.get(world)?.get(of);
  if (issuer === undefined) throw new TypeError(`${of} is no provider of tokens`);
  world.add(token, { name: await issuer.sign(world.fill(claims), forged) });
}

const ALGORITHM = "RS256";

async function startIssuer(world: World): Promise<Issuer> {
  const [own, foreign] = await Promise.all([generateKeyPair(ALGORITHM), generateKeyPair(ALGORITHM)]);
  const published = { keys: [{ ...(await exportJWK(own.publicKey)), kid: "1", alg: ALGORITHM, use: "sig" }] };
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
      const { privateKey } = forged ? foreign : own;
      return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: ALGORITHM, kid: "1" }).sign(privateKey);
    },
  };
}
