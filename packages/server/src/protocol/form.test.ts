import { describe, expect, test } from "vitest";
import { loadModel } from "../model/models.ts";
import { findParameter, parseForm, parseQuery, type FormNode } from "./form.ts";
import { decodeFormMembers, ec2Form, queryForm } from "./form-shape.ts";

const leaf = (text: string): FormNode => ({ text, children: undefined });

const branch = (children: Record<string, FormNode>): FormNode => ({
  text: undefined,
  children: new Map(Object.entries(children)),
});

describe("a form", () => {
  test("is a tree by its dots, percent signs and pluses resolved", () => {
    expect(parseForm("a.1.b=x%2By+z&&c&a.1.d=%C3%A9=")).toEqual(
      branch({ a: branch({ 1: branch({ b: leaf("x+y z"), d: leaf("é=") }) }), c: leaf("") }),
    );
  });

  test.each(["a=%", "a=%zz", "%E0=1"])("%s has a syntax error", (form) => {
    // Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html (MalformedQueryString)
    expect(() => parseForm(form)).toThrow("The query string contains a syntax error.");
  });

  test("is refused where its names nest too deeply or it has too many of them", () => {
    expect(() => parseForm(`${"a.".repeat(10_000)}b=1`)).toThrow("nested too deeply");
    expect(() => parseForm("a=1&".repeat(200_000))).toThrow("syntax error");
    expect(() => parseQuery("a=1&".repeat(200_000))).toThrow("syntax error");
  });

  test("gives one parameter without the rest", () => {
    expect(findParameter("Version=1&Action=Get%20It&x=Action=no", "Action")).toBe("Get It");
    expect(findParameter("Action=A", "Action")).toBe("A");
    expect(findParameter("xAction=A", "Action")).toBeUndefined();
    expect(findParameter("", "Action")).toBeUndefined();
  });
});

const input = (service: string, operation: string) => {
  const found = loadModel(service).operation(operation);
  if (found === undefined) throw new Error(`no ${operation}`);
  return found.input;
};

describe("a list in a form", () => {
  const tagUser = input("iam", "TagUser");
  const decode = (form: string) => decodeFormMembers(tagUser, parseForm(form), queryForm);

  test("is in the order of its numbers, whatever their gaps and size", () => {
    expect(decode("Tags.member.100.Key=c&Tags.member.2.Key=b&Tags.member.1.Key=a")).toEqual({
      Tags: [{ Key: "a" }, { Key: "b" }, { Key: "c" }],
    });
  });

  test("is empty where its bare name is given, and absent where it is not", () => {
    expect(decode("Tags=")).toEqual({ Tags: [] });
    expect(decode("UserName=a")).toEqual({ UserName: "a" });
  });

  test("has an empty text apart from an absent one", () => {
    expect(decode("Tags.member.1.Key=a&Tags.member.1.Value=")).toEqual({ Tags: [{ Key: "a", Value: "" }] });
  });
});

test("EC2 writes lists without a word between, and its members large", () => {
  const form = "Filter.1.Name=vpc-id&Filter.1.Value.1=a&Filter.1.Value.2=b&DryRun=true&MaxResults=5";
  expect(decodeFormMembers(input("ec2", "DescribeSubnets"), parseForm(form), ec2Form)).toEqual({
    Filters: [{ Name: "vpc-id", Values: ["a", "b"] }],
    DryRun: true,
    MaxResults: 5,
  });
});

test("SQS's forms have their old names", () => {
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
  const form =
    "QueueName=q&Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=40&Tag.1.Key=a&Tag.1.Value=b&Attribute.2.Name=x&Attribute.2.Value=y";
  expect(decodeFormMembers(input("sqs", "CreateQueue"), parseForm(form), queryForm)).toEqual({
    QueueName: "q",
    Attributes: { VisibilityTimeout: "40", x: "y" },
    tags: { a: "b" },
  });
});

test("a map's key cannot change what objects are", () => {
  const form = "Attribute.1.Name=__proto__&Attribute.1.Value=x";
  const { Attributes } = decodeFormMembers(input("sqs", "SetQueueAttributes"), parseForm(form), queryForm);
  expect(Object.keys(Object(Attributes))).toEqual(["__proto__"]);
});
