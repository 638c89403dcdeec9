/**
 * What users did to get in, and how that went, where threat protection is on.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-adaptive-authentication.html (user event history)
 */
import type {
  AuthEventType,
  ChallengeResponseType,
  EventResponseType,
  EventType,
  FeedbackValueType,
} from "@aws-sdk/client-cognito-identity-provider";
import { DAY_MS } from "../../../kernel/duration.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Pool } from "../pool/pool-row.ts";
import type { User } from "../user/user-row.ts";
import { logActivity } from "./activity-log.ts";

export interface AuthEvent {
  readonly poolId: string;
  /** The user's key. */
  readonly user: string;
  readonly atMs: number;
  /** Of a sign-in: what its tokens have as `event_id`. */
  readonly id: string;
  readonly type: EventType;
  readonly response: EventResponseType;
  /** The address that it came from is always blocked. */
  readonly isBlocked: boolean;
  readonly challenges: readonly ChallengeResponseType[];
  readonly address: string;
  readonly device: string | undefined;
  /** The app's, where it came from one. */
  readonly clientId?: string | undefined;
  readonly feedback?: { readonly value: FeedbackValueType; readonly provider: string; readonly atMs: number };
}

export const authEvents = table<AuthEvent>("cognito-idp.auth-event", "global", ({ poolId, user, atMs, id }) => [
  poolId,
  user,
  atMs,
  id,
]);

const KEPT_MS = 2 * 365 * DAY_MS;
/** The oldest of a user that are taken out whenever one more is put in. */
const TRIMMED_AT_ONCE = 20;

export const isProtected = ({ settings }: Pool): boolean =>
  (settings.UserPoolAddOns?.AdvancedSecurityMode ?? "OFF") !== "OFF";

interface Happened extends Pick<AuthEvent, "type" | "response"> {
  readonly id?: string;
  readonly isBlocked?: boolean;
  readonly clientId?: string | undefined;
  readonly challenges?: readonly ChallengeResponseType[] | undefined;
}

/**
 * Differs: a sign-in is told when it ends, not while it is in progress; of the device's place nothing is known.
 * @param address where it comes from; the caller's own where left out
 */
export async function recordAuthEvent(
  pool: Pool,
  user: Pick<User, "poolId" | "key" | "username" | "sub">,
  { id, isBlocked = false, challenges = [], ...happened }: Happened,
  context: Context,
  address = context.request.sourceIp,
): Promise<void> {
  if (!isProtected(pool)) return;
  const { tx } = context;
  const { poolId, key } = user;
  const atMs = context.now().getTime();
  const facts = { poolId, user: key, atMs, id: id ?? context.newId(), isBlocked, challenges };
  const event: AuthEvent = { ...facts, ...happened, address, device: context.request.userAgent };
  tx.put(authEvents, event);
  await logActivity(pool, user, event, context);
  const before = [poolId, key, atMs - KEPT_MS];
  await tx.clear(authEvents, { prefix: [poolId, key], before, limit: TRIMMED_AT_ONCE });
}

export const WRONG_PASSWORD: Happened = {
  type: "SignIn",
  response: "Fail",
  challenges: [{ ChallengeName: "Password", ChallengeResponse: "Failure" }],
};

export const WRONG_FACTOR: Happened = {
  type: "SignIn",
  response: "Fail",
  challenges: [{ ChallengeName: "Mfa", ChallengeResponse: "Failure" }],
};

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AuthEventType.html */
export const formatAuthEvent = (event: AuthEvent): AuthEventType => ({
  EventId: event.id,
  EventType: event.type,
  CreationDate: new Date(event.atMs),
  EventResponse: event.response,
  EventRisk: { RiskDecision: event.isBlocked ? "Block" : "NoRisk", CompromisedCredentialsDetected: false },
  ...(event.challenges.length > 0 && { ChallengeResponses: event.challenges.slice() }),
  EventContextData: { IpAddress: event.address, DeviceName: event.device },
  ...(event.feedback && {
    EventFeedback: {
      FeedbackValue: event.feedback.value,
      Provider: event.feedback.provider,
      FeedbackDate: new Date(event.feedback.atMs),
    },
  }),
});
