import { expect, test } from "vitest";
import { ownRefusal } from "./own-refusals.ts";
import { NOT_NULL, words } from "./violation.ts";

const violation = (path: string, constraint: string) => ({ path, shown: "x", constraint });

// Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html (the reasons)
test.each([
  [violation("type", words.enum(["A"])), "INVALID_ENUM"],
  [violation("name", NOT_NULL), "INPUT_REQUIRED"],
  [violation("resourceId", words.pattern("a")), "INVALID_PATTERN"],
  [violation("policyId", words.pattern("a")), "INVALID_SYNTAX_POLICY_ID"],
  [violation("targetId", words.pattern("a")), "INVALID_PATTERN_TARGET_ID"],
  [violation("name", words.lengthMax(1)), "MAX_LENGTH_EXCEEDED"],
  [violation("name", words.lengthMin(1)), "MIN_LENGTH_EXCEEDED"],
  [violation("maxResults", words.valueMax(20)), "MAX_VALUE_EXCEEDED"],
  [violation("maxResults", words.valueMin(1)), "MIN_VALUE_EXCEEDED"],
])("Organizations gives %o its reason %s", (broken, Reason) => {
  expect(ownRefusal("organizations", [broken])).toMatchObject({ code: "InvalidInputException", fields: { Reason } });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_unsubscribe_wrong_arn_format, test_set_platform_application_attributes_non_existing_app)
test("SNS wants ARNs in words of its own, and all else in the usual ones", () => {
  expect(ownRefusal("sns", [violation("subscriptionArn", NOT_NULL)])).toMatchObject({
    code: "InvalidParameterException",
    message: "Invalid parameter: SubscriptionArn Reason: no value for required parameter",
  });
  expect(ownRefusal("sns", [violation("attributes", NOT_NULL)])).toBeUndefined();
  const input = { PlatformApplicationArn: "invalid-arn" };
  expect(ownRefusal("sns", [violation("attributes", NOT_NULL)], input)).toMatchObject({
    message: "Invalid parameter: PlatformApplicationArn Reason: An ARN must have at least 6 elements, not 1",
  });
});

test("other services answer in the usual way", () => {
  expect(ownRefusal("kms", [violation("keyId", NOT_NULL)])).toBeUndefined();
});
