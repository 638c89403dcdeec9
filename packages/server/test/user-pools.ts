/** User pools as tests need them, made through the real API, and the client's side of their protocols. */
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  type AttributeType,
  type CreateUserPoolClientRequest,
  type CreateUserPoolRequest,
} from "@aws-sdk/client-cognito-identity-provider";
import { createHash, createHmac, getDiffieHellman, hkdfSync, randomBytes } from "node:crypto";
import { assert } from "../src/kernel/assert.ts";
import { testCloud, type TestCloud } from "./test-cloud.ts";

export interface TestPool {
  readonly cloud: TestCloud;
  readonly idp: CognitoIdentityProviderClient;
  readonly poolId: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** A confirmed user. */
  makeUser(username: string, password: string, attributes?: AttributeType[]): Promise<void>;
}

type PoolFacts = Partial<CreateUserPoolRequest> & { readonly client?: Partial<CreateUserPoolClientRequest> };

/** A pool with a client that allows every flow. */
export async function makePool(
  { client, ...pool }: PoolFacts = {},
  cloud?: TestCloud,
  account = "000000000000",
): Promise<TestPool> {
  const home = cloud ?? (await testCloud());
  const idp = home.client(CognitoIdentityProviderClient, home.rootOf(account));
  const { UserPool } = await idp.send(new CreateUserPoolCommand({ PoolName: "payroll", ...pool }));
  const UserPoolId = UserPool?.Id;
  const { UserPoolClient } = await idp.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: "web",
      ExplicitAuthFlows: [
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_AUTH",
      ],
      ...client,
    }),
  );
  assert(UserPoolId !== undefined && UserPoolClient?.ClientId !== undefined, "a pool and its client have ids");
  return {
    cloud: home,
    idp,
    poolId: UserPoolId,
    clientId: UserPoolClient.ClientId,
    clientSecret: UserPoolClient.ClientSecret,
    async makeUser(Username, Password, UserAttributes) {
      const named = { UserPoolId, Username };
      await idp.send(new AdminCreateUserCommand({ ...named, UserAttributes, MessageAction: "SUPPRESS" }));
      await idp.send(new AdminSetUserPasswordCommand({ ...named, Password, Permanent: true }));
    },
  };
}

/** The code in the newest message to an address. */
export async function newestCode({ cloud }: Pick<TestPool, "cloud">, to: string): Promise<string> {
  const messages = await cloud.cloud.outbox(20);
  const [code] = /\d{6,8}/.exec(messages.find((message) => message.to === to)?.text ?? "") ?? [];
  assert(code !== undefined, `a code was sent to ${to}`);
  return code;
}

export const secretHash = ({ clientId, clientSecret = "" }: TestPool, username: string): string =>
  createHmac("sha256", clientSecret)
    .update(username + clientId)
    .digest("base64");

/** What an access or identity token says. */
export function claimsOf(token: string | undefined): Record<string, unknown> {
  const [, claims = ""] = (token ?? "").split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString("utf8"));
}

const N = BigInt(`0x${getDiffieHellman("modp15").getPrime("hex")}`);
const G = 2n;

const sha256 = (hex: string): string => createHash("sha256").update(Buffer.from(hex, "hex")).digest("hex");
const number = (hex: string): bigint => BigInt(`0x${hex}`);

function padded(value: bigint): string {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return /^[89a-f]/.test(even) ? `00${even}` : even;
}

function power(base: bigint, exponent: bigint): bigint {
  let product = 1n;
  for (let factor = base % N, rest = exponent; rest > 0n; rest /= 2n, factor = (factor * factor) % N) {
    if (rest % 2n === 1n) product = (product * factor) % N;
  }
  return product;
}

interface Secret {
  /** The pool's id without its region, or the group key of a device. */
  readonly realm: string;
  readonly name: string;
  readonly password: string;
}

/** What a device keeps its secret as: hexadecimal. */
export function srpVerifier(secret: Secret): { readonly salt: string; readonly verifier: string } {
  const salt = randomBytes(16).toString("hex");
  return { salt, verifier: padded(power(G, exponentOf(secret, salt))) };
}

function exponentOf({ realm, name, password }: Secret, salt: string): bigint {
  const inner = createHash("sha256").update(`${realm}${name}:${password}`).digest("hex");
  return number(sha256(padded(number(salt)) + inner));
}

/** The client's half of the protocol, as AWS's own libraries speak it. */
export class SrpClient {
  readonly #a = number(randomBytes(128).toString("hex"));

  get srpA(): string {
    return power(G, this.#a).toString(16);
  }

  /** The responses that prove the password. */
  prove(parameters: Record<string, string> | undefined, secret: Secret): Record<string, string> {
    const { realm, name } = secret;
    const { SALT: salt = "", SRP_B: srpB = "", SECRET_BLOCK: secretBlock = "" } = parameters ?? {};
    const b = number(srpB);
    const u = number(sha256(padded(power(G, this.#a)) + padded(b)));
    const k = number(sha256(padded(N) + padded(G)));
    const x = exponentOf(secret, salt);
    const base = (((b - k * power(G, x)) % N) + N) % N;
    const shared = Buffer.from(padded(power(base, this.#a + u * x)), "hex");
    const key = Buffer.from(hkdfSync("sha256", shared, Buffer.from(padded(u), "hex"), "Caldera Derived Key", 16));
    const timestamp = "Sun Nov 22 9:10:18 UTC 2026";
    const signature = createHmac("sha256", key)
      .update(realm + name)
      .update(Buffer.from(secretBlock, "base64"))
      .update(timestamp)
      .digest("base64");
    return {
      PASSWORD_CLAIM_SECRET_BLOCK: secretBlock,
      PASSWORD_CLAIM_SIGNATURE: signature,
      TIMESTAMP: timestamp,
      USERNAME: name,
    };
  }
}
