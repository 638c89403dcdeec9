import type { CallRecord } from "../events/call-record.ts";
import type { Decision } from "../identity/decision.ts";
import type { Answer } from "../identity/evidence.ts";
import type { VouchedCaller } from "../identity/federation/federation.ts";
import type { Principal } from "../identity/principal.ts";
import type { AccountId } from "../kernel/arn.ts";
import type { AwsError } from "../kernel/aws-error.ts";
import type { Afterword } from "../service/answered.ts";
import type { RequestFacts } from "../service/context.ts";
import type { Service } from "../service/service.ts";
import type { Asides } from "./asides.ts";
import type { Aftermath, Call, Caller, CallSurroundings } from "./call-context.ts";

/** What a service does within a call for somebody who let it, as that one. */
export class CallAs implements Call {
  readonly requestId: string;
  readonly caller: Caller;
  readonly service: Service;
  readonly facts: RequestFacts;
  readonly asides: Asides | undefined;
  readonly #call: Call;
  readonly #around: CallSurroundings;

  constructor(call: Call, principal: Principal, around: CallSurroundings) {
    this.#call = call;
    this.#around = around;
    this.requestId = call.requestId;
    this.caller = { ...call.caller, principal };
    this.service = call.service;
    this.asides = call.asides;
    // signed or not, it is the service that asks
    this.facts = { ...call.facts, calling: call.facts.calling ?? {} };
  }

  asked(answer: Answer): void {
    this.#call.asked(answer);
    if (answer.decision.decision === "deny") this.madeInside(this.#around.denialOf(answer, this));
  }

  identified(caller: VouchedCaller, account: AccountId): void {
    this.#call.identified(caller, account);
  }

  evenIfRefused(work: Aftermath): void {
    this.#call.evenIfRefused(work);
  }

  onceAnswered(name: string, work: Afterword): void {
    this.#call.onceAnswered(name, work);
  }

  madeInside(record: CallRecord): void {
    this.#call.madeInside(record);
  }

  recordMore(additional: object): void {
    this.#call.recordMore?.(additional);
  }

  refusal(decision: Decision, principal: Principal): AwsError {
    return this.#call.refusal(decision, principal);
  }
}
