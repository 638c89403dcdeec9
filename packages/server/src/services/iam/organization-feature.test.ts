import {
  DisableOrganizationsRootCredentialsManagementCommand,
  DisableOrganizationsRootSessionsCommand,
  EnableOrganizationsRootCredentialsManagementCommand,
  EnableOrganizationsRootSessionsCommand,
  IAMClient,
  ListOrganizationsFeaturesCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";

test("an account that is in no organization has none of its features", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html
  const iam = (await testCloud()).client(IAMClient);
  const notFound = { name: "OrganizationNotFoundException" };
  await expect(iam.send(new EnableOrganizationsRootCredentialsManagementCommand({}))).rejects.toMatchObject(notFound);
  await expect(iam.send(new DisableOrganizationsRootCredentialsManagementCommand({}))).rejects.toMatchObject(notFound);
  await expect(iam.send(new EnableOrganizationsRootSessionsCommand({}))).rejects.toMatchObject(notFound);
  await expect(iam.send(new DisableOrganizationsRootSessionsCommand({}))).rejects.toMatchObject(notFound);
  await expect(iam.send(new ListOrganizationsFeaturesCommand({}))).rejects.toMatchObject(notFound);
});
