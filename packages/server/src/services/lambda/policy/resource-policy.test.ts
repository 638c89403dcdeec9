import {
  AddPermissionCommand,
  DeleteResourcePolicyCommand,
  GetPolicyCommand,
  GetResourcePolicyCommand,
  InvokeCommand,
  LambdaClient,
  PutResourcePolicyCommand,
  RemovePermissionCommand,
} from "@aws-sdk/client-lambda";
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { functionWorld, type FunctionWorld } from "../../../../test/functions.ts";

// Source of all: https://docs.aws.amazon.com/lambda/latest/api/API_PutResourcePolicy.html

const ARN = "arn:aws:lambda:us-east-1:000000000000:function:f";

async function world() {
  const made = await functionWorld();
  await made.create("f", "export const handler = async () => 1;");
  const put = (Statement: readonly object[], RevisionId?: string) =>
    made.lambda.send(
      new PutResourcePolicyCommand({
        ResourceArn: ARN,
        Policy: JSON.stringify({ Version: "2012-10-17", Statement }),
        ...(RevisionId !== undefined && { RevisionId }),
      }),
    );
  const read = () => made.lambda.send(new GetResourcePolicyCommand({ ResourceArn: ARN }));
  return { ...made, put, read };
}

async function user({ iam, cloud }: FunctionWorld): Promise<LambdaClient> {
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  const Statement = [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: "*" }];
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "own", PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
  return cloud.client(LambdaClient, AccessKey ?? {});
}

const DENIES_ANN = {
  Sid: "not-ann",
  Effect: "Deny",
  Principal: { AWS: "arn:aws:iam::000000000000:user/ann" },
  Action: "lambda:InvokeFunction",
  Resource: ARN,
};

test("a policy that is put as a whole may deny, and is held to", async () => {
  const made = await world();
  const ann = await user(made);
  const invoke = () => ann.send(new InvokeCommand({ FunctionName: "f" }));
  expect(await invoke()).toMatchObject({ StatusCode: 200 });
  await made.put([DENIES_ANN]);
  await expect(invoke()).rejects.toThrow(/with an explicit deny in a resource-based policy/);
  await made.lambda.send(new DeleteResourcePolicyCommand({ ResourceArn: ARN }));
  expect(await invoke()).toMatchObject({ StatusCode: 200 });
  await expect(made.read()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("it takes the place of what was added, and is added to", async () => {
  const { lambda, put, read } = await world();
  const added = { FunctionName: "f", Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com" };
  await lambda.send(new AddPermissionCommand({ ...added, StatementId: "before" }));
  const { RevisionId } = await lambda.send(new GetPolicyCommand({ FunctionName: "f" }));
  await expect(put([DENIES_ANN], "wrong")).rejects.toMatchObject({ name: "PreconditionFailedException" });
  await expect(put([DENIES_ANN], RevisionId)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  const denies = { ...DENIES_ANN, Principal: "*" };
  await put([denies], RevisionId);
  await lambda.send(new AddPermissionCommand({ ...added, StatementId: "after" }));
  const { Policy = "" } = await read();
  expect(JSON.parse(Policy)).toMatchObject({ Statement: [denies, { Sid: "after", Effect: "Allow" }] });
  await lambda.send(new RemovePermissionCommand({ FunctionName: "f", StatementId: "not-ann" }));
  const { Policy: left = "" } = await read();
  expect(JSON.parse(left)).toMatchObject({ Statement: [{ Sid: "after" }] });
});

test("what is no policy of a function, or of no function, is refused", async () => {
  const { put, lambda } = await world();
  const refused = { name: "InvalidParameterValueException" };
  await expect(put([{ Effect: "Perhaps" }])).rejects.toMatchObject(refused);
  await expect(put([{ ...DENIES_ANN, Principal: "*", Action: "lambda:Fly" }])).rejects.toMatchObject(refused);
  await expect(lambda.send(new GetResourcePolicyCommand({ ResourceArn: "f" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  const none = { ResourceArn: `${ARN}x`, Policy: JSON.stringify({ Version: "2012-10-17", Statement: [] }) };
  await expect(lambda.send(new PutResourcePolicyCommand(none))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});
