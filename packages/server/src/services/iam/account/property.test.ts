import { GetAccountPropertiesCommand, IAMClient, PutAccountPropertiesCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

test("an account has no properties", async () => {
  const iam = (await testCloud()).client(IAMClient);
  expect((await iam.send(new GetAccountPropertiesCommand({}))).Properties).toEqual({});
});

// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutAccountProperties.html (which are refused; the words are assumed)
test.each([
  [{ RoleManager: "true" }, "format Namespace/PropertyName"],
  [{ "A/x": "1", "B/x": "1" }, "same namespace"],
  [{ "RoleManager/Enabled": "true" }, "not supported"],
])("the properties %j are refused", async (Properties, words) => {
  const iam = (await testCloud()).client(IAMClient);
  const put = iam.send(new PutAccountPropertiesCommand({ Properties }));
  await expect(put).rejects.toMatchObject({ name: "InvalidInputException", message: expect.stringContaining(words) });
});
