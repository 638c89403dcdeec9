/** Text messages that come back: SNS hears of them. */
import { setTimer } from "../../clock/timer.ts";
import { asRegion, parseAccountId, type AccountId } from "../../kernel/arn.ts";
import { NOWHERE } from "../../kernel/table.ts";
import type { Cloud } from "../cloud.ts";
import { BadRequest } from "./bad-request.ts";

export interface TextReply {
  /** The number of the phone, in E.164's form. */
  readonly from: string;
  readonly text: string;
  /** Whose messages it answers; those of the default account where left out. */
  readonly account: AccountId | undefined;
  readonly region: string | undefined;
}

/** @throws {BadRequest} */
export function parseTextReply({ from, text, account: owner, region }: Readonly<Record<string, unknown>>): TextReply {
  if (typeof from !== "string" || !/^\+[1-9]\d{1,14}$/.test(from)) {
    throw new BadRequest("`from` is a phone number: `+15551234567`");
  }
  if (typeof text !== "string" || text.trim() === "") throw new BadRequest("`text` is what was answered: `STOP`");
  const account = typeof owner === "string" ? parseAccountId(owner) : undefined;
  if (owner !== undefined && account === undefined) throw new BadRequest("`account` is twelve digits");
  if (region !== undefined && typeof region !== "string") throw new BadRequest("`region` is the name of a region");
  return { from, text: text.trim(), account, region };
}

/** Has SNS hear of it, right behind this. */
export async function takeTextReply({ from, text, account, region }: TextReply, cloud: Cloud): Promise<void> {
  const place = {
    account: account ?? cloud.defaultAccount,
    region: region === undefined ? cloud.defaultRegion : asRegion(region),
  };
  const timer = { ...place, service: "sns", job: "hear", key: from, payload: text, dueMs: cloud.now() };
  await cloud.store.transact(NOWHERE, async (tx) => setTimer(tx, timer));
}
