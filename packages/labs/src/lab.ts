/** What a lab is: a story told in steps, each a real call to a running cloud whose outcome is checked. */
import type { Browser } from "./browser.ts";
import type { Directory } from "./directory.ts";
import type { CallOf, InputFor, OperationFor, OutputFor, ServiceName } from "./service-call.ts";
import type { Person } from "./slapd.ts";

/** Who makes a call. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** An actor of the story: a name to show, and credentials to sign with; none for an anonymous call. */
export interface Actor {
  readonly name: string;
  readonly credentials: Credentials;
  readonly region?: string | undefined;
}

/** What a step expects of its call. */
export type Expectation<Output> =
  | { readonly outcome: "succeeds"; readonly check?: (output: Output) => string | undefined }
  /** Refused with this code; the message holds this text. */
  | { readonly outcome: "refused"; readonly code: string; readonly because?: string };

export interface StepBody<S extends ServiceName, Name extends OperationFor<S>> {
  /** A sentence: what this step does and why. */
  readonly does: string;
  readonly as: Actor;
  readonly call: CallOf<S, Name>;
  readonly input: InputFor<S, Name>;
  readonly expect: Expectation<OutputFor<S, Name>>;
}

/** Something that is done with another system than AWS. */
export interface DeedBody<Output> {
  /** A sentence: what this step does and why. */
  readonly does: string;
  /** Who does it. */
  readonly as: string;
  /** The command that it equals. */
  readonly command: string;
  readonly act: () => Promise<Output>;
  readonly expect: Expectation<Output>;
}

/** What happened in one step. */
export interface StepReport {
  readonly number: number;
  readonly does: string;
  readonly as: string;
  /** The AWS CLI command that the step equals; a note where no call was made. */
  readonly command: string;
  readonly outcome: string;
  readonly status: "passed" | "failed" | "not-built" | "not-run";
  /** What was expected instead. */
  readonly expected?: string;
  readonly requestId?: string;
}

/** What the test identity provider is asked for. */
export type Vouching =
  | { readonly kind: "token"; readonly subject: string; readonly audience: string }
  | { readonly kind: "assertion"; readonly subject: string; readonly role: string; readonly provider: string }
  | { readonly kind: "metadata" };

/** A policy, and where it would stand. */
export interface ReplayOrder {
  readonly as: "scp";
  /** The id of a root, a unit or an account. */
  readonly target: string;
  readonly policy: string;
}

/** Calls of one principal for one action that would have ended otherwise. */
export interface ReplayedGroup {
  readonly principal: string;
  readonly action: string;
}

/** What a lab's story is told with. */
export interface Teller {
  /** The root user of an account. */
  root(account: string): Actor;
  actor(name: string, credentials: Credentials): Actor;
  /** Makes the call, checks its outcome, and gives the output; the story goes on also where a check fails. */
  step<S extends ServiceName, Name extends OperationFor<S>>(body: StepBody<S, Name>): Promise<OutputFor<S, Name>>;
  /** Where the cloud is: for what is asked of it without the SDK. */
  readonly endpoint: string;
  /** Where the test identity provider is: the issuer of its tokens. */
  readonly issuer: string;
  /** Lets the test identity provider vouch for somebody; gives the token, the response in base64, or the metadata. */
  vouch(does: string, vouching: Vouching): Promise<string>;
  /** Does it, checks its outcome, and gives the output; `undefined` where it was refused. */
  deed<Output>(body: DeedBody<Output>): Promise<Output | undefined>;
  /** A browser without a session. */
  browser(): Browser;
  /** An LDAP directory of these people, until it is disposed of; `undefined`, and said, where the machine has no server for one. */
  directory(does: string, people: readonly Person[]): Promise<Directory | undefined>;
  /** The ids of the calls that asked for this action, of principals whose ARN holds this text: from the decision log. */
  recordedCalls(action: string, principal: string): Promise<readonly string[]>;
  /** What a proposed policy would have changed of the calls on record. */
  replay(order: ReplayOrder): Promise<readonly ReplayedGroup[]>;
  /** Moves virtual time. */
  wait(does: string, seconds: number): Promise<void>;
  now(): Promise<Date>;
  /** Says that a step of the scenario needs what is not built yet. */
  notBuilt(does: string, needs: string): void;
  /** Says that a step was left out, and why. */
  notRun(does: string, why: string): void;
  /** An account that no other run has: `A` is ours, the others are other people's. */
  account(letter: "A" | "B" | "C"): string;
  /** A suffix that no other run has, for names that are shared by everybody. */
  readonly suffix: string;
}

export interface Lab {
  /** `S01`, as in the list of scenarios. */
  readonly id: string;
  readonly title: string;
  /** The behaviours it shows. */
  readonly proves: readonly string[];
  run(teller: Teller): Promise<void>;
}

export interface LabReport {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly StepReport[];
  readonly passed: boolean;
}
