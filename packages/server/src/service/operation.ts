import { AwsError } from "../kernel/aws-error.ts";
import { formatArn, type Arn } from "../kernel/arn.ts";
import type { Access } from "./access.ts";
import type { Context } from "./context.ts";
import type { ErrorName, InputOf, OperationName, OutputOf, Sdk } from "./sdk.ts";

/** What the gateway asks IAM before anything happens. Empty: the operation needs no permission. */
type Questions = Access | readonly Access[] | Promise<Access | readonly Access[]>;

/** An operation of a service, as the gateway does it: the input is held to the model before anything here runs. */
export interface Operation<S extends Sdk, Name extends OperationName<S>> {
  readonly name: Name;
  /** `signed` is the rule; `open` may also be called without credentials. */
  readonly callers: "signed" | "open";
  authorize(input: InputOf<S, Name>, context: Context): Questions;
  /**
   * Does what takes I/O, after the caller was let in and before the transaction of `handle`: takes in a
   * streamed body, or asks an identity provider. What it gives reaches `handle` as `received`.
   * `context.tx` is there to read with: nothing is committed.
   */
  receive?(input: InputOf<S, Name>, context: Context): Promise<unknown>;
  /**
   * What `receive` would give where it needs no I/O, inside the transaction of `handle`; `undefined`: it has to be received.
   * Not asked where transactions of others come in between, as in a database that servers share.
   */
  receiveInPlace?(input: InputOf<S, Name>, context: Context): Promise<unknown>;
  /** Inside one transaction, run again where it conflicts with another: its only effects are the context's. */
  handle(input: InputOf<S, Name>, context: Context, received: unknown): Promise<OutputOf<S, Name>>;
}

/** What `operation` of the kit is given. `callers` is `signed` where it is left out. */
export interface OperationBody<S extends Sdk, Name extends OperationName<S>> {
  readonly callers?: "signed" | "open";
  authorize(input: InputOf<S, Name>, context: Context): Questions;
  handle(input: InputOf<S, Name>, context: Context): Promise<OutputOf<S, Name>>;
}

/** What `streaming` of the kit is given: `handle` gets what `receive` gave. */
export interface StreamingBody<S extends Sdk, Name extends OperationName<S>, Received> {
  readonly callers?: "signed" | "open";
  authorize(input: InputOf<S, Name>, context: Context): Questions;
  receive(input: InputOf<S, Name>, context: Context): Promise<Received>;
  receiveInPlace?(input: InputOf<S, Name>, context: Context): Promise<Received | undefined>;
  handle(input: InputOf<S, Name>, context: Context, received: Received): Promise<OutputOf<S, Name>>;
}

/** The makers of one service, bound to the types of its SDK's package. */
export interface ServiceKit<S extends Sdk> {
  readonly operation: <Name extends OperationName<S>>(name: Name, body: OperationBody<S, Name>) => Operation<S, Name>;
  /** An operation that does I/O before its transaction begins: its body streams in, for the most part. */
  readonly streaming: <Name extends OperationName<S>, Received>(
    name: Name,
    body: StreamingBody<S, Name, Received>,
  ) => Operation<S, Name>;
  /** An error of this service's own model, by its modelled name. */
  readonly error: (code: ErrorName<S>, message: string, fields?: Readonly<Record<string, unknown>>) => AwsError;
  /** An error that AWS gives and the model leaves out; its status stands in the service's declaration. */
  readonly unmodelled: (code: string, message: string, fields?: Readonly<Record<string, unknown>>) => AwsError;
  readonly arn: (context: Pick<Context, "partition" | "region" | "account">, resource: string) => Arn;
}

/** The makers that a service's files are written with, typed by its SDK module. */
export function serviceKit<S extends Sdk>(service: string): ServiceKit<S> {
  return {
    operation: (name, body) => ({ callers: "signed", name, ...body }),
    streaming: (name, body) => ({
      callers: "signed",
      name,
      ...body,
      handle: (input, context, received) =>
        body.handle(input, context, received as Awaited<ReturnType<typeof body.receive>>),
    }),
    error: (code, message, fields) => new AwsError(String(code), message, fields),
    unmodelled: (code, message, fields) => new AwsError(code, message, fields),
    arn: ({ partition, region, account }, resource) => formatArn({ partition, service, region, account, resource }),
  };
}
