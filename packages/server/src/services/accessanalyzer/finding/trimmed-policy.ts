/** A policy without what is not used. */
import { parseGlob } from "../../../identity/policy/glob.ts";
import type { ActionReference } from "../../../service/action-reference.ts";
import type { UnusedService } from "./row.ts";

/** A statement as it is written. */
type Written = Readonly<Record<string, unknown>>;

/**
 * Only allows are narrowed, and of them only lists of actions: what `NotAction` or `*` grants is left as it is.
 * `nothing`: no allow is left.
 */
export function trimmed(
  document: string,
  unused: readonly UnusedService[],
  reference: ActionReference,
): "unchanged" | "nothing" | { readonly document: string } {
  const policy: { readonly Statement: Written | Written[] } = JSON.parse(document);
  const before: readonly Written[] = [policy.Statement].flat();
  const after = before
    .map((statement) => trimmedStatement(statement, unused, reference))
    .filter((statement) => statement !== undefined);
  if (JSON.stringify(after) === JSON.stringify(before)) return "unchanged";
  if (!after.some(({ Effect }) => Effect === "Allow")) return "nothing";
  return { document: JSON.stringify({ ...policy, Statement: after }) };
}

/** `undefined`: nothing of it is used. */
function trimmedStatement(
  statement: Written,
  unused: readonly UnusedService[],
  reference: ActionReference,
): Written | undefined {
  const { Effect, Action } = statement;
  if (Effect !== "Allow" || Action === undefined) return statement;
  const written = [Action].flat().filter((action) => typeof action === "string");
  const left = written.flatMap((action) => leftOf(action, unused, reference));
  if (left.length === 0) return undefined;
  return left.join() === written.join() ? statement : { ...statement, Action: left };
}

/** What of a pattern of actions is used: the pattern itself where all of it may be. */
function leftOf(action: string, unused: readonly UnusedService[], reference: ActionReference): readonly string[] {
  const [prefix = "", name] = action.split(":");
  const service = unused.find(({ namespace }) => namespace === prefix.toLowerCase());
  if (name === undefined || service === undefined) return [action];
  if (service.actions.length === 0) return [];
  const glob = parseGlob(name.toLowerCase());
  const idle = new Set(service.actions.map((each) => each.action.toLowerCase()));
  if (![...idle].some((each) => glob.test(each))) return [action];
  if (glob.reach === "exact") return [];
  return [...(reference.of(prefix.toLowerCase())?.actions.keys() ?? [])]
    .filter((known) => glob.test(known.toLowerCase()) && !idle.has(known.toLowerCase()))
    .map((known) => `${prefix}:${known}`);
}
