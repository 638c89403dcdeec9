/**
 * What a refusal may say to those alone who may decode it: sealed by whoever refuses, opened by
 * `sts:DecodeAuthorizationMessage`.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Decision, Reason } from "../identity/decision.ts";
import type { Principal } from "../identity/principal.ts";
import type { Sealer } from "../store/sealer.ts";

const PURPOSE = "authorization-message";
const MESSAGE_BYTES_MAX = 65_536;

export interface Refusal {
  readonly decision: Decision;
  readonly principal: Principal;
  /** The condition keys that the policies asked for. */
  readonly keys?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** The refusal as the encoded message that goes with it. */
export const sealAuthorizationMessage = (sealer: Sealer, refusal: Refusal): string =>
  sealer.seal(deflateRawSync(JSON.stringify(messageOf(refusal))), PURPOSE);

/** The message as JSON text, or `undefined` where it was not sealed here. */
export function openAuthorizationMessage(sealer: Sealer, sealed: string): string | undefined {
  const bytes = sealer.open(sealed, PURPOSE);
  return bytes && inflateRawSync(bytes, { maxOutputLength: MESSAGE_BYTES_MAX }).toString("utf8");
}

/** In the form of AWS's own messages. */
function messageOf({ decision, principal, keys = {} }: Refusal): object {
  const denials = decision.because.filter(({ effect }) => effect === "explicit-deny");
  return {
    allowed: decision.decision === "allow",
    explicitDeny: denials.length > 0,
    matchedStatements: { items: denials.map(statementOf) },
    failures: { items: [] },
    context: {
      principal: principalOf(principal),
      action: decision.action,
      resource: decision.resource,
      conditions: {
        items: Object.entries(keys).map(([key, values]) => ({
          key,
          values: { items: values.map((value) => ({ value })) },
        })),
      },
    },
  };
}

const statementOf = ({ policy, statement }: Reason): object => ({
  statementId: statement?.sid ?? "",
  effect: "DENY",
  sourcePolicyId: policy,
});

function principalOf(principal: Principal): object {
  if (principal.type === "anonymous") return {};
  if (principal.type === "service") return { id: principal.service };
  return {
    id: principal.userId,
    ...(principal.type === "user" && { name: principal.userName }),
    arn: principal.arn,
  };
}
