/**
 * Resources that remediation leaves alone, for a while or for good.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutRemediationExceptions.html
 */
import type { RemediationException as ShownException } from "@aws-sdk/client-config-service";
import { page, pageOf } from "../../../kernel/page.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import {
  exceptionExpired,
  exceptionKeyInvalid,
  exceptionNotFound,
  exceptionRuleMissing,
  tokenInvalid,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { EXCEPTION_PAGE } from "../limits.ts";
import { rules } from "../rule/row.ts";

interface RemediationException {
  readonly rule: string;
  readonly type: string;
  readonly id: string;
  readonly message?: string;
  readonly expiresAtMs?: number;
}

const exceptions = table<RemediationException>("config.remediation-exception", "region", ({ rule, type, id }) => [
  rule,
  type,
  id,
]);

/** More than a rule has. */
const EXCEPTIONS_MAX = 1_000_000;

/** Those of a rule that is no more. */
export async function forgetExceptions(rule: string, tx: Transaction): Promise<void> {
  await tx.clear(exceptions, { prefix: [rule], limit: EXCEPTIONS_MAX });
}

interface GivenKey {
  readonly ResourceType?: string | undefined;
  readonly ResourceId?: string | undefined;
}

/** @throws {AwsError} `InvalidParameterValueException` */
function requireKey({ ResourceType: type, ResourceId: id }: GivenKey) {
  if (type === undefined || id === undefined) throw exceptionKeyInvalid();
  return { type, id };
}

export const putRemediationExceptions = operation("PutRemediationExceptions", {
  authorize: () => ({ action: "config:PutRemediationExceptions", resource: "*" }),

  async handle({ ConfigRuleName: rule, ResourceKeys: keys, Message: message, ExpirationTime: until }, context) {
    if ((await context.tx.get(rules, rule)) === undefined) throw exceptionRuleMissing(rule);
    if (until !== undefined && until <= context.now()) throw exceptionExpired();
    for (const key of keys.map(requireKey)) {
      context.tx.put(exceptions, {
        rule,
        ...key,
        ...(message !== undefined && { message }),
        ...(until !== undefined && { expiresAtMs: until.getTime() }),
      });
    }
    return { FailedBatches: [] };
  },
});

export const describeRemediationExceptions = operation("DescribeRemediationExceptions", {
  authorize: () => ({ action: "config:DescribeRemediationExceptions", resource: "*" }),

  async handle({ ConfigRuleName: rule, ResourceKeys: keys = [], Limit, NextToken: token }, context) {
    const { tx } = context;
    const limit = Limit || EXCEPTION_PAGE.usual;
    const asked = keys.map(requireKey);
    const { rows, next } =
      asked.length > 0
        ? pageOf(await found(rule, asked, tx), { token, limit, orderOf, invalidToken: tokenInvalid })
        : await page(tx, exceptions, { prefix: [rule], token, limit, ...EXCEPTION_PAGE, invalidToken: tokenInvalid });
    const there = rows.filter(({ expiresAtMs = Infinity }) => expiresAtMs > context.now().getTime());
    return { RemediationExceptions: there.map(shown), ...(next !== undefined && { NextToken: next }) };
  },
});

const orderOf = ({ type, id }: RemediationException) => [type, id];

async function found(rule: string, keys: readonly { type: string; id: string }[], tx: Transaction) {
  const all = await Promise.all(keys.map(({ type, id }) => tx.get(exceptions, rule, type, id)));
  return all.filter((exception) => exception !== undefined);
}

const shown = ({ rule, type, id, message, expiresAtMs }: RemediationException): ShownException => ({
  ConfigRuleName: rule,
  ResourceType: type,
  ResourceId: id,
  ...(message !== undefined && { Message: message }),
  ...(expiresAtMs !== undefined && { ExpirationTime: new Date(expiresAtMs) }),
});

export const deleteRemediationExceptions = operation("DeleteRemediationExceptions", {
  authorize: () => ({ action: "config:DeleteRemediationExceptions", resource: "*" }),

  async handle({ ConfigRuleName: rule, ResourceKeys: keys }, { tx }) {
    const asked = keys.map(requireKey);
    if ((await found(rule, asked, tx)).length < asked.length) throw exceptionNotFound();
    for (const { type, id } of asked) tx.delete(exceptions, rule, type, id);
    return { FailedBatches: [] };
  },
});
