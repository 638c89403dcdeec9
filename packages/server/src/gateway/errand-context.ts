/** What an errand has in its hands. */
import type { Scope, Transaction } from "../kernel/table.ts";
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
  /** Throws where the errand is nobody's any more: what it would write belongs to a store that was emptied. */
  readonly stands?: Stands;
}

type Stands = (tx: Transaction) => Promise<void>;

export function errandContext({ service, account, region, waits, asked, stands }: Work, cloud: Cloud): ErrandContext {
  const work = { service, account, region, facts: NO_REQUEST };
  // what ends well is recorded in its own transaction: these are refusals
  const call = ownCall({ ...work, madeInside: (record) => cloud.journal.append(record) });
  return new OutsideContext({ ...call, waits, ...(asked !== undefined && { asked }) }, { work, stands }, cloud);
}

class OutsideContext extends CallContext implements ErrandContext {
  readonly #work: OwnWork;
  readonly #stands: Stands | undefined;
  readonly #cloud: Cloud;

  constructor(call: Call, { work, stands }: { work: OwnWork; stands: Stands | undefined }, cloud: Cloud) {
    super(call, new Reading(cloud.store, work), cloud);
    this.#work = work;
    this.#stands = stands;
    this.#cloud = cloud;
  }

  hand(delivery: Delivery): Promise<string | undefined> {
    return handNow(delivery, this, this.#cloud);
  }

  transact<Done>(work: (context: Context) => Promise<Done>): Promise<Done> {
    return this.#cloud.store.transact(this.#work, async (tx) => {
      await this.#stands?.(tx);
      return work(ownContext(this.#work, tx, this.#cloud));
    });
  }
}
