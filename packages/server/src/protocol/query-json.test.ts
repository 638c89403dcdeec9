import { expect, test } from "vitest";
import { loadModel } from "../model/models.ts";
import { protocolOf } from "./protocols.ts";
import { asksForJson } from "./query-json.ts";
import { operationOf, REQUEST_ID } from "../../test/wire-request.ts";

const json = protocolOf(loadModel("sts"), "aws-query", "json");

const encode = (service: string, operation: string, output: object): unknown => {
  const { headers, body } = json.encodeOutput(operationOf(service, operation), output, REQUEST_ID);
  expect(headers["content-type"]).toBe("application/json");
  return JSON.parse(typeof body === "string" ? body : "");
};

const ResponseMetadata = { RequestId: REQUEST_ID };

// Source: https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/master/pkg/token/token.go (what it reads)
test("an answer has the names that it has in XML", () => {
  const output = { Account: "000000000000", UserId: "A&B", Arn: "arn:aws:iam::000000000000:root" };
  expect(encode("sts", "GetCallerIdentity", output)).toEqual({
    GetCallerIdentityResponse: { GetCallerIdentityResult: output, ResponseMetadata },
  });
  expect(encode("iam", "DeleteRole", {})).toEqual({ DeleteRoleResponse: { ResponseMetadata } });
});

// Source: https://github.com/JuliaCloud/AWS.jl/pull/127 (nulls), https://github.com/envoyproxy/envoy/issues/33806 (Expiration is read as a number)
test("what is not there is null, and times are seconds", () => {
  const Credentials = {
    AccessKeyId: "A",
    SecretAccessKey: "s",
    SessionToken: "t",
    Expiration: new Date(1_700_000_000_000),
  };
  expect(encode("sts", "AssumeRole", { Credentials })).toMatchObject({
    AssumeRoleResponse: {
      AssumeRoleResult: {
        Credentials: { ...Credentials, Expiration: 1_700_000_000 },
        AssumedRoleUser: null,
        PackedPolicySize: null,
        SourceIdentity: null,
      },
      ResponseMetadata,
    },
  });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_get_list_queues_fails_json_format, run against AWS)
test("an error has its code, its message and whose fault it is", () => {
  const failure = { code: "NoSuchEntityException", message: "The role <x> cannot be found.", fields: {} };
  const { status, body } = json.encodeError(failure, loadModel("iam"), REQUEST_ID);
  expect(status).toBe(404);
  expect(JSON.parse(typeof body === "string" ? body : "")).toEqual({
    Error: { Code: "NoSuchEntity", Message: "The role <x> cannot be found.", Type: "Sender" },
    RequestId: REQUEST_ID,
  });
});

test("it is asked for with a header or a parameter", () => {
  expect(asksForJson({ headers: { accept: "application/json" } }, "Action=ListUsers")).toBe(true);
  expect(asksForJson({ headers: {} }, "Action=ListUsers&ContentType=JSON")).toBe(true);
  expect(asksForJson({ headers: { accept: "*/*" } }, "Action=ListUsers")).toBe(false);
});
