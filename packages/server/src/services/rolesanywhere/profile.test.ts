import "reflect-metadata";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { anywhere, rolesAnywhere } from "../../../test/roles-anywhere.ts";

test("a profile is made, shown, changed, turned off and on, and removed", async () => {
  const { call, profileId, roleArn } = await anywhere();
  const path = `/profile/${profileId}`;
  const { profile } = (await call("GET", path)).answer;
  expect(profile).toMatchObject({ name: "workers", enabled: true, roleArns: [roleArn], durationSeconds: 3600 });
  const changed = await call("PATCH", path, { name: "builders", durationSeconds: 900, acceptRoleSessionName: true });
  expect(changed.answer.profile).toMatchObject({ name: "builders", durationSeconds: 900, acceptRoleSessionName: true });
  expect((await call("POST", `${path}/disable`)).answer.profile).toMatchObject({ enabled: false });
  expect((await call("GET", "/profiles")).answer.profiles).toHaveLength(1);
  expect((await call("DELETE", path)).status).toBe(200);
  expect((await call("GET", path)).status).toBe(404);
});

test("profiles come page by page", async () => {
  const { call, roleArn } = await anywhere();
  for (const name of ["a", "b", "c"]) await call("POST", "/profiles", { name, roleArns: [roleArn] });
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const query = { pageSize: "1", ...(nextToken !== undefined && { nextToken }) };
    const { answer } = await call("GET", "/profiles", undefined, query);
    names.push(...answer.profiles.map(({ name }: { name: string }) => name));
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
  expect(names.toSorted()).toEqual(["a", "b", "c", "workers"]);
  expect((await call("GET", "/profiles", undefined, { nextToken: "x" })).status).toBe(400);
});

test("who puts a role into a profile has to be allowed to pass it", async () => {
  const { cloud, roleArn } = await anywhere();
  const clerk = rolesAnywhere(cloud, await makeUser(cloud, "clerk", { allow: ["rolesanywhere:*"] }));
  expect((await clerk("POST", "/profiles", { name: "mine", roleArns: [roleArn] })).status).toBe(403);
  const Statement = [
    { Effect: "Allow", Action: "rolesanywhere:*", Resource: "*" },
    {
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: roleArn,
      Condition: { StringEquals: { "iam:PassedToService": "rolesanywhere.amazonaws.com" } },
    },
  ];
  const passer = rolesAnywhere(cloud, await makeUser(cloud, "passer", { allow: { Statement } }));
  expect((await passer("POST", "/profiles", { name: "mine", roleArns: [roleArn] })).status).toBe(201);
});

test("attributes are mapped as the documentation says, until the account maps them otherwise", async () => {
  // Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/attribute-mapping.html
  const { call, profileId } = await anywhere();
  const path = `/profiles/${profileId}/mappings`;
  const shown = (await call("GET", `/profile/${profileId}`)).answer.profile.attributeMappings;
  expect(shown).toEqual([
    { certificateField: "x509Issuer", mappingRules: [{ specifier: "*" }] },
    {
      certificateField: "x509SAN",
      mappingRules: [{ specifier: "DNS" }, { specifier: "URI" }, { specifier: "Name/*" }],
    },
    { certificateField: "x509Subject", mappingRules: [{ specifier: "*" }] },
  ]);
  const put = { certificateField: "x509SAN", mappingRules: [{ specifier: "Name" }] };
  const changed = (await call("PUT", path, put)).answer.profile.attributeMappings;
  expect(changed[1]).toEqual({ certificateField: "x509SAN", mappingRules: [{ specifier: "Name/*" }] });
  const gone = await call("DELETE", path, undefined, { certificateField: "x509Issuer" });
  expect(gone.answer.profile.attributeMappings).toHaveLength(2);
  expect((await call("DELETE", path, undefined, { certificateField: "x509Issuer" })).status).toBe(404);
  const wrong = { certificateField: "x509SAN", mappingRules: [{ specifier: "*" }] };
  expect((await call("PUT", path, wrong)).status).toBe(400);
});

test("what is not mapped is no tag of the session", async () => {
  // Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/attribute-mapping-and-trust-policy.html
  const condition = { StringEquals: { "aws:PrincipalTag/x509Issuer/CN": "Root" } };
  const { call, ask, profileId } = await anywhere({ condition });
  expect((await ask()).status).toBe(201);
  const put = { certificateField: "x509Issuer", mappingRules: [{ specifier: "OU" }] };
  await call("PUT", `/profiles/${profileId}/mappings`, put);
  expect((await ask()).status).toBe(403);
});
