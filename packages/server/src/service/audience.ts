/** Whether anybody listens: so that what nobody wants to hear of costs nothing. */

/**
 * `events`: rules on the default event bus. `calls`: trails that are logging; the job `heard` of CloudTrail then hears of
 * each batch of records. `data-calls`: trails that log data events, whose records keep what was asked for.
 * `configuration`: recorders of AWS Config that run; its job `heard` hears of each batch of calls that changed something.
 */
export type AudienceKind = "events" | "calls" | "data-calls" | "configuration";

/** `*`: in every account, or every region of one. */
export interface AudiencePlace {
  readonly account: string;
  readonly region: string;
}

export interface Audience {
  /** What was set, by transactions that have ended. Where that is not known yet, as right after a change: yes. */
  has(kind: AudienceKind, place: AudiencePlace): boolean;
  /** Within this call's transaction. */
  set(kind: AudienceKind, place: AudiencePlace, on: boolean): void;
}
