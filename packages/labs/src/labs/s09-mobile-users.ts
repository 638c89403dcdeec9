import { credentialsOf } from "../credentials.ts";
import type { Actor, Lab, Teller } from "../lab.ts";
import { allow, federatedTrust, policy } from "../policy.ts";
import { throughCognito } from "./s09-cognito.ts";

const succeeds = { outcome: "succeeds" } as const;

export const s09: Lab = {
  id: "S09",
  title: "Users of a mobile app sign in with OpenID Connect",
  proves: ["fed-oidc-web-identity", "fed-cognito-alternative", "mobile-auth-two-ways", "cognito-many-mobile-users"],
  async run(teller) {
    const account = teller.account("A");
    const world: World = {
      admin: teller.root(account),
      nobody: teller.actor("the app", credentialsOf(undefined)),
      role: `arn:aws:iam::${account}:role/mobile`,
      bucket: `app-data-${teller.suffix}`,
    };
    await establishTrust(teller, world);
    const token = await useTheApp(teller, world);
    await refuseForgeries(teller, world, token);
    await throughCognito(teller, world);
  },
};

export interface World {
  readonly admin: Actor;
  readonly nobody: Actor;
  readonly role: string;
  readonly bucket: string;
}

async function establishTrust(teller: Teller, { admin, bucket }: World): Promise<void> {
  const { OpenIDConnectProviderArn = "" } = await teller.step({
    does: "The account registers the issuer of the tokens, for two client ids.",
    as: admin,
    call: ["iam", "CreateOpenIDConnectProvider"],
    input: { Url: teller.issuer, ClientIDList: ["app", "website"] },
    expect: succeeds,
  });
  const name = teller.issuer.replace(/^https?:\/\//, "");
  await teller.step({
    does: "A role trusts tokens that were made for the app.",
    as: admin,
    call: ["iam", "CreateRole"],
    input: {
      RoleName: "mobile",
      AssumeRolePolicyDocument: federatedTrust(OpenIDConnectProviderArn, "sts:AssumeRoleWithWebIdentity", {
        StringEquals: { [`${name}:aud`]: "app" },
      }),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "It may read the app's data.",
    as: admin,
    call: ["iam", "PutRolePolicy"],
    input: {
      RoleName: "mobile",
      PolicyName: "read",
      PolicyDocument: policy(allow("s3:GetObject", `arn:aws:s3:::${bucket}/*`)),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "The data are in a bucket.",
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  await teller.step({
    does: "There is a level in it.",
    as: admin,
    call: ["s3", "PutObject"],
    input: { Bucket: bucket, Key: "level-1", Body: "a maze" },
    expect: succeeds,
  });
}

/** Gives a token that is good. */
async function useTheApp(teller: Teller, { nobody, role, bucket }: World): Promise<string> {
  const token = await teller.vouch("A user signs in with the issuer.", {
    kind: "token",
    subject: "user-1",
    audience: "app",
  });
  const { Credentials } = await teller.step({
    does: "The app trades the token for credentials of AWS, without having any.",
    as: nobody,
    call: ["sts", "AssumeRoleWithWebIdentity"],
    input: { RoleArn: role, RoleSessionName: "user-1", WebIdentityToken: token },
    expect: {
      outcome: "succeeds",
      check: ({ SubjectFromWebIdentityToken }) => (SubjectFromWebIdentityToken === "user-1" ? undefined : "user-1"),
    },
  });
  const session = teller.actor("the user's session", credentialsOf(Credentials));
  await teller.step({
    does: "With them it reads the level,",
    as: session,
    call: ["s3", "GetObject"],
    input: { Bucket: bucket, Key: "level-1" },
    expect: succeeds,
  });
  await teller.step({
    does: "and cannot delete it.",
    as: session,
    call: ["s3", "DeleteObject"],
    input: { Bucket: bucket, Key: "level-1" },
    expect: { outcome: "refused", code: "AccessDenied" },
  });
  teller.notBuilt("It puts scores into a table, and cannot delete them.", "DynamoDB");
  return token;
}

async function refuseForgeries(teller: Teller, { nobody, role }: World, token: string): Promise<void> {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const forged = `${header}.${claims.replace(/.$/, (last) => (last === "A" ? "B" : "A"))}.${signature}`;
  const website = await teller.vouch("Somebody signs in at the website.", {
    kind: "token",
    subject: "user-2",
    audience: "website",
  });
  const other = await teller.vouch("Somebody signs in at another company's app.", {
    kind: "token",
    subject: "user-3",
    audience: "other",
  });
  const attempts = [
    { does: "The website's token is not what the role trusts.", token: website, code: "AccessDenied" },
    { does: "The other company's is for a client that is not registered.", token: other, code: "InvalidIdentityToken" },
    { does: "A forged one is worth nothing.", token: forged, code: "InvalidIdentityToken" },
  ];
  for (const { does, token: WebIdentityToken, code } of attempts) {
    await teller.step({
      does,
      as: nobody,
      call: ["sts", "AssumeRoleWithWebIdentity"],
      input: { RoleArn: role, RoleSessionName: "user", WebIdentityToken },
      expect: { outcome: "refused", code },
    });
  }
  await teller.wait("An hour and five minutes later", 3901);
  await teller.step({
    does: "the good one has run out.",
    as: nobody,
    call: ["sts", "AssumeRoleWithWebIdentity"],
    input: { RoleArn: role, RoleSessionName: "user-1", WebIdentityToken: token },
    expect: { outcome: "refused", code: "ExpiredTokenException" },
  });
}
