/** What a service hands over and waits for: as deliveries are, but once, and without a trace of it in the store. */
import { hand } from "../events/handing.ts";
import { AwsError } from "../kernel/aws-error.ts";
import { newUuid } from "../kernel/ids.ts";
import { OutwardError } from "../kernel/outward-error.ts";
import type { Context, Delivery } from "../service/context.ts";
import type { Cloud } from "./cloud.ts";

/** What the receiver answered. @throws {AwsError} why it does not take it */
export async function handNow(delivery: Delivery, context: Context, cloud: Cloud): Promise<string | undefined> {
  const { account, region } = context;
  const handed = { ...delivery, account, region, id: newUuid(), atMs: context.now().getTime() };
  const { findReceiver } = await import("./receivers.ts");
  try {
    return await hand(handed, context, (asked) => findReceiver(asked, cloud));
  } catch (error) {
    throw error instanceof OutwardError ? new AwsError("RequestFailed", error.message) : error;
  }
}
