/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
import { assert } from "../../kernel/assert.ts";
import { operation } from "./kit.ts";

/** Needs no permission, and no policy can deny it. */
export const getCallerIdentity = operation("GetCallerIdentity", {
  authorize: () => [],

  async handle(_input, { principal, account }) {
    assert(principal.type !== "anonymous", "a signed call has a principal");
    if (principal.type === "service") return { UserId: principal.service, Account: account, Arn: principal.service };
    return { UserId: principal.userId, Account: principal.account, Arn: principal.arn };
  },
});
