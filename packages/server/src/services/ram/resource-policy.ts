/** The policies that shares put on resources, shown to their owner. Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_GetResourcePolicies.html */
import { parseArn, type Arn } from "../../kernel/arn.ts";
import { ask } from "./access.ts";
import { malformedResourceArn } from "./errors.ts";
import { operation } from "./kit.ts";
import { listOf } from "./paging.ts";
import { shownPolicy } from "./policy-text.ts";

export const getResourcePolicies = operation("GetResourcePolicies", {
  authorize: () => ask("GetResourcePolicies"),

  async handle({ resourceArns, principal, ...paging }, context) {
    const own = resourceArns.map(requireArn).filter((arn) => parseArn(arn)?.account === context.account);
    const { rows, rest } = listOf(own, paging, (arn) => arn);
    const policies: string[] = [];
    for (const arn of rows) {
      const text = await shownPolicy(arn, context, principal);
      if (text !== undefined) policies.push(text);
    }
    return { policies, ...rest };
  },
});

/** @throws {AwsError} `MalformedArnException` */
function requireArn(text: string): Arn {
  if (!isArn(text)) throw malformedResourceArn(text);
  return text;
}

const isArn = (text: string): text is Arn => parseArn(text) !== undefined;
