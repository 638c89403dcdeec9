/** Services that take in what is delivered to them, where no operation of theirs does. */
import type { FindReceiver, FoundReceiver } from "../events/handing.ts";
import { serviceIndex } from "../model/models.ts";
import type { Cloud } from "./cloud.ts";
import { errandContext } from "./errand-context.ts";

export async function findReceiver(
  { service: name, type, place }: Parameters<FindReceiver>[0],
  cloud: Cloud,
): Promise<FoundReceiver | undefined> {
  const { id } = serviceIndex().find(({ signingName }) => signingName === name) ?? {};
  const service = id === undefined ? undefined : await cloud.service(id);
  const receive = service?.receivers[type];
  if (service === undefined || receive === undefined) return undefined;
  return { receive, context: errandContext({ service, ...place, waits: () => {} }, cloud) };
}
