/** Services that take in what is delivered to them, where no operation of theirs does. */
import type { FindReceiver, FoundReceiver } from "../events/handing.ts";
import type { Answer } from "../identity/evidence.ts";
import { servicesSignedAs } from "../model/models.ts";
import type { Receiver } from "../service/receiver.ts";
import type { Cloud } from "./cloud.ts";
import { recordOfAnswer } from "./denial.ts";
import { errandContext } from "./errand-context.ts";

export async function findReceiver(
  { service: name, type, place }: Parameters<FindReceiver>[0],
  cloud: Cloud,
): Promise<FoundReceiver | undefined> {
  const [{ id } = {}] = servicesSignedAs(name);
  const service = id === undefined ? undefined : await cloud.service(id);
  const take = service?.receivers[type];
  if (service === undefined || take === undefined) return undefined;
  const answers: Answer[] = [];
  const context = errandContext({ service, ...place, waits: () => {}, asked: (answer) => answers.push(answer) }, cloud);
  const receive: Receiver = async (handed, outside) => {
    const answered = await take(handed, outside);
    // refusals are on record by themselves
    const call = { caller: { ...place, principal: handed.as }, service };
    for (const answer of answers) cloud.journal.append(recordOfAnswer(answer, call, cloud));
    return answered;
  };
  return { receive, context };
}
