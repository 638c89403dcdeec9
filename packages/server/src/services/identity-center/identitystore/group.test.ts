import {
  CreateGroupCommand,
  CreateGroupMembershipCommand,
  DeleteGroupCommand,
  DeleteGroupMembershipCommand,
  DeleteUserCommand,
  DescribeGroupCommand,
  DescribeGroupMembershipCommand,
  GetGroupIdCommand,
  GetGroupMembershipIdCommand,
  IsMemberInGroupsCommand,
  ListGroupMembershipsCommand,
  ListGroupMembershipsForMemberCommand,
  ListGroupsCommand,
  UpdateGroupCommand,
} from "@aws-sdk/client-identitystore";
import { expect, test } from "vitest";
import { withIdentityCenter } from "../../../../test/identity-center.ts";

async function withGroup() {
  const center = await withIdentityCenter();
  const { store, IdentityStoreId } = center;
  const create = async (DisplayName: string) =>
    (await store.send(new CreateGroupCommand({ IdentityStoreId, DisplayName, Description: "who reads" }))).GroupId ??
    "";
  const GroupId = await create("readers");
  return {
    ...center,
    create,
    GroupId,
    on: { IdentityStoreId, GroupId },
    join: (UserId: string, group = GroupId) =>
      store.send(new CreateGroupMembershipCommand({ IdentityStoreId, GroupId: group, MemberId: { UserId } })),
    idOf: (AttributePath: string, AttributeValue: string) =>
      store.send(
        new GetGroupIdCommand({
          IdentityStoreId,
          AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
        }),
      ),
  };
}

/** Source: https://github.com/getmoto/moto/blob/master/tests/test_identitystore/test_identitystore.py */
const groupNotFound = { name: "ResourceNotFoundException", message: "GROUP not found.", ResourceType: "GROUP" };

test("a group is made, read, changed and deleted", async () => {
  const { store, on, idOf } = await withGroup();
  const describe = () => store.send(new DescribeGroupCommand(on));
  expect(await describe()).toMatchObject({ ...on, DisplayName: "readers", Description: "who reads" });
  const Operations = [{ AttributePath: "displayName", AttributeValue: "editors" }, { AttributePath: "description" }];
  await store.send(new UpdateGroupCommand({ ...on, Operations }));
  const group = await describe();
  expect(group.DisplayName).toBe("editors");
  expect(group.Description).toBeUndefined();
  await expect(idOf("displayName", "readers")).rejects.toMatchObject(groupNotFound);
  const bad = { ...on, Operations: [{ AttributePath: "members", AttributeValue: "x" }] };
  await expect(store.send(new UpdateGroupCommand(bad))).rejects.toMatchObject({ name: "ValidationException" });
  await store.send(new DeleteGroupCommand(on));
  await expect(describe()).rejects.toMatchObject(groupNotFound);
});

test("a group is found by its name, which no other has", async () => {
  const { create, GroupId, idOf, store, IdentityStoreId } = await withGroup();
  expect(await idOf("displayName", "readers")).toMatchObject({ GroupId });
  await expect(idOf("description", "x")).rejects.toMatchObject({ name: "ValidationException" });
  await expect(create("READERS")).rejects.toMatchObject({
    name: "ConflictException",
    message: "Duplicate GroupDisplayName",
    Reason: "UNIQUENESS_CONSTRAINT_VIOLATION",
  });
  await create("editors");
  const Filters = [{ AttributePath: "DisplayName", AttributeValue: "editors" }];
  const { Groups } = await store.send(new ListGroupsCommand({ IdentityStoreId, Filters }));
  expect(Groups).toMatchObject([{ DisplayName: "editors" }]);
  const first = await store.send(new ListGroupsCommand({ IdentityStoreId, MaxResults: 1 }));
  const rest = await store.send(new ListGroupsCommand({ IdentityStoreId, NextToken: first.NextToken }));
  expect([...(first.Groups ?? []), ...(rest.Groups ?? [])]).toHaveLength(2);
});

test("a member is in a group once, and seen from both sides", async () => {
  const { store, IdentityStoreId, GroupId, on, join, create, addUser } = await withGroup();
  const ann = await addUser("ann");
  const { MembershipId } = await join(ann);
  await expect(join(ann)).rejects.toMatchObject({ name: "ConflictException" });
  const MemberId = { UserId: ann };
  const membership = { IdentityStoreId, MembershipId, GroupId, MemberId };
  expect(await store.send(new DescribeGroupMembershipCommand({ IdentityStoreId, MembershipId }))).toMatchObject(
    membership,
  );
  expect(await store.send(new GetGroupMembershipIdCommand({ ...on, MemberId }))).toMatchObject({ MembershipId });
  const ofGroup = await store.send(new ListGroupMembershipsCommand(on));
  expect(ofGroup.GroupMemberships).toMatchObject([membership]);
  const ofMember = await store.send(new ListGroupMembershipsForMemberCommand({ IdentityStoreId, MemberId }));
  expect(ofMember.GroupMemberships).toMatchObject([membership]);
  const editors = await create("editors");
  const GroupIds = [GroupId, editors];
  const { Results } = await store.send(new IsMemberInGroupsCommand({ IdentityStoreId, MemberId, GroupIds }));
  expect(Results).toEqual([
    { GroupId, MemberId, MembershipExists: true },
    { GroupId: editors, MemberId, MembershipExists: false },
  ]);
  await store.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
  const gone = store.send(new GetGroupMembershipIdCommand({ ...on, MemberId }));
  await expect(gone).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("memberships go with the user and with the group", async () => {
  const { store, IdentityStoreId, on, join, create, addUser } = await withGroup();
  const [ann, bob] = [await addUser("ann"), await addUser("bob")];
  const editors = await create("editors");
  await join(ann);
  await join(bob);
  await join(bob, editors);
  await store.send(new DeleteUserCommand({ IdentityStoreId, UserId: ann }));
  expect((await store.send(new ListGroupMembershipsCommand(on))).GroupMemberships).toHaveLength(1);
  await store.send(new DeleteGroupCommand(on));
  const ofBob = await store.send(
    new ListGroupMembershipsForMemberCommand({ IdentityStoreId, MemberId: { UserId: bob } }),
  );
  expect(ofBob.GroupMemberships).toMatchObject([{ GroupId: editors }]);
});

test("who and what is not there is no member of anything", async () => {
  const { IdentityStoreId, GroupId, join, addUser, store } = await withGroup();
  const nobody = "11111111-2222-3333-4444-555555555555";
  await expect(join(nobody)).rejects.toMatchObject({ name: "ResourceNotFoundException", ResourceType: "USER" });
  await expect(join(await addUser("ann"), nobody)).rejects.toMatchObject(groupNotFound);
  const ask = new IsMemberInGroupsCommand({ IdentityStoreId, MemberId: { UserId: nobody }, GroupIds: [GroupId] });
  await expect(store.send(ask)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});
