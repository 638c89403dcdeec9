import type { ShareFacts, Sharing } from "./identity/sharing.ts";
import { parseArn } from "./kernel/arn.ts";
import type { Soon } from "./kernel/soon.ts";
import { servicesSignedAs } from "./model/models.ts";
import type { Service } from "./service/service.ts";

interface Parts {
  readonly load: () => Promise<ShareFacts>;
  /** `undefined`: the service is not built. */
  readonly service: (modelId: string) => Soon<Service | undefined>;
}

/** Sharing whose code is loaded when a service first asks; what there is to share, the services themselves say. */
export function lazySharing({ load, service }: Parts): Sharing {
  return {
    policyOf: async (...asked) => (await load()).policyOf(...asked),
    sharedWith: async (...asked) => (await load()).sharedWith(...asked),
    findShared: async (...asked) => (await load()).findShared(...asked),

    async isShareable({ arn, type }, tx) {
      for (const { id } of servicesSignedAs(parseArn(arn)?.service ?? "")) {
        const shareable = (await service(id))?.shareable.find((known) => known.type === type);
        if (shareable) return shareable.exists(arn, tx);
      }
      return false;
    },
  };
}
