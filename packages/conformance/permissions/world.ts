/** What the steps of a scene have made so far: who there is, and what the placeholders of the cases stand for. */
import { randomInt } from "node:crypto";
import type { Caller } from "./call.ts";
import type { CallStep, Followed, Input, Manner } from "./case-file.ts";
import { NotAnswered, rootOf, type Credentials } from "./endpoint.ts";
import { fill, momentOf, writeInput } from "./placeholder.ts";

/** Somebody or something that a step made. */
export interface Thing {
  readonly name: string;
  /** `arn`, `id` and the like. */
  readonly facts?: Readonly<Record<string, string>>;
  /** For those who can make calls. */
  readonly credentials?: Credentials | undefined;
  /** A fact that is worked out when it is asked for: the code of a device. */
  readonly fresh?: Readonly<Record<string, () => string>>;
}

type Undo = () => Promise<unknown>;

const HOME = "home";

export class World implements AsyncDisposable {
  readonly #caller: Caller;
  readonly #unique: string;
  readonly #things = new Map<string, Thing>();
  readonly #undos: Undo[] = [];
  readonly #ends: Undo[] = [];
  #made = 0;

  /** `unique`: a few letters and digits that no other scene has. */
  constructor(caller: Caller, unique: string) {
    this.#caller = caller;
    this.#unique = unique;
    this.#addAccount(HOME, caller.endpoint.account);
  }

  get url(): string {
    return this.#caller.endpoint.url;
  }

  /** A name that nothing else has, which begins with the label. */
  newName(label: string): string {
    return `${label}-${this.#unique}${(this.#made++).toString(36)}`;
  }

  add(label: string, thing: Thing): void {
    this.#things.set(label, thing);
  }

  /** How to remove from the endpoint what a step made there. */
  onCleanUp(undo: Undo): void {
    this.#undos.push(undo);
  }

  /** How to end what runs beside the endpoint. */
  onEnd(end: Undo): void {
    this.#ends.push(end);
  }

  /** What was made last goes first. What cannot be removed stays. */
  async cleanUp(): Promise<void> {
    for (const undo of this.#undos.toReversed()) await undo().catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends) await end();
  }

  /** The account of that label, which is a new one where nobody has named it yet. */
  account(label: string = HOME): string {
    const present = this.#things.get(label);
    if (present !== undefined) return present.name;
    const account = newAccount();
    this.#addAccount(label, account);
    return account;
  }

  #addAccount(label: string, account: string): void {
    this.add(label, { name: account, facts: { arn: `arn:aws:iam::${account}:root` } });
  }

  /** @throws {NotAnswered} where no step made it: the one that was to may have failed. */
  thing(label: string): Thing {
    const thing = this.#things.get(label);
    if (thing === undefined) throw new NotAnswered(`set-up: there is no ${label}`);
    return thing;
  }

  /** What a placeholder stands for. */
  lookup = (placeholder: string): string => {
    const moment = momentOf(placeholder, Date.now());
    if (moment !== undefined) return moment;
    const [label = "", fact] = placeholder.split(".");
    if (ACCOUNTS.has(label)) this.account(label);
    const { name, facts = {}, fresh = {} } = this.thing(label);
    const value = fact === undefined ? name : (facts[fact] ?? fresh[fact]?.());
    if (value === undefined) throw new NotAnswered(`set-up: ${label} has no ${fact}`);
    return value;
  };

  fill<T>(value: T): T {
    return fill(value, this.lookup);
  }

  /** Credentials of a principal; of an account they are its root user's, and `anonymous` has none. */
  credentialsOf(label: string): Credentials | undefined {
    if (label === "anonymous") return undefined;
    if (ACCOUNTS.has(label)) this.account(label);
    const { name, credentials } = this.thing(label);
    if (credentials !== undefined) return credentials;
    if (/^\d{12}$/.test(name)) return rootOf(name, this.#caller.endpoint);
    throw new NotAnswered(`set-up: ${label} has no keys`);
  }

  /** A call as a case asks for it. @throws {NotAnswered} */
  ask(call: string, as: string, input: Input, manner: Manner = {}) {
    const [filled, credentials] = [writeInput(this.fill(input)), this.credentialsOf(as)];
    return this.#caller.send({ ...manner, call, input: filled, credentials, headers: this.fill(manner.headers) });
  }

  /** What a call that succeeded leaves behind. */
  follow({ keep = {}, undo }: Followed, output: object): void {
    for (const [label, path] of Object.entries(keep)) this.add(label, { name: textAt(output, path) });
    if (undo !== undefined) this.onCleanUp(() => this.make(undo));
  }

  /** A call that has to succeed for the case to be put at all. @throws {NotAnswered} */
  async make({ call, as = HOME, with: input = {}, region }: CallStep): Promise<object> {
    const outcome = await this.ask(call, as, input, { region });
    if (outcome.kind === "succeeded") return outcome.output;
    throw new NotAnswered(`set-up: ${call} as ${as}: ${outcome.code}: ${outcome.message}`);
  }
}

/** Labels of accounts that need no step: the one that cases happen in, and two of other people. */
const ACCOUNTS = new Set([HOME, "other", "third"]);

/** One that nobody else is likely to have. */
const newAccount = (): string => `9${String(randomInt(10 ** 11)).padStart(11, "0")}`;

/** The text at a path of an output: `Policy.Arn`, `Roots.0.Id`. */
export function textAt(output: unknown, path: string): string {
  let value = output;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null) throw new NotAnswered(`set-up: an answer without ${path}`);
    value = new Map(Object.entries(value)).get(name);
  }
  if (typeof value !== "string") throw new NotAnswered(`set-up: an answer without ${path}`);
  return value;
}

/** The credentials in an output of IAM, STS or an identity pool. */
export function credentialsIn(output: unknown): Credentials {
  const name = hasMember(output, "AccessKey") ? "AccessKey" : "Credentials";
  const at = (part: string) => textAt(output, `${name}.${part}`);
  const inPool = hasMember(output, "IdentityId");
  const pair = { accessKeyId: at("AccessKeyId"), secretAccessKey: at(inPool ? "SecretKey" : "SecretAccessKey") };
  return name === "AccessKey" ? pair : { ...pair, sessionToken: at("SessionToken") };
}

const hasMember = (output: unknown, name: string): boolean =>
  typeof output === "object" && output !== null && name in output;
