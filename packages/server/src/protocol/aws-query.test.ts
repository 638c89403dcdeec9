import { describe, expect, test } from "vitest";
import { loadModel } from "../model/models.ts";
import { awsQuery } from "./aws-query.ts";
import { ec2Query } from "./ec2-query.ts";
import { operationOf, REQUEST_ID, requestOf } from "../../test/wire-request.ts";

const decode = (operation: string, body: string) =>
  awsQuery.decodeInput(operationOf("iam", operation), requestOf({ body }), {});

describe("an AWS Query input", () => {
  test("is read from the body, and from the query where there is none", () => {
    const form = "Action=GetRole&Version=2010-05-08&RoleName=a%20b";
    expect(decode("GetRole", form)).toEqual({ RoleName: "a b" });
    const request = requestOf({ method: "GET", query: form });
    expect(awsQuery.decodeInput(operationOf("iam", "GetRole"), request, {})).toEqual({ RoleName: "a b" });
  });

  test("with a value of another type is malformed", () => {
    expect(() => decode("ListRoles", "MaxItems=many")).toThrow(expect.objectContaining({ code: "MalformedInput" }));
    // Source: https://github.com/boto/boto/issues/309
    expect(() => decode("ChangePassword", "x=%")).toThrow(expect.objectContaining({ code: "MalformedQueryString" }));
    expect(() => decode("UpdateAccountPasswordPolicy", "RequireSymbols=True")).toThrow(
      expect.objectContaining({ code: "MalformedInput", message: "boolean must follow xsd1.1 definition" }),
    );
  });
});

describe("an AWS Query answer", () => {
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html (the sample's form)
  test("wraps its members twice", () => {
    const output = { Account: "000000000000", UserId: "A&B", Arn: "arn:aws:iam::000000000000:root" };
    expect(awsQuery.encodeOutput(operationOf("sts", "GetCallerIdentity"), output, REQUEST_ID)).toEqual({
      status: 200,
      headers: { "content-type": "text/xml", "x-amzn-requestid": REQUEST_ID },
      body:
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        "<UserId>A&amp;B</UserId><Account>000000000000</Account><Arn>arn:aws:iam::000000000000:root</Arn>" +
        `</GetCallerIdentityResult><ResponseMetadata><RequestId>${REQUEST_ID}</RequestId></ResponseMetadata>` +
        "</GetCallerIdentityResponse>",
    });
  });

  test("has no result where the operation has none", () => {
    const { body } = awsQuery.encodeOutput(operationOf("iam", "DeleteRole"), {}, REQUEST_ID);
    expect(body).not.toContain("DeleteRoleResult");
  });

  test("says an error with its Query code and status", () => {
    const failure = { code: "NoSuchEntityException", message: "The role <x> cannot be found.", fields: {} };
    expect(awsQuery.encodeError(failure, loadModel("iam"), REQUEST_ID)).toEqual({
      status: 404,
      headers: { "content-type": "text/xml", "x-amzn-requestid": REQUEST_ID },
      body:
        '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>' +
        "<Code>NoSuchEntity</Code><Message>The role &lt;x&gt; cannot be found.</Message></Error>" +
        `<RequestId>${REQUEST_ID}</RequestId></ErrorResponse>`,
    });
  });

  test("calls a fault of the server's own the receiver's", () => {
    const failure = { code: "InternalFailure", message: "", fields: {}, status: 500 };
    expect(awsQuery.encodeError(failure, loadModel("iam"), REQUEST_ID)).toMatchObject({
      status: 500,
      body: expect.stringContaining("<Type>Receiver</Type>"),
    });
  });
});

describe("an EC2 answer", () => {
  test("has its members beside the request's id", () => {
    const output = { Vpcs: [{ VpcId: "vpc-1", IsDefault: true }] };
    const { body } = ec2Query.encodeOutput(operationOf("ec2", "DescribeVpcs"), output, REQUEST_ID);
    // Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html (the example's form)
    expect(body).toContain(`<requestId>${REQUEST_ID}</requestId><vpcSet><item>`);
    expect(body).toContain("<vpcId>vpc-1</vpcId>");
    expect(body).toContain('xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"');
  });

  test("says errors in a list", () => {
    const failure = { code: "InvalidVpcID.NotFound", message: "no & no", fields: {}, status: 400 };
    expect(ec2Query.encodeError(failure, loadModel("ec2"), REQUEST_ID)).toMatchObject({
      status: 400,
      body: expect.stringContaining(
        "<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code><Message>no &amp; no</Message></Error></Errors>",
      ),
    });
  });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_basic_operations_multiple_protocols)
test("doubles stay so where they are whole, whole numbers are none", () => {
  const output = { MetricAlarms: [{ Threshold: 30, Period: 60 }] };
  const { body } = awsQuery.encodeOutput(operationOf("cloudwatch", "DescribeAlarms"), output, REQUEST_ID);
  expect(body).toContain("<Period>60</Period>");
  expect(body).toContain("<Threshold>30.0</Threshold>");
});
