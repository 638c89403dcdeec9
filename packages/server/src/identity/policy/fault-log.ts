import type { FaultCode } from "./ast.ts";
import type { LineMap, Span } from "./source.ts";

/** Where the parts of the parser say what is wrong, and ask for places. */
export interface FaultLog {
  readonly fault: (code: FaultCode, subject: string, span: Span) => void;
  readonly lines: LineMap;
}
