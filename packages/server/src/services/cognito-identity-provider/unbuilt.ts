/** Settings that have no effect here yet: refused, never dropped. */
import { notBuilt } from "./errors.ts";
import type { PoolSettings } from "./pool/pool-row.ts";

/** @throws {AwsError} `NotImplemented` */
export function refuseUnbuilt({ DcrConfiguration, KeyConfiguration, AcrConfiguration }: PoolSettings): void {
  if (DcrConfiguration !== undefined && DcrConfiguration.EnableStatus !== "Disabled")
    throw notBuilt("DcrConfiguration");
  if (KeyConfiguration?.KeyType === "CUSTOMER_MANAGED_KEY") throw notBuilt("KeyConfiguration");
  if (AcrConfiguration !== undefined) throw notBuilt("AcrConfiguration");
}
