/** What is swept: every service in every protocol it speaks. */
import { serviceIndex } from "../../../server/src/model/models.ts";
import type { ProtocolName } from "../../../server/src/model/service-model.ts";
import type { Round } from "./sweep.ts";

/** Every service that speaks JSON can be spoken to in CBOR, too. */
function protocolsOf(protocols: readonly ProtocolName[]): readonly ProtocolName[] {
  const speaksJson = protocols.some((name) => name.startsWith("aws-json"));
  return speaksJson ? [...new Set<ProtocolName>([...protocols, "rpc-v2-cbor"])] : protocols;
}

/** The SDK package of the one has no schemas, the other has none of its own: there is no client to speak to. */
const WITHOUT_CLIENT: readonly string[] = ["rolesanywhere", "signin"];

const spoken = serviceIndex().filter(({ id }) => !WITHOUT_CLIENT.includes(id));

export const ROUNDS: readonly Round[] = [
  ...spoken.flatMap(({ id, protocols }) =>
    protocolsOf(protocols).map((protocol): Round => ({ id, protocol, style: "path" })),
  ),
  { id: "s3", protocol: "rest-xml", style: "host" },
];
