/**
 * Provisioned capacity for expedited retrievals. These are never refused here, so that a unit does no more than be there
 * for its month.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-PurchaseProvisionedCapacity.html
 */
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { onAccount } from "../access.ts";
import { tooManyCapacityUnits } from "../errors.ts";
import { operation } from "../kit.ts";
import { CAPACITY_UNITS_MAX } from "../limits.ts";
import { newOpaqueId } from "../opaque-id.ts";
import { placeOf, type Place } from "../place.ts";

interface CapacityUnit {
  readonly id: string;
  readonly startedAtMs: number;
  readonly expiresAtMs: number;
}

const capacityUnits = table<CapacityUnit>("glacier.capacity-unit", "region", ({ id }) => [id]);

export const purchaseProvisionedCapacity = operation("PurchaseProvisionedCapacity", {
  authorize: (input, context) => onAccount("PurchaseProvisionedCapacity", input, context),

  async handle(input, context) {
    const place = placeOf(input, context);
    const units = await currentUnits(place, context);
    if (units.length >= CAPACITY_UNITS_MAX) throw tooManyCapacityUnits(CAPACITY_UNITS_MAX);
    const id = newOpaqueId("capacity", context);
    const now = context.now();
    place.tx.put(capacityUnits, { id, startedAtMs: now.getTime(), expiresAtMs: monthAfter(now) });
    return { capacityId: id };
  },
});

/** The units whose month is not over; those whose is are dropped. */
async function currentUnits({ tx }: Place, context: Context): Promise<readonly CapacityUnit[]> {
  const nowMs = context.now().getTime();
  const units = await tx.scan(capacityUnits, { limit: CAPACITY_UNITS_MAX });
  for (const { id, expiresAtMs } of units) if (expiresAtMs <= nowMs) tx.delete(capacityUnits, id);
  return units.filter(({ expiresAtMs }) => expiresAtMs > nowMs);
}

/** The same day of the next month, or its last. */
function monthAfter(start: Date): number {
  const end = new Date(start);
  end.setUTCMonth(start.getUTCMonth() + 1);
  if (end.getUTCDate() !== start.getUTCDate()) end.setUTCDate(0);
  return end.getTime();
}

export const listProvisionedCapacity = operation("ListProvisionedCapacity", {
  authorize: (input, context) => onAccount("ListProvisionedCapacity", input, context),

  async handle(input, context) {
    const units = await currentUnits(placeOf(input, context), context);
    return {
      ProvisionedCapacityList: units.map(({ id, startedAtMs, expiresAtMs }) => ({
        CapacityId: id,
        StartDate: new Date(startedAtMs).toISOString(),
        ExpirationDate: new Date(expiresAtMs).toISOString(),
      })),
    };
  },
});
