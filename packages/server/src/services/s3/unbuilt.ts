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

/** What may be said about how an object is kept, by any operation that writes one. */
export interface Keeping {
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
  readonly ObjectLockLegalHoldStatus?: string | undefined;
}

/** @throws {AwsError} */
export function refuseUnbuiltKeeping(input: Keeping): void {
  refuseUnbuilt({
    "x-amz-object-lock-mode": input.ObjectLockMode,
    "x-amz-object-lock-retain-until-date": input.ObjectLockRetainUntilDate,
    "x-amz-object-lock-legal-hold": input.ObjectLockLegalHoldStatus,
  });
}
