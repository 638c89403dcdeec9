/** The history of a user's sign-ins, and what is thought of them. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListUserAuthEvents.html */
import { pageOf } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { addOnNotEnabled, authEventNotFound, invalidFeedbackToken, invalidToken, poolNotFound } from "../errors.ts";
import { nobodyAsked, operation } from "../kit.ts";
import { PAGE_ROWS_MAX } from "../limits.ts";
import { findPool, onPool, requirePool, type Pool } from "../pool/pool-row.ts";
import { requireUser, type User } from "../user/user-row.ts";
import { authEvents, formatAuthEvent, isProtected, type AuthEvent } from "./auth-event-row.ts";

/** The newest that are looked through. */
const EVENTS_READ_MAX = 10_000;
/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_EventFeedbackType.html */
const BY_ADMINISTRATOR = "Admin";

/** From the newest to the oldest. */
export const adminListUserAuthEvents = operation("AdminListUserAuthEvents", {
  authorize: onPool("AdminListUserAuthEvents"),

  async handle({ UserPoolId, Username, MaxResults, NextToken: token }, context) {
    const pool = requireProtected(await requirePool(UserPoolId, context));
    const all = await eventsOf(await requireUser(pool, Username, context.tx), context);
    const limit = MaxResults === undefined || MaxResults === 0 ? PAGE_ROWS_MAX : MaxResults;
    const { rows, next } = pageOf(all, { token, limit, orderOf, descending: true, invalidToken });
    return { AuthEvents: rows.map(formatAuthEvent), ...(next !== undefined && { NextToken: next }) };
  },
});

const orderOf = ({ atMs, id }: AuthEvent): readonly string[] => [new Date(atMs).toISOString(), id];

const eventsOf = ({ poolId, key }: User, { tx }: Context): Promise<readonly AuthEvent[]> =>
  tx.scan(authEvents, { prefix: [poolId, key], reverse: true, limit: EVENTS_READ_MAX });

export const adminUpdateAuthEventFeedback = operation("AdminUpdateAuthEventFeedback", {
  authorize: onPool("AdminUpdateAuthEventFeedback"),

  async handle({ UserPoolId, Username, EventId, FeedbackValue: value }, context) {
    const pool = requireProtected(await requirePool(UserPoolId, context));
    const all = await eventsOf(await requireUser(pool, Username, context.tx), context);
    const event = all.find(({ id }) => id === EventId);
    if (!event) throw authEventNotFound(EventId);
    const feedback = { value, provider: BY_ADMINISTRATOR, atMs: context.now().getTime() };
    context.tx.put(authEvents, { ...event, feedback });
    return {};
  },
});

/** Tokens for it are in mails that warn users of risky sign-ins. Differs: none is sent here, so every token is a wrong one. */
export const updateAuthEventFeedback = operation("UpdateAuthEventFeedback", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ UserPoolId }, { tx }) {
    const pool = await findPool(UserPoolId, tx);
    if (!pool) throw poolNotFound(UserPoolId);
    requireProtected(pool);
    throw invalidFeedbackToken();
  },
});

/** @throws {AwsError} `UserPoolAddOnNotEnabledException` */
function requireProtected(pool: Pool): Pool {
  if (!isProtected(pool)) throw addOnNotEnabled();
  return pool;
}
