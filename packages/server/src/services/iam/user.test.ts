import { CreateUserCommand, GetUserCommand, IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";

test("a user is made under its path and found again", async () => {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  const { User } = await iam.send(new CreateUserCommand({ UserName: "ann", Path: "/dev/" }));
  expect(User).toMatchObject({ UserName: "ann", Path: "/dev/", Arn: "arn:aws:iam::000000000000:user/dev/ann" });
  expect(User?.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
  expect((await iam.send(new GetUserCommand({ UserName: "ANN" }))).User).toEqual(User);
  expect((await iam.send(new ListUsersCommand({ PathPrefix: "/dev" }))).Users).toHaveLength(1);
});
