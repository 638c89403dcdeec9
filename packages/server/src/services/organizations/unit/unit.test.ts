import {
  CreateOrganizationalUnitCommand,
  DeleteOrganizationalUnitCommand,
  DescribeOrganizationalUnitCommand,
  ListOrganizationalUnitsForParentCommand,
  UpdateOrganizationalUnitCommand,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { makeOrganization, MANAGEMENT } from "../../../../test/organizations.ts";

test("a unit has its root's letters in its id, and its path", async () => {
  const { client, organizationId, rootId, makeUnit } = await makeOrganization();
  const outer = await makeUnit("outer");
  const OrganizationalUnitId = await makeUnit("inner", outer);
  const { OrganizationalUnit } = await client.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId }));
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html
  expect(OrganizationalUnitId).toMatch(new RegExp(`^ou-${rootId.slice(2)}-[a-z0-9]{8,32}$`));
  expect(OrganizationalUnit).toEqual({
    Id: OrganizationalUnitId,
    Arn: `arn:aws:organizations::${MANAGEMENT}:ou/${organizationId}/${OrganizationalUnitId}`,
    Name: "inner",
    Path: `${organizationId}/${rootId}/${outer}/${OrganizationalUnitId}/`,
  });
});

test("units lie five deep at the most", async () => {
  const { rootId, makeUnit } = await makeOrganization();
  let parent = rootId;
  for (const name of ["a", "b", "c", "d", "e"]) parent = await makeUnit(name, parent);
  // Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
  await expect(makeUnit("f", parent)).rejects.toMatchObject({
    name: "ConstraintViolationException",
    Reason: "OU_DEPTH_LIMIT_EXCEEDED",
  });
});

test("the names in one parent differ", async () => {
  const { client, makeUnit } = await makeOrganization();
  const one = await makeUnit("one");
  const two = await makeUnit("two");
  await makeUnit("one", two);
  const duplicate = { name: "DuplicateOrganizationalUnitException" };
  await expect(makeUnit("one")).rejects.toMatchObject(duplicate);
  const rename = (Name: string) =>
    client.send(new UpdateOrganizationalUnitCommand({ OrganizationalUnitId: one, Name }));
  await expect(rename("two")).rejects.toMatchObject(duplicate);
  expect((await rename("three")).OrganizationalUnit?.Name).toBe("three");
});

test("a unit is deleted when it is empty", async () => {
  const { client, rootId, makeAccount, makeUnit, move } = await makeOrganization();
  const OrganizationalUnitId = await makeUnit("one");
  const account = await makeAccount("dev", OrganizationalUnitId);
  const remove = new DeleteOrganizationalUnitCommand({ OrganizationalUnitId });
  await expect(client.send(remove)).rejects.toMatchObject({ name: "OrganizationalUnitNotEmptyException" });
  await move(account, rootId);
  await client.send(remove);
  await expect(client.send(remove)).rejects.toMatchObject({ name: "OrganizationalUnitNotFoundException" });
  const { OrganizationalUnits } = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId: rootId }));
  expect(OrganizationalUnits).toEqual([]);
});

test("a parent that there is not has no units", async () => {
  const { client } = await makeOrganization();
  const ParentId = "ou-none-12345678";
  const notFound = { name: "ParentNotFoundException" };
  await expect(client.send(new ListOrganizationalUnitsForParentCommand({ ParentId }))).rejects.toMatchObject(notFound);
  await expect(client.send(new CreateOrganizationalUnitCommand({ ParentId, Name: "x" }))).rejects.toMatchObject(
    notFound,
  );
});
