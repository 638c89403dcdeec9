/** What a client wrote that its protocol does not allow, before each protocol gives it its own code. */
import { AwsError } from "../kernel/aws-error.ts";

/** Deeper than any structure of AWS goes, and shallow enough for the stack. */
export const DEPTH_MAX = 128;

/** A value that cannot be read. */
export class Malformed extends AwsError {
  constructor(message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super("SerializationException", message, fields);
  }
}

/** Runs `read`; what it finds malformed is thrown under `code`, in words of its own where there are `always` the same. */
export function underCode<T>(code: string, read: () => T, always?: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) throw new AwsError(code, always ?? error.message, error.fields);
    throw error;
  }
}

/** @throws {Malformed} below `DEPTH_MAX`. */
export function checkDepth(depth: number): void {
  if (depth > DEPTH_MAX) throw new Malformed("The request is nested too deeply.");
}
