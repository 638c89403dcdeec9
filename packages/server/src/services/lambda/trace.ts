/** The header that follows a request through services. Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
import type { Context } from "../../service/context.ts";

const EPOCH_DIGITS = 8;
const ID_DIGITS = 24;
const PARENT_DIGITS = 16;

/** What came with the request, or a new one that is not sampled. */
export function traceOf(context: Context): string {
  const given = context.request.headers["x-amzn-trace-id"];
  if (given?.includes("Root=") === true) return given;
  const digits = context.newId().replaceAll("-", "") + context.newId().replaceAll("-", "");
  const seconds = Math.floor(context.now().getTime() / 1000);
  const root = `1-${seconds.toString(16).padStart(EPOCH_DIGITS, "0")}-${digits.slice(0, ID_DIGITS)}`;
  return `Root=${root};Parent=${digits.slice(ID_DIGITS, ID_DIGITS + PARENT_DIGITS)};Sampled=0`;
}
