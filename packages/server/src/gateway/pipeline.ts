/**
 * The way of a call: one list, the same for every service. Steps marked `transaction` that follow
 * each other share one transaction, and run again together where it conflicts; a streaming
 * operation takes a large body in between two of them, since nothing foreign is awaited inside one.
 */
import { MarkingRefusal } from "../kernel/aws-error.ts";
import type { Transaction } from "../kernel/table.ts";
import type { WireResponse } from "../protocol/protocol.ts";
import { tellAfterwards, tellOfStranger } from "./afterwords.ts";
import type { Arrival } from "./arrival.ts";
import { Aside } from "./asides.ts";
import { CallContext } from "./call-context.ts";
import type { Cloud } from "./cloud.ts";
import { Exchange } from "./exchange.ts";
import { withPageRules } from "./page-rules.ts";
import { Reading } from "./reading.ts";
import { refuse } from "./refusal.ts";
import { authenticate } from "./steps/authenticate.ts";
import { authorise } from "./steps/authorise.ts";
import { decode } from "./steps/decode.ts";
import { encode } from "./steps/encode.ts";
import { findOperation } from "./steps/find-operation.ts";
import { handle } from "./steps/handle.ts";
import { locate } from "./steps/locate.ts";
import { openForm } from "./steps/open-form.ts";
import { receive, receivedInPlace } from "./steps/receive.ts";
import { record } from "./steps/record.ts";
import { route } from "./steps/route.ts";
import { takeBody } from "./steps/take-body.ts";

export interface Step {
  readonly name: string;
  readonly where: "outside" | "transaction";
  /** Left out of operations whose body does not stream. */
  readonly streamingOnly?: true;
  readonly run: (exchange: Exchange, cloud: Cloud) => void | Promise<void>;
}

const PIPELINE: readonly Step[] = [
  { name: "locate", where: "outside", run: locate },
  { name: "route", where: "outside", run: route },
  { name: "open form", where: "outside", run: openForm },
  { name: "take body", where: "outside", run: takeBody },
  { name: "find operation", where: "outside", run: findOperation },
  { name: "authenticate", where: "transaction", run: authenticate },
  { name: "decode", where: "transaction", run: decode },
  { name: "authorise", where: "transaction", run: authorise },
  { name: "receive", where: "outside", streamingOnly: true, run: receive },
  { name: "handle", where: "transaction", run: handle },
  { name: "record", where: "transaction", run: record },
  { name: "encode", where: "outside", run: encode },
];

/** The answer to one request: never throws. `bucketAtDomain`: it came to the bucket's own domain. */
export async function answer(arrival: Arrival, cloud: Cloud, bucketAtDomain?: string): Promise<WireResponse> {
  const atMs = cloud.clock.now();
  const exchange = new Exchange(arrival, cloud.newRequestId(atMs), atMs);
  exchange.bucketAtDomain = bucketAtDomain;
  const response = await travel(exchange, cloud);
  if (exchange.afterwords !== undefined) await tellAfterwards(response, exchange, cloud);
  else if (exchange.isStrangers) await tellOfStranger(response, exchange, cloud);
  return arrival.headers["origin"] === undefined ? response : withPageRules(response, exchange, cloud);
}

async function travel(exchange: Exchange, cloud: Cloud): Promise<WireResponse> {
  try {
    for (let at = 0; at < PIPELINE.length;) {
      const step = PIPELINE[at];
      if (step?.where === "transaction") {
        at = await transact(exchange, cloud, at);
        continue;
      }
      if (step !== undefined && !skipped(step, exchange)) {
        const running = step.run(exchange, cloud);
        // most steps need not be waited for, and a wait costs more than some of them
        if (running !== undefined) await running;
      }
      at++;
    }
    return exchange.response;
  } catch (error) {
    return await refuse(error, exchange, cloud);
  }
}

/** Runs the transaction that begins at `from`, again where it asks something aside; gives the index after it. */
async function transact(exchange: Exchange, cloud: Cloud, from: number): Promise<number> {
  for (;;) {
    try {
      const end = await transactOnce(exchange, cloud, from);
      if (exchange.usedAsides !== undefined) await exchange.usedAsides.end(outside(exchange, cloud));
      return end;
    } catch (error) {
      if (!(error instanceof Aside)) throw error;
      await exchange.asides.settle(error, outside(exchange, cloud));
    }
  }
}

const outside = (exchange: Exchange, cloud: Cloud): CallContext =>
  new CallContext(exchange, new Reading(cloud.store, exchange.caller), cloud);

async function transactOnce(exchange: Exchange, cloud: Cloud, from: number): Promise<number> {
  const scope = { account: cloud.defaultAccount, region: cloud.defaultRegion };
  const body = async (tx: Transaction): Promise<number | MarkingRefusal> => {
    exchange.begin(tx, cloud);
    try {
      return await runInside(exchange, cloud, from);
    } catch (error) {
      if (error instanceof MarkingRefusal) return error;
      throw error;
    }
  };
  // calls start together, and those of one service often change the same rows
  const end = await cloud.store.transact(scope, body, exchange.target.service.name);
  if (end instanceof MarkingRefusal) throw end;
  exchange.settle();
  return end;
}

/** The steps from `from` on that belong into one transaction; gives the index of the first that does not. */
async function runInside(exchange: Exchange, cloud: Cloud, from: number): Promise<number> {
  for (let at = from; ; at++) {
    const step = PIPELINE[at];
    if (step === undefined) return at;
    if (skipped(step, exchange)) continue;
    if (step.where === "outside") {
      if (step.streamingOnly === undefined || !(await receivedInPlace(exchange, cloud))) return at;
      continue;
    }
    const running = step.run(exchange, cloud);
    if (running !== undefined) await running;
  }
}

const skipped = (step: Step, exchange: Exchange): boolean =>
  step.streamingOnly === true && exchange.target.operation.receive === undefined;
