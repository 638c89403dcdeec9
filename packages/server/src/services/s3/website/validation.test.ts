import { PutBucketWebsiteCommand, type WebsiteConfiguration } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal, s3World } from "../../../../test/s3-world.ts";

// Source of all answers, unless told: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_validate_website_configuration, run against AWS, and its snapshot)
const Bucket = "photos";

const index = { IndexDocument: { Suffix: "index.html" } };

test.each<[WebsiteConfiguration, string, string]>([
  [{ IndexDocument: { Suffix: "/index.html" } }, "InvalidArgument", "The IndexDocument Suffix is not well formed"],
  [{ IndexDocument: { Suffix: "" } }, "InvalidArgument", "The IndexDocument Suffix is not well formed"],
  [
    { RedirectAllRequestsTo: { HostName: "test" }, ...index },
    "InvalidArgument",
    "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
  ],
  [
    { ErrorDocument: { Key: "/index.html" } },
    "InvalidArgument",
    "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
  ],
  [
    { ...index, RoutingRules: [{ Redirect: Object.assign({ Protocol: "http" as const }, { Protocol: "protocol" }) }] },
    "InvalidRequest",
    "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.",
  ],
  [
    { ...index, RoutingRules: [{ Redirect: { ReplaceKeyPrefixWith: "prefix", ReplaceKeyWith: "key-name" } }] },
    "InvalidRequest",
    "You can only define ReplaceKeyPrefix or ReplaceKey but not both.",
  ],
  [
    { ...index, RoutingRules: [{ Redirect: { ReplaceKeyPrefixWith: "prefix" }, Condition: {} }] },
    "InvalidRequest",
    "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
  ],
  // Source: https://github.com/versity/versitygw/blob/main/tests/integration/PutBucketWebsite.go
  [{ ...index, ErrorDocument: { Key: "" } }, "InvalidArgument", "The ErrorDocument Key is not well formed"],
  [
    { ...index, RoutingRules: [{ Redirect: { HttpRedirectCode: "306" } }] },
    "InvalidRequest",
    "The provided HTTP redirect code (306) is not valid. Valid codes are 3XX except 300.",
  ],
  [
    {
      ...index,
      RoutingRules: [{ Condition: { HttpErrorCodeReturnedEquals: "418" }, Redirect: { ReplaceKeyWith: "a" } }],
    },
    "InvalidRequest",
    "The provided HTTP error code (418) is not valid. Valid codes are 4XX or 5XX.",
  ],
  [
    { ...index, RoutingRules: Array.from({ length: 51 }, () => ({ Redirect: { ReplaceKeyWith: "a" } })) },
    "InvalidRequest",
    "51 routing rules provided, the number of routing rules in a website configuration is limited to 50.",
  ],
  [
    { ...index, RoutingRules: [] },
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  ],
])("the website %j is refused", async (site, code, message) => {
  const { s3 } = await s3World(Bucket);
  const put = new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: site });
  expect(await refusal(s3.send(put))).toMatchObject({ code, message, status: 400 });
});
