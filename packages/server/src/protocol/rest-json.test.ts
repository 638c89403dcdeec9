import { describe, expect, test } from "vitest";
import { loadModel } from "../model/models.ts";
import { restJson } from "./rest-json.ts";
import { operationOf, REQUEST_ID, requestOf, type Written } from "../../test/wire-request.ts";

const decode = (operation: string, written: Written, labels: Record<string, string> = {}) =>
  restJson.decodeInput(operationOf("lambda", operation), requestOf(written), labels);

describe("an input", () => {
  test("comes from path, query, headers and body", () => {
    const headers = { "x-amz-invocation-type": "Event" };
    expect(decode("Invoke", { headers, query: "Qualifier=live", body: '{"a":1}' }, { FunctionName: "f" })).toEqual({
      FunctionName: "f",
      InvocationType: "Event",
      Qualifier: "live",
      Payload: Buffer.from('{"a":1}'),
    });
  });

  test("has lists and leftovers of the query", () => {
    const backup = operationOf("lambda", "UntagResource");
    const request = requestOf({ query: "tagKeys=a&tagKeys=b%20c" });
    expect(restJson.decodeInput(backup, request, { Resource: "arn" })).toEqual({
      Resource: "arn",
      TagKeys: ["a", "b c"],
    });
  });

  test("needs no body, but a JSON one where there is any", () => {
    expect(decode("CreateFunction", {})).toEqual({});
    expect(() => decode("CreateFunction", { body: "<xml/>" })).toThrow(
      expect.objectContaining({ code: "SerializationException" }),
    );
    expect(() => decode("CreateFunction", { body: '{"Timeout":"x"}' })).toThrow("STRING_VALUE");
  });

  test("of another type in the query is refused", () => {
    expect(() => decode("ListFunctions", { query: "MaxItems=many" })).toThrow(
      expect.objectContaining({ code: "SerializationException" }),
    );
  });
});

describe("an answer", () => {
  test("has a status that a member names, headers, and a payload as it is", () => {
    const output = { StatusCode: 202, ExecutedVersion: "$LATEST", Payload: Buffer.from("x") };
    expect(restJson.encodeOutput(operationOf("lambda", "Invoke"), output, REQUEST_ID)).toEqual({
      status: 202,
      headers: {
        "x-amzn-requestid": REQUEST_ID,
        "x-amz-executed-version": "$LATEST",
        // Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (the payload is JSON)
        "content-type": "application/json",
      },
      body: Buffer.from("x"),
    });
  });

  test("has the status of its model where no member names one", () => {
    const { status } = restJson.encodeOutput(operationOf("lambda", "CreateFunction"), {}, REQUEST_ID);
    // Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    expect(status).toBe(201);
  });

  test("says an error's name in a header", () => {
    const failure = { code: "ResourceNotFoundException", message: "Function not found", fields: { Type: "User" } };
    expect(restJson.encodeError(failure, loadModel("lambda"), REQUEST_ID)).toEqual({
      status: 404,
      headers: {
        "content-type": "application/json",
        "x-amzn-requestid": REQUEST_ID,
        "x-amzn-errortype": "ResourceNotFoundException",
      },
      body: '{"Type":"User","Message":"Function not found"}',
    });
  });
});
