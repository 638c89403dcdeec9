import { Failure } from "../failure.ts";
import type { Session } from "../session.ts";

const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/;

export interface RevokeOptions {
  readonly account?: string;
}

/** `role` is a name or an ARN. */
export async function revokeSessions(session: Session, role: string, options: RevokeOptions): Promise<void> {
  const { control, output, endpoint, rootSecret } = session;
  const [health, { now }] = await Promise.all([control.health(), control.clock()]);
  const [, account = options.account ?? health.account, name = role] = ROLE_ARN.exec(role) ?? [];
  const labs = await import("@kumobako/labs");
  try {
    await labs.revokeSessions({ endpoint, account, role: name, rootSecret, now: new Date(now) });
  } catch (error) {
    throw new Failure("failed", error instanceof Error ? error.message : "the call failed");
  }
  output.answer({ account, role: name, before: now }, () => `sessions of ${name} issued before ${now} are revoked`);
}
