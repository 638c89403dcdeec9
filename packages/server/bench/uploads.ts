/** A hundred parts at once from four clients: the cores that it takes, and what other calls notice of it. */
import { readFile } from "node:fs/promises";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { beginUpload, clientOf, partHead } from "./part-upload.ts";
import { kumobako, load, type Served } from "./processes.ts";
import { signedRequest } from "./signed.ts";
import { median, type Row } from "./table.ts";

const ROOT = { accessKeyId: "test", secretAccessKey: "test" };
const CLIENTS = 4;
const PARTS_PER_CLIENT = 25;
const PART_BYTES = 5 * 1024 * 1024;

export interface UploadsOptions {
  readonly dataDirectory: string;
  readonly rounds: number;
}

export async function uploads({ dataDirectory, rounds }: UploadsOptions): Promise<Row[]> {
  await using cloud = await kumobako({ dataDirectory });
  const signed = { port: cloud.port, credentials: ROOT };
  const probe = await signedRequest(STSClient, new GetCallerIdentityCommand({}), signed);
  const heads = await partHeads(cloud);
  const first = await upload(cloud, heads);
  const [p99s, cores]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const probing = { port: cloud.port, requests: [probe.toString("base64")], connections: 1, seconds: first * 0.9 };
    const before = await processorSeconds(cloud.pid);
    const [seconds, { p99Ms }] = await Promise.all([upload(cloud, heads), load(probing)]);
    p99s.push(p99Ms);
    cores.push(((await processorSeconds(cloud.pid)) - before) / seconds);
  }
  return [
    { name: "another call while 100 parts come in", measured: median(p99s), goal: "≤ 20", unit: "ms, p99" },
    { name: "cores taken by 100 parts", measured: median(cores), unit: "cores, of two that the clients share" },
  ];
}

/** The heads of requests that each upload one part. */
async function partHeads(cloud: Served): Promise<readonly string[]> {
  const s3 = clientOf(cloud);
  const begun = await beginUpload(s3);
  s3.destroy();
  const Body = Buffer.alloc(PART_BYTES, "k");
  const heads: string[] = [];
  // one after the other: each is signed with its whole body
  for (let PartNumber = 1; PartNumber <= CLIENTS * PARTS_PER_CLIENT; PartNumber++) {
    heads.push(await partHead(cloud, { ...begun, PartNumber, Body }));
  }
  return heads;
}

/** Gives the seconds that it took. */
async function upload({ port }: Served, heads: readonly string[]): Promise<number> {
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      const requests = heads.slice(client * PARTS_PER_CLIENT, (client + 1) * PARTS_PER_CLIENT);
      const order = { port, requests, connections: PARTS_PER_CLIENT, seconds: 0, bodyBytes: PART_BYTES };
      const { failures, firstFailure } = await load(order);
      if (failures > 0) throw new Error(firstFailure);
    }),
  );
  return (performance.now() - start) / 1000;
}

const TICKS_PER_SECOND = 100;

/** Source: proc_pid_stat(5): user and system time are the 14th and 15th value, in ticks. */
async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const values = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(values[11]) + Number(values[12])) / TICKS_PER_SECOND;
}
