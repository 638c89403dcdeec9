/** What kind of event a call is to CloudTrail: one of the management of resources, or of the data in them. */
import { dataTypeOf, type NamedCall } from "../kernel/data-event.ts";

/** Whether the call is a data event, which is only logged where a trail says so. */
export const isDataCall = (call: NamedCall): boolean => dataTypeOf(call) !== undefined;
