import {
  CreateAccountAliasCommand,
  DeleteAccountAliasCommand,
  IAMClient,
  ListAccountAliasesCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

test("an account has one alias, and another takes its place", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const list = async () => (await iam.send(new ListAccountAliasesCommand({}))).AccountAliases;
  expect(await list()).toEqual([]);
  await iam.send(new CreateAccountAliasCommand({ AccountAlias: "acme" }));
  await iam.send(new CreateAccountAliasCommand({ AccountAlias: "acme-eu" }));
  expect(await list()).toEqual(["acme-eu"]);
  await expect(iam.send(new DeleteAccountAliasCommand({ AccountAlias: "acme" }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
  });
  await iam.send(new DeleteAccountAliasCommand({ AccountAlias: "acme-eu" }));
  expect(await list()).toEqual([]);
});

test("no two accounts have the same alias", async () => {
  // Source: https://docs.aws.amazon.com/signin/latest/userguide/account-alias.html
  const cloud = await testCloud();
  const one = cloud.client(IAMClient);
  const other = cloud.client(IAMClient, cloud.rootOf("111111111111"));
  await one.send(new CreateAccountAliasCommand({ AccountAlias: "acme" }));
  await expect(other.send(new CreateAccountAliasCommand({ AccountAlias: "acme" }))).rejects.toMatchObject({
    name: "EntityAlreadyExistsException",
    message: "The account alias acme already exists.",
  });
  await one.send(new DeleteAccountAliasCommand({ AccountAlias: "acme" }));
  await other.send(new CreateAccountAliasCommand({ AccountAlias: "acme" }));
});
