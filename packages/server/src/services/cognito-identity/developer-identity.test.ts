import {
  GetIdCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  LookupDeveloperIdentityCommand,
  MergeDeveloperIdentitiesCommand,
  UnlinkDeveloperIdentityCommand,
} from "@aws-sdk/client-cognito-identity";
import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import { withIdentityPool } from "../../../test/identity-pools.ts";

const DeveloperProviderName = "login.example";

async function withUsers() {
  const world = await withIdentityPool();
  const { admin, poolId: IdentityPoolId } = world;
  const enter = (user: string, more: { IdentityId?: string; Logins?: Record<string, string> } = {}) =>
    admin.send(
      new GetOpenIdTokenForDeveloperIdentityCommand({
        IdentityPoolId,
        ...more,
        Logins: { [DeveloperProviderName]: user, ...more.Logins },
      }),
    );
  const lookup = (more: { IdentityId?: string; DeveloperUserIdentifier?: string; MaxResults?: number }) =>
    admin.send(new LookupDeveloperIdentityCommand({ IdentityPoolId, ...more }));
  const merge = (SourceUserIdentifier: string, DestinationUserIdentifier: string) =>
    admin.send(
      new MergeDeveloperIdentitiesCommand({
        IdentityPoolId,
        DeveloperProviderName,
        SourceUserIdentifier,
        DestinationUserIdentifier,
      }),
    );
  return { ...world, enter, lookup, merge };
}

test("a user of the developer's has one identity, whose token names the user", async () => {
  const { enter, poolId } = await withUsers();
  const { IdentityId, Token } = await enter("user-1");
  expect((await enter("user-1")).IdentityId).toBe(IdentityId);
  const { amr, exp, iat, ...claims } = decodeJwt(Token ?? "");
  expect(claims).toEqual({ iss: "https://cognito-identity.amazonaws.com", aud: poolId, sub: IdentityId });
  expect(amr).toEqual(expect.arrayContaining(["authenticated", DeveloperProviderName]));
  // Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html (15 minutes)
  expect(Number(exp) - Number(iat)).toBe(900);
});

test("a token lasts as long as it was asked for, a day at most, and has the tags it was asked for", async () => {
  const { admin, poolId: IdentityPoolId } = await withUsers();
  const ask = (TokenDuration: number) =>
    admin.send(
      new GetOpenIdTokenForDeveloperIdentityCommand({
        IdentityPoolId,
        Logins: { [DeveloperProviderName]: "user-1" },
        PrincipalTags: { team: "maps" },
        TokenDuration,
      }),
    );
  const claims = decodeJwt((await ask(86_400)).Token ?? "");
  expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(86_400);
  expect(claims["https://aws.amazon.com/tags"]).toEqual({ principal_tags: { team: ["maps"] } });
  await expect(ask(86_401)).rejects.toMatchObject({ name: "ValidationException" });
});

test("a guest becomes a user, and a user stays out of others' identities", async () => {
  const { enter, anyone, poolId: IdentityPoolId } = await withUsers();
  const { IdentityId = "" } = await anyone.send(new GetIdCommand({ IdentityPoolId }));
  expect((await enter("user-1", { IdentityId })).IdentityId).toBe(IdentityId);
  const { IdentityId: other = "" } = await anyone.send(new GetIdCommand({ IdentityPoolId }));
  await expect(enter("user-1", { IdentityId: other })).rejects.toMatchObject({
    name: "DeveloperUserAlreadyRegisteredException",
    message: "The provided developer user identifier is already registered with Cognito under a different identity ID.",
  });
});

test("the developer's login has to be among the logins", async () => {
  const { admin, login, poolId: IdentityPoolId } = await withUsers();
  const Logins = await login("ann");
  await expect(
    admin.send(new GetOpenIdTokenForDeveloperIdentityCommand({ IdentityPoolId, Logins })),
  ).rejects.toMatchObject({ name: "InvalidParameterException" });
});

test("users and identities are looked up by each other", async () => {
  const { enter, lookup } = await withUsers();
  const { IdentityId } = await enter("user-1");
  const other = await enter("user-2");
  const found = { IdentityId, DeveloperUserIdentifierList: ["user-1"] };
  expect(await lookup({ DeveloperUserIdentifier: "user-1" })).toMatchObject(found);
  expect(await lookup({ IdentityId: IdentityId ?? "" })).toMatchObject(found);
  // Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_LookupDeveloperIdentity.html
  await expect(lookup({ DeveloperUserIdentifier: "user-1", IdentityId: other.IdentityId ?? "" })).rejects.toMatchObject(
    { name: "ResourceConflictException" },
  );
  await expect(lookup({})).rejects.toMatchObject({ name: "InvalidParameterException" });
  await expect(lookup({ DeveloperUserIdentifier: "user-3" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("two users who are merged have one identity, and are listed page by page", async () => {
  const { admin, enter, lookup, merge, poolId: IdentityPoolId } = await withUsers();
  const source = await enter("user-1");
  const { IdentityId = "" } = await enter("user-2");
  expect((await merge("user-1", "user-2")).IdentityId).toBe(IdentityId);
  expect((await enter("user-1")).IdentityId).toBe(IdentityId);
  expect((await enter("user-2")).IdentityId).not.toBe(source.IdentityId);
  const first = await lookup({ IdentityId, MaxResults: 1 });
  expect(first.DeveloperUserIdentifierList).toEqual(["user-1"]);
  const rest = await admin.send(
    new LookupDeveloperIdentityCommand({ IdentityPoolId, IdentityId, MaxResults: 1, NextToken: first.NextToken }),
  );
  expect(rest.DeveloperUserIdentifierList).toEqual(["user-2"]);
  expect(rest.NextToken).toBeUndefined();
});

test("an identity that became another one's is not taken up again", async () => {
  const { enter, merge } = await withUsers();
  const { IdentityId = "" } = await enter("user-1");
  await enter("user-2");
  await merge("user-1", "user-2");
  await expect(enter("user-3", { IdentityId })).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("users who are two at one public provider are not merged, nor more than twenty logins", async () => {
  const { enter, merge, login } = await withUsers();
  await enter("user-1", { Logins: await login("ann") });
  await enter("user-2", { Logins: await login("bob") });
  // Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_MergeDeveloperIdentities.html
  await expect(merge("user-1", "user-2")).rejects.toMatchObject({ name: "ResourceConflictException" });
  for (let index = 0; index < 18; index++) {
    await enter(`more-${index}`);
    await merge(`more-${index}`, "user-1");
  }
  await enter("last");
  await expect(merge("last", "user-1")).rejects.toMatchObject({ name: "InvalidParameterException" });
});

test("a user who was unlinked is a new one", async () => {
  const { admin, enter, poolId: IdentityPoolId } = await withUsers();
  const { IdentityId = "" } = await enter("user-1");
  const other = await enter("user-2");
  const unlink = (DeveloperUserIdentifier: string, name = DeveloperProviderName) =>
    admin.send(
      new UnlinkDeveloperIdentityCommand({
        IdentityPoolId,
        IdentityId,
        DeveloperProviderName: name,
        DeveloperUserIdentifier,
      }),
    );
  await expect(unlink("user-2")).rejects.toMatchObject({ name: "ResourceConflictException" });
  await expect(unlink("user-1", "other")).rejects.toMatchObject({ name: "InvalidParameterException" });
  await unlink("user-1");
  expect((await enter("user-1")).IdentityId).not.toBe(IdentityId);
  expect((await enter("user-2")).IdentityId).toBe(other.IdentityId);
});
