import {
  CognitoIdentityClient,
  DeleteIdentitiesCommand,
  DescribeIdentityCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  ListIdentitiesCommand,
  UnlinkIdentityCommand,
  UpdateIdentityPoolCommand,
} from "@aws-sdk/client-cognito-identity";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { withIdentityPool } from "../../../test/identity-pools.ts";
import { foreign } from "../../../test/web-identities.ts";

type World = Awaited<ReturnType<typeof withIdentityPool>>;

const idOf = async ({ anyone, poolId: IdentityPoolId }: World, Logins?: Record<string, string>) =>
  (await anyone.send(new GetIdCommand({ IdentityPoolId, Logins }))).IdentityId ?? "";

const again = async ({ anyone }: World, IdentityId: string, Logins?: Record<string, string>) =>
  (await anyone.send(new GetOpenIdTokenCommand({ IdentityId, Logins }))).IdentityId;

const refused = (message: string | RegExp) => ({
  name: "NotAuthorizedException",
  message: typeof message === "string" ? message : expect.stringMatching(message),
  $metadata: { httpStatusCode: 400 },
});

test("the same user has the same identity, and every guest a new one", async () => {
  const world = await withIdentityPool();
  const ann = await idOf(world, await world.login("ann"));
  expect(ann).toMatch(/^us-east-1:[0-9a-f-]{36}$/);
  expect(await idOf(world, await world.login("ann"))).toBe(ann);
  expect(await idOf(world, await world.login("bob"))).not.toBe(ann);
  expect(await idOf(world)).not.toBe(await idOf(world));
});

test("one user who comes by many ways at the same time is one identity", async () => {
  const world = await withIdentityPool();
  const logins = await Promise.all(Array.from({ length: 5 }, () => world.login("ann")));
  const ids = await Promise.all(logins.map((login) => idOf(world, login)));
  expect(new Set(ids).size).toBe(1);
});

test("a pool without guests lets nobody in without a login", async () => {
  const world = await withIdentityPool();
  const { admin, poolId: IdentityPoolId } = world;
  const guest = await idOf(world);
  const settings = { IdentityPoolName: "m", AllowUnauthenticatedIdentities: false };
  await admin.send(new UpdateIdentityPoolCommand({ IdentityPoolId, ...settings }));
  // Source: https://github.com/aws/aws-sdk-js-v3/issues/3113
  const noGuests = refused("Unauthenticated access is not supported for this identity pool.");
  await expect(idOf(world)).rejects.toMatchObject(noGuests);
  await expect(again(world, guest)).rejects.toMatchObject(noGuests);
});

test("a token that is forged, old, another's or for another is no login", async () => {
  const world = await withIdentityPool();
  const { issuer, cloud } = world;
  const now = Math.floor(cloud.clock.now().getTime() / 1000);
  const claims = { aud: "app", sub: "ann", iat: now, exp: now + 3600 };
  const forged = { [issuer.name]: await issuer.token(claims, foreign) };
  await expect(idOf(world, forged)).rejects.toMatchObject(refused(/^Invalid login token\. /));
  await expect(idOf(world, await world.login("ann", { iat: now - 4000, exp: now - 400 }))).rejects.toMatchObject(
    refused(/^Invalid login token\. Token expired/),
  );
  // Source: https://github.com/amazon-archives/amazon-cognito-identity-js/issues/40
  await expect(idOf(world, await world.login("ann", { iss: "https://idp.example.com" }))).rejects.toMatchObject(
    refused("Invalid login token. Issuer doesn't match providerName."),
  );
  // Source: https://github.com/amazon-archives/amazon-cognito-identity-js/issues/7
  await expect(idOf(world, await world.login("ann", { aud: "other" }))).rejects.toMatchObject(
    refused("Token is not from a supported provider of this identity pool."),
  );
  await expect(idOf(world, { [issuer.name]: "none" })).rejects.toMatchObject(refused(/^Invalid login token\. /));
});

test("a provider that the pool does not have is no login, nor is the developer's name, nor the pool's own token", async () => {
  const world = await withIdentityPool();
  const [token = ""] = Object.values(await world.login("ann"));
  // Source: https://github.com/aws-amplify/amplify-js/issues/2443
  const mismatch = refused(
    "Logins don't match. Please include at least one valid login for this identity or identity pool.",
  );
  await expect(idOf(world, { "idp.example.com": token })).rejects.toMatchObject(mismatch);
  await expect(idOf(world, { "login.example": "ann" })).rejects.toMatchObject(mismatch);
  await expect(idOf(world, { "cognito-identity.amazonaws.com": token })).rejects.toMatchObject(
    refused(/^Invalid login token\. /),
  );
});

test("an identity is its users' alone", async () => {
  const world = await withIdentityPool();
  const ann = await idOf(world, await world.login("ann"));
  // Source: https://github.com/aws-amplify/amplify-js/issues/54
  await expect(again(world, ann)).rejects.toMatchObject(refused(`Access to Identity '${ann}' is forbidden.`));
  await expect(again(world, ann, await world.login("bob"))).rejects.toMatchObject(refused(/^Logins don't match\./));
  const nobody = "us-east-1:00000000-0000-4000-8000-000000000000";
  await expect(again(world, nobody)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: `Identity '${nobody}' not found.`,
  });
});

test("a guest who logs in stays who they were; one whom the pool knew becomes that one again", async () => {
  const world = await withIdentityPool();
  const first = await idOf(world);
  const ann = await world.login("ann");
  expect(await again(world, first, ann)).toBe(first);
  expect(await idOf(world, ann)).toBe(first);
  const second = await idOf(world);
  expect(await again(world, second, ann)).toBe(first);
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html (merging identities)
  await expect(again(world, second)).rejects.toMatchObject(refused(`Access to Identity '${second}' is forbidden.`));
  expect(await again(world, second, ann)).toBe(first);
});

test("one identity has one user of each public provider", async () => {
  const world = await withIdentityPool();
  const { admin, poolId: IdentityPoolId } = world;
  const developer = async (user: string, IdentityId?: string, more: Record<string, string> = {}) =>
    (
      await admin.send(
        new GetOpenIdTokenForDeveloperIdentityCommand({
          IdentityPoolId,
          IdentityId,
          Logins: { "login.example": user, ...more },
        }),
      )
    ).IdentityId;
  const linked = await developer("user-1", undefined, await world.login("ann"));
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html (linking logins)
  await expect(developer("user-1", linked, await world.login("bob"))).rejects.toMatchObject({
    name: "ResourceConflictException",
  });
});

test("identities are described and listed with their providers, and deleted", async () => {
  const world = await withIdentityPool();
  const { admin, issuer, poolId: IdentityPoolId } = world;
  const ann = await idOf(world, await world.login("ann"));
  const guest = await idOf(world);
  const described = await admin.send(new DescribeIdentityCommand({ IdentityId: ann }));
  expect(described).toMatchObject({ IdentityId: ann, Logins: [issuer.name], CreationDate: expect.any(Date) });
  const { Identities } = await admin.send(new ListIdentitiesCommand({ IdentityPoolId, MaxResults: 60 }));
  expect(Identities?.map(({ IdentityId }) => IdentityId).toSorted()).toEqual([ann, guest].toSorted());
  const IdentityIdsToDelete = [ann, guest, "us-east-1:0"];
  const deleted = await admin.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete }));
  expect(deleted.UnprocessedIdentityIds).toEqual([]);
  await expect(admin.send(new DescribeIdentityCommand({ IdentityId: ann }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  expect(await idOf(world, await world.login("ann"))).not.toBe(ann);
});

test("another account neither sees nor deletes an identity", async () => {
  const world = await withIdentityPool();
  const ann = await idOf(world, await world.login("ann"));
  const other = world.cloud.client(CognitoIdentityClient, world.cloud.rootOf("111111111111"));
  await expect(other.send(new DescribeIdentityCommand({ IdentityId: ann }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  // Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnprocessedIdentityId.html
  const deleting = await other.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: [ann] }));
  expect(deleting.UnprocessedIdentityIds).toEqual([{ IdentityId: ann, ErrorCode: "AccessDenied" }]);
  expect(await idOf(world, await world.login("ann"))).toBe(ann);
});

test("a policy can name the pool whose identities may be seen", async () => {
  const world = await withIdentityPool();
  const ann = await idOf(world, await world.login("ann"));
  const describeAs = async (name: string, poolId: string) => {
    const Condition = {
      ArnEquals: {
        "cognito-identity:IdentityPoolArn": `arn:aws:cognito-identity:us-east-1:000000000000:identitypool/${poolId}`,
      },
    };
    const Statement = [{ Effect: "Allow", Action: "cognito-identity:DescribeIdentity", Resource: "*", Condition }];
    const user = await makeUser(world.cloud, name, { allow: { Statement } });
    return world.cloud.client(CognitoIdentityClient, user).send(new DescribeIdentityCommand({ IdentityId: ann }));
  };
  await describeAs("eve", world.poolId);
  await expect(describeAs("mallory", "us-east-1:other")).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("a login that was taken away makes a new identity; one without any is nobody's", async () => {
  const world = await withIdentityPool();
  const { anyone, admin, issuer, poolId: IdentityPoolId } = world;
  const Logins = await world.login("ann");
  const IdentityId = await idOf(world, Logins);
  const unlink = (shown: Record<string, string>) =>
    anyone.send(new UnlinkIdentityCommand({ IdentityId, Logins: shown, LoginsToRemove: [issuer.name] }));
  await expect(unlink(await world.login("bob"))).rejects.toMatchObject(refused(/^Logins don't match\./));
  await expect(unlink({})).rejects.toMatchObject(refused(/^Logins don't match\./));
  await unlink(Logins);
  // Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkIdentity.html
  expect(await idOf(world, Logins)).not.toBe(IdentityId);
  await expect(again(world, IdentityId)).rejects.toMatchObject(refused(/is forbidden\.$/));
  const hidden = await admin.send(new ListIdentitiesCommand({ IdentityPoolId, MaxResults: 60, HideDisabled: true }));
  expect(hidden.Identities?.map((identity) => identity.IdentityId)).not.toContain(IdentityId);
});
