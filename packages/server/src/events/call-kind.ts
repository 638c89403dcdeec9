/** What kind of event a call is to CloudTrail: one of the management of resources, or of the data in them. */
import { dataTypeOf } from "../kernel/data-event.ts";

interface NamedCall {
  /** The model's id. */
  readonly service: string;
  readonly operation: string;
}

/** Whether the call is a data event, which is only logged where a trail says so. */
export const isDataCall = (call: NamedCall): boolean => dataTypeOf(call) !== undefined;

/** Whether the answer of a call of that name says no more than what is there. */
export const onlyReads = (operation: string): boolean =>
  /^(Get|List|Describe|Head|BatchGet|Lookup|Search|Simulate|Validate|Check|Test|Preview|Select)/.test(operation);
