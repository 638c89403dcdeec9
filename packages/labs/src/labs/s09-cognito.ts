/** The second way of scenario S09: Cognito keeps the users, and trades their tokens for credentials itself. */
import { createPublicKey, verify } from "node:crypto";
import { credentialsOf } from "../credentials.ts";
import type { Actor, Teller } from "../lab.ts";
import { allow, federatedTrust, policy } from "../policy.ts";
import { send } from "../service-call.ts";
import type { World } from "./s09-mobile-users.ts";

const succeeds = { outcome: "succeeds" } as const;
const POOLS = "cognito-identity.amazonaws.com";
const PASSWORD = "Correct-Horse-7";
const USERS = 1000;
const AT_ONCE = 50;

interface Pools {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly identityPoolId: string;
  /** What the user pool is called as a login. */
  readonly provider: string;
}

export async function throughCognito(teller: Teller, world: World): Promise<void> {
  const pools = await makePools(teller, world);
  await signUsersUp(teller, world, pools);
  const token = await signIn(teller, world, pools);
  await useTheApp(teller, world, { ...pools, token });
  await refuseOthers(teller, world, { ...pools, token });
}

async function makePools(teller: Teller, { admin, bucket }: World): Promise<Pools> {
  const { UserPool } = await teller.step({
    does: "Or Cognito keeps the users: in a user pool,",
    as: admin,
    call: ["cognito-idp", "CreateUserPool"],
    input: { PoolName: "players", AutoVerifiedAttributes: ["email"] },
    expect: succeeds,
  });
  const userPoolId = UserPool?.Id ?? "none";
  const { UserPoolClient } = await teller.step({
    does: "which the app is a client of.",
    as: admin,
    call: ["cognito-idp", "CreateUserPoolClient"],
    input: {
      UserPoolId: userPoolId,
      ClientName: "app",
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    },
    expect: succeeds,
  });
  const clientId = UserPoolClient?.ClientId ?? "none";
  const provider = `cognito-idp.us-east-1.amazonaws.com/${userPoolId}`;
  const { IdentityPoolId: identityPoolId = "none" } = await teller.step({
    does: "An identity pool takes the users of that pool and app, and no guests.",
    as: admin,
    call: ["cognito-identity", "CreateIdentityPool"],
    input: {
      IdentityPoolName: "players",
      AllowUnauthenticatedIdentities: false,
      CognitoIdentityProviders: [{ ProviderName: provider, ClientId: clientId, ServerSideTokenCheck: true }],
    },
    expect: succeeds,
  });
  const { Role } = await teller.step({
    does: "A role trusts those who logged in to it,",
    as: admin,
    call: ["iam", "CreateRole"],
    input: {
      RoleName: "player",
      AssumeRolePolicyDocument: federatedTrust(POOLS, "sts:AssumeRoleWithWebIdentity", {
        StringEquals: { [`${POOLS}:aud`]: identityPoolId },
        "ForAnyValue:StringLike": { [`${POOLS}:amr`]: "authenticated" },
      }),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "and may do with the app's data what the other role may.",
    as: admin,
    call: ["iam", "PutRolePolicy"],
    input: {
      RoleName: "player",
      PolicyName: "read",
      PolicyDocument: policy(allow("s3:GetObject", `arn:aws:s3:::${bucket}/*`)),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "It is the role of the pool's users.",
    as: admin,
    call: ["cognito-identity", "SetIdentityPoolRoles"],
    input: { IdentityPoolId: identityPoolId, Roles: { authenticated: Role?.Arn ?? "none" } },
    expect: succeeds,
  });
  return { userPoolId, clientId, identityPoolId, provider };
}

async function signUsersUp(teller: Teller, { admin, nobody }: World, pools: Pools): Promise<void> {
  const { userPoolId: UserPoolId, clientId: ClientId } = pools;
  await teller.deed({
    does: `${USERS} users sign themselves up, without credentials of AWS.`,
    as: nobody.name,
    command: `for i in $(seq ${USERS}); do aws cognito-idp sign-up --client-id ${ClientId} --username user-$i --password '${PASSWORD}'; done`,
    act: () => signUpAll(teller.endpoint, nobody, ClientId),
    expect: {
      outcome: "succeeds",
      check: (subjects) => (new Set(subjects).size === USERS ? undefined : `${USERS} users`),
    },
  });
  await teller.step({
    does: "One of them cannot sign in before the account is confirmed,",
    as: nobody,
    call: ["cognito-idp", "InitiateAuth"],
    input: { ClientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: "user-1", PASSWORD } },
    expect: { outcome: "refused", code: "UserNotConfirmedException" },
  });
  await teller.step({
    does: "which an administrator may do, or the user with the code that was sent.",
    as: admin,
    call: ["cognito-idp", "AdminConfirmSignUp"],
    input: { UserPoolId, Username: "user-1" },
    expect: succeeds,
  });
}

async function signUpAll(endpoint: string, { credentials }: Actor, ClientId: string): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for (let first = 1; first <= USERS; first += AT_ONCE) {
    const names = Array.from({ length: AT_ONCE }, (_, index) => `user-${first + index}`);
    const call = { service: "cognito-idp", operation: "SignUp", endpoint, region: "us-east-1", credentials } as const;
    const made = names.map((Username) => send({ ...call, input: { ClientId, Username, Password: PASSWORD } }));
    const outputs: readonly { readonly UserSub?: string }[] = await Promise.all(made);
    all.push(...outputs.map(({ UserSub }) => UserSub));
  }
  return all;
}

/** Gives an identity token that is good. */
async function signIn(teller: Teller, { nobody }: World, { userPoolId, clientId, provider }: Pools): Promise<string> {
  await teller.step({
    does: "A wrong password is refused,",
    as: nobody,
    call: ["cognito-idp", "InitiateAuth"],
    input: {
      ClientId: clientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "user-1", PASSWORD: "wrong" },
    },
    expect: { outcome: "refused", code: "NotAuthorizedException" },
  });
  const { AuthenticationResult } = await teller.step({
    does: "the right one gives tokens.",
    as: nobody,
    call: ["cognito-idp", "InitiateAuth"],
    input: { ClientId: clientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: "user-1", PASSWORD } },
    expect: succeeds,
  });
  const token = AuthenticationResult?.IdToken ?? "none";
  await teller.deed({
    does: "They verify with the keys that the pool publishes.",
    as: nobody.name,
    command: `curl ${teller.endpoint}/${userPoolId}/.well-known/jwks.json`,
    act: () => verified(token, `${teller.endpoint}/${userPoolId}/.well-known/jwks.json`),
    expect: {
      outcome: "succeeds",
      check: ({ iss, aud }) =>
        iss === `https://${provider}` && aud === clientId ? undefined : "a token of the pool, for the app",
    },
  });
  return token;
}

interface Claims {
  readonly iss?: string;
  readonly aud?: string;
}

/** What a token says. @throws where none of the keys published there signed it. */
async function verified(token: string, address: string): Promise<Claims> {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const { kid }: { readonly kid?: string } = JSON.parse(Buffer.from(header, "base64url").toString());
  const answer = await fetch(address);
  const { keys }: { readonly keys: readonly (JsonWebKey & { readonly kid?: string })[] } = JSON.parse(
    await answer.text(),
  );
  const key = keys.find((each) => each.kid === kid);
  const isSigned =
    key !== undefined &&
    verify(
      "RSA-SHA256",
      Buffer.from(`${header}.${claims}`),
      createPublicKey({ key: { kty: "RSA", n: key.n ?? "", e: key.e ?? "" }, format: "jwk" }),
      Buffer.from(signature, "base64url"),
    );
  if (!isSigned) throw new TypeError("none of the keys signed the token");
  return JSON.parse(Buffer.from(claims, "base64url").toString());
}

interface SignedIn extends Pools {
  readonly token: string;
}

async function useTheApp(teller: Teller, { nobody, bucket }: World, pools: SignedIn): Promise<void> {
  const Logins = { [pools.provider]: pools.token };
  const { IdentityId } = await teller.step({
    does: "The identity pool knows the user by the token,",
    as: nobody,
    call: ["cognito-identity", "GetId"],
    input: { IdentityPoolId: pools.identityPoolId, Logins },
    expect: succeeds,
  });
  const { Credentials } = await teller.step({
    does: "and takes the role on in the user's stead.",
    as: nobody,
    call: ["cognito-identity", "GetCredentialsForIdentity"],
    input: { IdentityId: IdentityId ?? "none", Logins },
    expect: succeeds,
  });
  const { SecretKey: SecretAccessKey, ...rest } = Credentials ?? {};
  const session = teller.actor("the player's session", credentialsOf({ ...rest, SecretAccessKey }));
  await teller.step({
    does: "The same comes of it: the level is read,",
    as: session,
    call: ["s3", "GetObject"],
    input: { Bucket: bucket, Key: "level-1" },
    expect: succeeds,
  });
  await teller.step({
    does: "and not deleted.",
    as: session,
    call: ["s3", "DeleteObject"],
    input: { Bucket: bucket, Key: "level-1" },
    expect: { outcome: "refused", code: "AccessDenied" },
  });
}

async function refuseOthers(teller: Teller, { admin, nobody }: World, pools: SignedIn): Promise<void> {
  const { userPoolId: UserPoolId, identityPoolId: IdentityPoolId, provider, token } = pools;
  await teller.step({
    does: "A guest is nobody here.",
    as: nobody,
    call: ["cognito-identity", "GetId"],
    input: { IdentityPoolId },
    expect: { outcome: "refused", code: "NotAuthorizedException", because: "Unauthenticated access is not supported" },
  });
  await teller.step({
    does: "The user is signed out everywhere,",
    as: admin,
    call: ["cognito-idp", "AdminUserGlobalSignOut"],
    input: { UserPoolId, Username: "user-1" },
    expect: succeeds,
  });
  await teller.step({
    does: "and the token, good for an hour else, is good for nothing.",
    as: nobody,
    call: ["cognito-identity", "GetId"],
    input: { IdentityPoolId, Logins: { [provider]: token } },
    expect: { outcome: "refused", code: "NotAuthorizedException", because: "Invalid login token" },
  });
}
