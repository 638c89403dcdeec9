/** Operations by the names that people write outside of any SDK, and what they ask of them as JSON. */
import type { Principal } from "../identity/principal.ts";
import type { AccountId, Region } from "../kernel/arn.ts";

/** What stands behind the names of a service and of something it does: `sqs` and `sendMessage`. */
export type NamedOperation =
  | { readonly kind: "unknown service" }
  | { readonly kind: "unknown operation" }
  | {
      readonly kind: "known";
      /** The model's id, and the model's name: `sqs`, `SendMessage`. */
      readonly service: string;
      readonly operation: string;
      readonly isBuilt: boolean;
    };

/** A call in words of the model that somebody wrote down as JSON: bytes are text there, and times are texts or seconds. */
export interface NamedCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Who calls: the caller itself where left out. */
  readonly as?: Principal | undefined;
  readonly account?: AccountId | undefined;
  readonly region?: Region | undefined;
}

/** Every operation of every service with a model. */
export interface NamedOperations {
  /** @param service the SDK's name for it in one lowercase word; `action` begins with a small letter */
  find(service: string, action: string): Promise<NamedOperation>;
  /** What of `input` the operation does not know: `undefined` where it knows all of it. */
  unknownMember(asked: Pick<NamedCall, "service" | "operation" | "input">): string | undefined;
  /**
   * What was asked of an operation or answered, its members called as `rename` has it. Names that users gave, the keys of
   * maps, stay.
   */
  renamed(values: OperationValues, rename: (name: string) => string): object;
}

/** Of an operation, in the model's words. */
export interface OperationValues {
  /** The model's id. */
  readonly service: string;
  readonly operation: string;
  readonly part: "input" | "output";
  readonly value: object;
}
