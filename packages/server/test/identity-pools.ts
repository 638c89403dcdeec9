/** A cloud with an identity pool, its two roles, and an issuer whose users may log in. */
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  SetIdentityPoolRolesCommand,
  type CreateIdentityPoolCommandInput,
  type RoleMapping,
} from "@aws-sdk/client-cognito-identity";
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import type { JWTPayload } from "jose";
import { assert } from "../src/kernel/assert.ts";
import { policyText, type Rights } from "./identities.ts";
import { testIssuer } from "./oidc-issuer.ts";
import { testCloud, type TestCloud } from "./test-cloud.ts";
import { pair } from "./web-identities.ts";

const NOBODY = { accessKeyId: "", secretAccessKey: "" };

/** A role that trusts tokens of one pool; gives its ARN. */
export async function poolRole(
  cloud: TestCloud,
  RoleName: string,
  facts: { readonly poolId: string; readonly amr: string; readonly allow: Rights; readonly tags?: boolean },
): Promise<string> {
  const iam = cloud.client(IAMClient);
  const name = "cognito-identity.amazonaws.com";
  const statement = {
    Effect: "Allow",
    Principal: { Federated: name },
    Action: ["sts:AssumeRoleWithWebIdentity", ...(facts.tags === true ? ["sts:TagSession"] : [])],
    Condition: {
      StringEquals: { [`${name}:aud`]: facts.poolId },
      "ForAnyValue:StringLike": { [`${name}:amr`]: facts.amr },
    },
  };
  const AssumeRolePolicyDocument = policyText({ Statement: [statement] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = policyText(facts.allow);
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "rights", PolicyDocument }));
  assert(Role?.Arn !== undefined, "a role has an ARN");
  return Role.Arn;
}

/** A pool for guests and for users of an OpenID Connect provider with the client `app`. */
export async function withIdentityPool(
  settings: Partial<CreateIdentityPoolCommandInput> = {},
  mapping?: (roles: { readonly member: string; readonly guest: string }) => RoleMapping,
) {
  const cloud = await testCloud();
  const issuer = await testIssuer(pair);
  const admin = cloud.client(CognitoIdentityClient);
  const anyone = cloud.client(CognitoIdentityClient, NOBODY);
  const { OpenIDConnectProviderArn: provider = "" } = await cloud
    .client(IAMClient)
    .send(new CreateOpenIDConnectProviderCommand({ Url: issuer.url, ClientIDList: ["app"] }));
  const { IdentityPoolId: poolId = "" } = await admin.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: "mobile",
      AllowUnauthenticatedIdentities: true,
      OpenIdConnectProviderARNs: [provider],
      DeveloperProviderName: "login.example",
      ...settings,
    }),
  );
  const member = await poolRole(cloud, "member", {
    poolId,
    amr: "authenticated",
    allow: ["iam:ListUsers"],
    tags: true,
  });
  const guest = await poolRole(cloud, "guest", { poolId, amr: "unauthenticated", allow: ["s3:*", "iam:ListUsers"] });
  const RoleMappings = mapping && { [issuer.name]: mapping({ member, guest }) };
  const Roles = { authenticated: member, unauthenticated: guest };
  await admin.send(new SetIdentityPoolRolesCommand({ IdentityPoolId: poolId, Roles, RoleMappings }));
  const seconds = () => Math.floor(cloud.clock.now().getTime() / 1000);
  /** A login of the provider's, as the operations take it. */
  const login = async (sub: string, more: JWTPayload = {}) => ({
    [issuer.name]: await issuer.token({ aud: "app", sub, iat: seconds(), exp: seconds() + 3600, ...more }, pair),
  });
  return { cloud, issuer, provider, admin, anyone, poolId, member, guest, login };
}
