/** Why a delivery failed: what kind of failure, for those who have their own words for it, and whether patience helps. */
import { AwsError } from "../kernel/aws-error.ts";
import { OutwardError } from "../kernel/outward-error.ts";
import type { FailureKind } from "../service/context.ts";

export interface DeliveryFailure {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
}

/** The role could not be assumed that the delivery was to be made with. */
export class RoleRefused extends Error {
  override readonly name = "RoleRefused";
}

const KINDS: readonly (readonly [FailureKind, RegExp])[] = [
  ["unbuilt", /^NotImplemented$/],
  ["denied", /AccessDenied|AuthorizationError|NotAuthorized|Forbidden/],
  ["gone", /NotFound|DoesNotExist|NonExistent|NoSuch/],
  ["throttled", /Throttl|TooManyRequests|ThroughputExceeded|LimitExceeded|OverLimit/],
  ["invalid", /Invalid|Validation|Malformed/],
];

/** What is said of a fault of ours. */
export const OUR_FAULT: DeliveryFailure = {
  kind: "other",
  code: "InternalFailure",
  message: "the receiver's service failed",
};

/** `undefined`: the fault is ours. */
export function failureOf(error: unknown): DeliveryFailure | undefined {
  if (error instanceof RoleRefused) return { kind: "role", code: "AccessDenied", message: error.message };
  if (error instanceof OutwardError) {
    const kind = error.why === "timeout" ? "timeout" : "unreachable";
    return { kind, code: kind === "timeout" ? "Timeout" : "ConnectionFailure", message: error.message };
  }
  if (!(error instanceof AwsError)) return undefined;
  const { code, message } = error;
  return { kind: KINDS.find(([, names]) => names.test(code))?.[0] ?? "other", code, message };
}

/** What no patience changes: only its owner can. */
export const isRefusal = ({ kind }: DeliveryFailure): boolean => REFUSALS.has(kind);

const REFUSALS: ReadonlySet<FailureKind> = new Set(["denied", "gone", "role", "invalid", "unbuilt"]);
