/** Parameters of built operations that have no effect here yet: refused, never dropped. */
import { notImplemented } from "./errors.ts";

/**
 * `parameters` by the header they travel in.
 *
 * @throws {AwsError} `NotImplemented` where one of them has a value.
 */
export function refuseUnbuilt(parameters: Readonly<Record<string, unknown>>): void {
  const header = Object.keys(parameters).find((name) => parameters[name] !== undefined);
  if (header !== undefined) throw notImplemented(header);
}
