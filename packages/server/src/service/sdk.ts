/** What a service's SDK package tells the type system. The SDK is types here, never code. */
import type { CommandIO, MetadataBearer } from "@smithy/types";
import type { ByteStream } from "../kernel/bytes.ts";

/** An `@aws-sdk/client-*` module: `typeof import("@aws-sdk/client-sqs")`. */
export type Sdk = object;

/** A command as the types of a service have it that no SDK package speaks for. */
export type ModelCommand<Input extends object, Output extends object> = abstract new () => CommandIO<
  Input,
  Output & MetadataBearer
>;

/** The same of an error. */
export type ModelError<Name extends string> = abstract new () => {
  readonly name: Name;
  readonly $fault: "client" | "server";
};

/** Every operation that the module has a command for: `"CreateQueue" | "SendMessage" | …`. */
export type OperationName<S extends Sdk> = {
  [K in keyof S]: K extends `${infer Name}Command` ? (Name extends "$" ? never : Name) : never;
}[keyof S];

type CommandOf<S extends Sdk, Name extends string> = `${Name}Command` extends infer K extends keyof S
  ? S[K] extends abstract new (...input: never[]) => infer Command
    ? Command
    : never
  : never;

type Leaf =
  | string
  | number
  | boolean
  | bigint
  | Date
  | Uint8Array
  | ReadableStream
  | Blob
  | ((...all: never[]) => unknown);

/** The SDK types a required member as `T | undefined`; a validated input has no such hole, at any depth. */
export type Validated<T> = T extends Leaf
  ? T
  : T extends readonly (infer Element)[]
    ? readonly Validated<Element>[]
    : { readonly [K in keyof T]: T extends Record<K, T[K]> ? Validated<Exclude<T[K], undefined>> : Validated<T[K]> };

export type InputOf<S extends Sdk, Name extends string> =
  CommandOf<S, Name> extends CommandIO<infer Input, infer _> ? Validated<Input> : never;

/** A streamed member of an output is given as pieces of bytes, and one of bytes without what clients add to it. */
type Given<T> =
  NonNullable<T> extends { transformToByteArray(): Promise<Uint8Array> }
    ? ByteStream | undefined
    : NonNullable<T> extends Uint8Array
      ? Uint8Array | Extract<T, undefined>
      : T;

export type OutputOf<S extends Sdk, Name extends string> =
  CommandOf<S, Name> extends CommandIO<infer _, infer Output>
    ? { [K in keyof Omit<Output, "$metadata">]: Given<Output[K & keyof Output]> }
    : never;

/** Every error the module models: `"QueueDoesNotExist" | "OverLimit" | …`. */
export type ErrorName<S extends Sdk> = {
  [K in keyof S]: S[K] extends abstract new (...options: never[]) => {
    readonly name: infer Name;
    readonly $fault: "client" | "server";
  }
    ? string extends Name
      ? never
      : Name
    : never;
}[keyof S];
