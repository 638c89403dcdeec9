import type { Soon } from "./kernel/soon.ts";
import type { PoliciedResources } from "./service/policied.ts";
import type { Service } from "./service/service.ts";

interface Parts {
  /** The ids of all services that are built. */
  readonly services: () => readonly string[];
  readonly service: (modelId: string) => Soon<Service | undefined>;
}

/** What has policies, the services themselves say: all of them are loaded when somebody first asks. */
export function lazyPolicied({ services, service }: Parts): PoliciedResources {
  return {
    async types() {
      const loaded = await Promise.all(services().map(async (id) => service(id)));
      return loaded.flatMap((each) => each?.policied ?? []);
    },
  };
}
