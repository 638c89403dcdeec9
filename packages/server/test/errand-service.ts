/** A service with work that takes long, as later ones will have: of EC2's model, with volumes that somebody outside makes. */
import { table } from "../src/kernel/table.ts";
import type { ErrandContext } from "../src/service/errand.ts";
import { serviceKit } from "../src/service/operation.ts";
import { defineService, type Service } from "../src/service/service.ts";

type Ec2Sdk = typeof import("@aws-sdk/client-ec2");
type SqsSdk = typeof import("@aws-sdk/client-sqs");

const { operation } = serviceKit<Ec2Sdk>("ec2");

interface Volume {
  readonly id: string;
  readonly state: "creating" | "available";
}

const volumes = table<Volume>("test.volume", "region", ({ id }) => [id]);

const createVolume = operation("CreateVolume", {
  authorize: () => ({ action: "ec2:CreateVolume", resource: "*" }),
  handle(_, context) {
    const id = `vol-${context.newId().slice(0, 8)}`;
    context.tx.put(volumes, { id, state: "creating" });
    context.at(context.now().getTime() + 60_000, "make", id);
    return Promise.resolve({ VolumeId: id });
  },
});

const describeVolumes = operation("DescribeVolumes", {
  authorize: () => ({ action: "ec2:DescribeVolumes", resource: "*" }),
  async handle(_, { tx }) {
    const rows = await tx.scan(volumes, { limit: 100 });
    return { Volumes: rows.map(({ id, state }) => ({ VolumeId: id, State: state })) };
  },
});

/** Does `make` for each volume once its time has come, and then has it there. */
export const errandService = (make: (context: ErrandContext, id: string) => Promise<void>): Service =>
  defineService("ec2", {
    operations: [createVolume, describeVolumes],
    errands: {
      async make(context, id) {
        await make(context, id);
        await context.transact(async ({ tx }) => tx.put(volumes, { id, state: "available" }));
      },
    },
  });

/** Waits for the next message of a queue, as long as one may. */
export async function nextMessage(context: ErrandContext, queue: string): Promise<string | undefined> {
  const { Messages } = await context.call<SqsSdk, "ReceiveMessage">({
    service: "sqs",
    operation: "ReceiveMessage",
    input: { QueueUrl: queue, WaitTimeSeconds: 20 },
    as: { type: "service", service: "ec2.amazonaws.com" },
  });
  return Messages?.[0]?.Body;
}
