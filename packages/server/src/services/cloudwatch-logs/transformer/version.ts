/** The two versions of an event: as it came, and as the transformer of its group makes it. */
import type { Context } from "../../../service/context.ts";
import type { StoredEvent } from "../event/walk.ts";
import { accountTransformer } from "../account-policy-row.ts";
import { homeOf, type LogGroup } from "../group-row.ts";
import { transformers, type Transformer } from "./row.ts";
import { compileTransformer, type Config } from "./transform.ts";

export interface Versions {
  /** `undefined`: the event could not be transformed, or came before there was a transformer. */
  transformed(event: StoredEvent): string | undefined;
}

function configOf({ config }: Pick<Transformer, "config">): Config {
  return JSON.parse(config);
}

/** Its own transformer goes before those of its account. `undefined`: the group has none. */
export async function versionsOf(group: LogGroup, { tx }: Pick<Context, "tx">): Promise<Versions | undefined> {
  if (group.class !== "STANDARD") return undefined;
  const home = homeOf(group, tx);
  const own = group.isTransformed === true ? await home.get(transformers, group.id) : undefined;
  const found = own ?? (await accountTransformer(group, home));
  if (found === undefined) return undefined;
  const transform = await compileTransformer(configOf(found));
  const of = { "@logGroupName": group.name, "@accountId": group.account, "@regionName": group.region };
  const known = new WeakMap<StoredEvent, string | undefined>();
  return {
    transformed(event) {
      if (event.ingestedMs < found.createdAtMs) return undefined;
      if (!known.has(event)) known.set(event, transform(event.message, { ...of, "@logGroupStream": event.streamName }));
      return known.get(event);
    },
  };
}

/** The events as one sees them who wants them transformed, where their group does that, or as they came. */
export function versionsFor(
  events: readonly StoredEvent[],
  isTransformed: boolean,
  versions: Versions | undefined,
): readonly StoredEvent[] {
  if (!isTransformed || versions === undefined) return events;
  return events.flatMap((event) => {
    const message = versions.transformed(event);
    return message === undefined ? [] : [{ ...event, message }];
  });
}
