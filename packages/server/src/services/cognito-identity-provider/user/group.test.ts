import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminListGroupsForUserCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  InitiateAuthCommand,
  ListGroupsCommand,
  ListUsersInGroupCommand,
  UpdateGroupCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { claimsOf, makePool, type TestPool } from "../../../../test/user-pools.ts";

const PASSWORD = "Correct-horse-1";
const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`;

const makeGroup = ({ idp, poolId: UserPoolId }: TestPool, GroupName: string, Precedence?: number, RoleArn?: string) =>
  idp.send(new CreateGroupCommand({ UserPoolId, GroupName, Precedence, RoleArn }));

const join = ({ idp, poolId: UserPoolId }: TestPool, GroupName: string, Username = "ada") =>
  idp.send(new AdminAddUserToGroupCommand({ UserPoolId, GroupName, Username }));

async function identityOf({ idp, clientId: ClientId }: TestPool) {
  const { AuthenticationResult } = await idp.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "ada", PASSWORD },
    }),
  );
  return claimsOf(AuthenticationResult?.IdToken);
}

test("the roles of a user's groups are in their token, the one of the lowest precedence first", async () => {
  const pool = await makePool();
  await pool.makeUser("ada", PASSWORD);
  await makeGroup(pool, "readers", 10, role("read"));
  await makeGroup(pool, "writers", 1, role("write"));
  await makeGroup(pool, "guests");
  for (const name of ["guests", "readers", "writers"]) await join(pool, name);
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html
  expect(await identityOf(pool)).toMatchObject({
    "cognito:groups": ["writers", "readers", "guests"],
    "cognito:roles": [role("write"), role("read")],
    "cognito:preferred_role": role("write"),
  });
  const { Groups } = await pool.idp.send(
    new AdminListGroupsForUserCommand({ UserPoolId: pool.poolId, Username: "ada" }),
  );
  expect(Groups?.map(({ GroupName }) => GroupName)).toEqual(["writers", "readers", "guests"]);
});

test("two groups that count the same leave no preferred role, unless they have the same", async () => {
  const pool = await makePool();
  await pool.makeUser("ada", PASSWORD);
  await makeGroup(pool, "readers", 1, role("read"));
  await makeGroup(pool, "writers", 1, role("write"));
  await join(pool, "readers");
  await join(pool, "writers");
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html
  expect(await identityOf(pool)).not.toHaveProperty("cognito:preferred_role");
  const same = { UserPoolId: pool.poolId, GroupName: "writers", RoleArn: role("read") };
  await pool.idp.send(new UpdateGroupCommand(same));
  expect(await identityOf(pool)).toMatchObject({ "cognito:preferred_role": role("read") });
});

test("groups and their users come in pages, and go with each other", async () => {
  const pool = await makePool();
  const { idp, poolId: UserPoolId } = pool;
  await makeGroup(pool, "readers");
  await makeGroup(pool, "writers");
  await expect(makeGroup(pool, "readers")).rejects.toMatchObject({ name: "GroupExistsException" });
  for (const name of ["ada", "bob", "cy"]) {
    await pool.makeUser(name, PASSWORD);
    await join(pool, "readers", name);
  }
  const first = await idp.send(new ListGroupsCommand({ UserPoolId, Limit: 1 }));
  const second = await idp.send(new ListGroupsCommand({ UserPoolId, Limit: 1, NextToken: first.NextToken }));
  expect([...(first.Groups ?? []), ...(second.Groups ?? [])].map(({ GroupName }) => GroupName)).toEqual([
    "readers",
    "writers",
  ]);
  expect(second).not.toHaveProperty("NextToken");
  await idp.send(new AdminDeleteUserCommand({ UserPoolId, Username: "bob" }));
  const listed = new ListUsersInGroupCommand({ UserPoolId, GroupName: "readers" });
  expect((await idp.send(listed)).Users?.map(({ Username }) => Username)).toEqual(["ada", "cy"]);
  await idp.send(new DeleteGroupCommand({ UserPoolId, GroupName: "readers" }));
  await expect(idp.send(listed)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Group not found.",
  });
  expect(await identityOf(pool)).not.toHaveProperty("cognito:groups");
});

test("a user's groups come in pages, also when the last one shown is gone meanwhile", async () => {
  const pool = await makePool();
  const { idp, poolId: UserPoolId } = pool;
  await pool.makeUser("ada", PASSWORD);
  const precedences = { tenth: 10, second: 2, a: undefined, b: undefined };
  for (const [name, precedence] of Object.entries(precedences)) {
    await makeGroup(pool, name, precedence);
    await join(pool, name);
  }
  const shown: unknown[] = [];
  let NextToken: string | undefined;
  do {
    const list = new AdminListGroupsForUserCommand({ UserPoolId, Username: "ada", Limit: 1, NextToken });
    const { Groups = [], NextToken: next } = await idp.send(list);
    const [{ GroupName } = {}] = Groups;
    shown.push(GroupName);
    if (GroupName === "tenth") await idp.send(new DeleteGroupCommand({ UserPoolId, GroupName }));
    NextToken = next;
  } while (NextToken !== undefined && shown.length < 9);
  expect(shown).toEqual(["second", "tenth", "a", "b"]);
});
