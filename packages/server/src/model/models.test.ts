import { describe, expect, test } from "vitest";
import { loadModel, serviceIndex } from "./models.ts";
import { UNIT } from "./shape.ts";

test("the index has what routing needs of every service", () => {
  const sqs = serviceIndex().find(({ id }) => id === "sqs");
  expect(sqs).toMatchObject({
    signingName: "sqs",
    targetPrefix: "AmazonSQS",
    protocols: ["aws-json-1.0", "aws-query"],
  });
});

test("every service of the index has a model of at least one operation", () => {
  expect(serviceIndex().filter(({ id }) => loadModel(id).operationNames.length === 0)).toEqual([]);
});

test("a model is read once", () => {
  expect(loadModel("sts")).toBe(loadModel("sts"));
});

test("a service without a model is our own mistake", () => {
  expect(() => loadModel("../../package")).toThrow("has no model");
});

describe("an operation", () => {
  test("has its members with their limits and whether they are required", () => {
    const roleName = loadModel("iam").operation("CreateRole")?.input.byName.get("RoleName");
    // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    expect(roleName).toMatchObject({ required: true, limits: { min: 1, max: 64, pattern: "[\\w+=,.@-]+" } });
  });

  test("lists its errors", () => {
    const names = loadModel("iam")
      .operation("CreateRole")
      ?.errors.map(({ name }) => name);
    // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html#API_CreateRole_Errors
    expect(names).toEqual([
      "ConcurrentModificationException",
      "EntityAlreadyExistsException",
      "InvalidInputException",
      "LimitExceededException",
      "MalformedPolicyDocumentException",
      "ServiceFailureException",
    ]);
  });

  test("without input or output has the empty shape", () => {
    expect(loadModel("iam").operation("DeleteRole")?.output).toBe(UNIT);
  });

  test("knows which member of it streams", () => {
    expect(loadModel("s3").operation("PutObject")?.streamingInput?.name).toBe("Body");
    expect(loadModel("s3").operation("GetObject")?.streamingOutput?.name).toBe("Body");
    expect(loadModel("lambda").operation("Invoke")?.streamingInput).toBeUndefined();
  });

  test("knows how it is paged", () => {
    const paginator = { inputToken: "Marker", outputToken: "Marker", pageSize: "MaxItems" };
    expect(loadModel("iam").operation("ListRoles")?.paginator).toEqual(paginator);
    expect(loadModel("iam").operation("GetRole")?.paginator).toBeUndefined();
  });

  test.each(["constructor", "__proto__", "toString", "GetNothing"])("of the name %s there is none", (name) => {
    expect(loadModel("iam").operation(name)).toBeUndefined();
    expect(loadModel("iam").error(name)).toBeUndefined();
  });
});

test("an error is found by its name and by its Query code", () => {
  const model = loadModel("iam");
  expect(model.error("NoSuchEntityException")).toBe(model.error("NoSuchEntity"));
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html#API_GetRole_Errors
  expect(model.error("NoSuchEntity")?.traits.awsQueryError).toEqual(["NoSuchEntity", 404]);
});

test("a shape that holds itself is linked only as far as someone goes", () => {
  const item = loadModel("dynamodb").operation("PutItem")?.input.byName.get("Item");
  const value = item?.shape.kind === "map" ? item.shape.value.shape : undefined;
  const list = value?.kind === "union" ? value.byName.get("L")?.shape : undefined;
  expect(list?.kind === "list" ? list.member.shape : undefined).toBe(value);
});

test("a member's own traits stand over those of its shape", () => {
  const body = loadModel("s3").operation("PutObject")?.input.byName.get("Body");
  expect(body?.traits).toMatchObject({ httpPayload: 1 });
});
