/** A cloud, an issuer of tokens that it knows, and a role for those who hold one. */
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AssumeRoleWithWebIdentityCommand,
  STSClient,
  type AssumeRoleWithWebIdentityCommandInput,
} from "@aws-sdk/client-sts";
import type { JWTPayload } from "jose";
import { expect } from "vitest";
import { policyText } from "./identities.ts";
import { signingPair, testIssuer, type SigningPair } from "./oidc-issuer.ts";
import { testCloud, type TestCloud } from "./test-cloud.ts";

export const pair = await signingPair("first");
export const elliptic = await signingPair("elliptic", "ES256");
/** Calls itself by the same name as the issuer's own. */
export const foreign = await signingPair("first");

const ROLE = "arn:aws:iam::000000000000:role/mobile";

interface Trust {
  readonly condition?: (name: string) => object;
  readonly actions?: readonly string[];
  readonly maxSessionSeconds?: number;
}

/** A cloud with an issuer, registered for the client `app`, and a role that trusts it. */
export async function withIssuer({
  condition,
  actions = ["sts:AssumeRoleWithWebIdentity"],
  maxSessionSeconds,
}: Trust = {}) {
  const cloud = await testCloud();
  const issuer = await testIssuer(pair, elliptic);
  const iam = cloud.client(IAMClient);
  const { OpenIDConnectProviderArn: provider } = await iam.send(
    new CreateOpenIDConnectProviderCommand({ Url: issuer.url, ClientIDList: ["app", "spare"] }),
  );
  const statement = {
    Effect: "Allow",
    Principal: { Federated: provider },
    Action: actions,
    Condition: condition?.(issuer.name) ?? { StringEquals: { [`${issuer.name}:aud`]: "app" } },
  };
  await iam.send(
    new CreateRoleCommand({
      RoleName: "mobile",
      AssumeRolePolicyDocument: policyText({ Statement: [statement] }),
      MaxSessionDuration: maxSessionSeconds,
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: "mobile",
      PolicyName: "rights",
      PolicyDocument: policyText(["iam:ListUsers"]),
    }),
  );
  const seconds = () => Math.floor(cloud.clock.now().getTime() / 1000);
  const claims = (more: JWTPayload = {}): JWTPayload => ({
    aud: "app",
    sub: "user-1",
    iat: seconds(),
    exp: seconds() + 3600,
    ...more,
  });
  return {
    cloud,
    issuer,
    provider,
    seconds,
    claims,
    tokenOf: (more: JWTPayload = {}, by: SigningPair = pair) => issuer.token(claims(more), by),
    assume: (token: string, more: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) =>
      assumeWithToken(cloud, token, more),
  };
}

export const assumeWithToken = (
  cloud: TestCloud,
  WebIdentityToken: string,
  more: Partial<AssumeRoleWithWebIdentityCommandInput>,
) =>
  cloud
    .client(STSClient, { accessKeyId: "", secretAccessKey: "" })
    .send(new AssumeRoleWithWebIdentityCommand({ RoleArn: ROLE, RoleSessionName: "ann", WebIdentityToken, ...more }));

/** What the SDK throws for a token that is not believed. */
export const invalid = (message: string | RegExp = /./) => ({
  name: "InvalidIdentityTokenException",
  $metadata: { httpStatusCode: 400 },
  message: typeof message === "string" ? message : expect.stringMatching(message),
});

/** Source: https://github.com/aws-actions/configure-aws-credentials/issues/953 */
export const notAuthorized = (action = "sts:AssumeRoleWithWebIdentity") => ({
  name: "AccessDenied",
  $metadata: { httpStatusCode: 403 },
  message: `Not authorized to perform ${action}`,
});
