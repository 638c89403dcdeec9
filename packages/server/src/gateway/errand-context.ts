/** What an errand has in its hands. */
import type { Scope } from "../kernel/table.ts";
import type { Context, Delivery } from "../service/context.ts";
import type { ErrandContext } from "../service/errand.ts";
import type { Service } from "../service/service.ts";
import { CallContext, type Call } from "./call-context.ts";
import type { Cloud } from "./cloud.ts";
import { handNow } from "./hand-now.ts";
import { NO_REQUEST, ownCall, ownContext, type OwnWork } from "./own-context.ts";
import { Reading } from "./reading.ts";

interface Work extends Scope {
  readonly service: Service;
  /** Hears that the errand waits for something to come, and that it does no more. */
  readonly waits: (more: 1 | -1) => void;
  /** Hears what was asked of whose rights. */
  readonly asked?: Call["asked"];
}

export function errandContext({ service, account, region, waits, asked }: Work, cloud: Cloud): ErrandContext {
  const work = { service, account, region, facts: NO_REQUEST };
  // what ends well is recorded in its own transaction: these are refusals
  const call = ownCall({ ...work, madeInside: (record) => cloud.journal.append(record) });
  return new OutsideContext({ ...call, waits, ...(asked !== undefined && { asked }) }, work, cloud);
}

class OutsideContext extends CallContext implements ErrandContext {
  readonly #work: OwnWork;
  readonly #cloud: Cloud;

  constructor(call: Call, work: OwnWork, cloud: Cloud) {
    super(call, new Reading(cloud.store, work), cloud);
    this.#work = work;
    this.#cloud = cloud;
  }

  hand(delivery: Delivery): Promise<void> {
    return handNow(delivery, this, this.#cloud);
  }

  transact<Done>(work: (context: Context) => Promise<Done>): Promise<Done> {
    return this.#cloud.store.transact(this.#work, (tx) => work(ownContext(this.#work, tx, this.#cloud)));
  }
}
