/** The header that follows a request through services. Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
import { hash } from "node:crypto";
import type { Context } from "../../../service/context.ts";
import { recursive } from "../errors.ts";
import type { LambdaFunction } from "../function/row.ts";
import { RECURSIONS_MAX } from "../limits.ts";

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

const HASH_DIGITS = 8;

/**
 * The header with one more pass through the function, so that loops are seen where services hand it on. @throws
 * {AwsError} `RecursiveInvocationException` where it went round too often and the function does not allow that.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
export function withLineage(trace: string, of: LambdaFunction): string {
  const own = hash("sha256", of.id, "hex").slice(0, HASH_DIGITS);
  const [, listed = ""] = /(?:^|;)Lineage=([^;]*)/.exec(trace) ?? [];
  const passes = new Map(
    listed
      .split("|")
      .filter((pass) => pass !== "")
      .map(passOf),
  );
  const count = (passes.get(own) ?? 0) + 1;
  if (count > RECURSIONS_MAX && of.recursion === "Terminate") throw recursive();
  passes.set(own, count);
  const lineage = [...passes].map(([name, times]) => `1:${name}:${times}`).join("|");
  return `${trace.replace(/;?Lineage=[^;]*/, "")};Lineage=${lineage}`;
}

function passOf(text: string): readonly [string, number] {
  const [, name = "", times = "0"] = text.split(":");
  return [name, Number(times)];
}
