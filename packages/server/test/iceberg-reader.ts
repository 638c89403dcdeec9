/** Reads a table as any reader of Iceberg does: from its newest metadata to its files. */
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetTableCommand, S3TablesClient } from "@aws-sdk/client-s3tables";
import { parquetReadObjects } from "hyparquet";
import { assert } from "../src/kernel/assert.ts";
import type { TestCloud } from "./test-cloud.ts";

type Rows = readonly Readonly<Record<string, unknown>>[];

interface Metadata {
  readonly "current-snapshot-id": number;
  readonly snapshots: readonly {
    readonly "snapshot-id": number;
    readonly "manifest-list": string;
    readonly summary: Readonly<Record<string, string>>;
  }[];
}

export interface ReadTable {
  readonly metadata: Metadata;
  readonly rows: Rows;
  /** The paths of its data files. */
  readonly files: readonly string[];
  /** How many manifests there are. */
  readonly manifests: number;
}

export async function readTable(
  cloud: TestCloud,
  tableArn: string | undefined,
  region = "us-east-1",
): Promise<ReadTable> {
  const { metadataLocation } = await cloud
    .client(S3TablesClient, undefined, { region })
    .send(new GetTableCommand({ tableArn }));
  assert(metadataLocation !== undefined, "a table that is read has metadata");
  const read = (path: string): Promise<Buffer> => readFile(cloud.client(S3Client, undefined, { region }), path);
  const metadata: Metadata = JSON.parse((await read(metadataLocation)).toString("utf8"));
  const current = metadata.snapshots.find((each) => each["snapshot-id"] === metadata["current-snapshot-id"]);
  const manifests = current === undefined ? [] : readAvro(await read(current["manifest-list"]));
  const entries: Value[] = [];
  for (const manifest of manifests) entries.push(...readAvro(await read(String(manifest["manifest_path"]))));
  const files = entries.map((entry) => String(recordOf(entry["data_file"])["file_path"]));
  const rows = [];
  for (const file of files) {
    rows.push(...(await parquetReadObjects({ file: new Uint8Array(await read(file)).buffer })));
  }
  return { metadata, rows, files, manifests: manifests.length };
}

async function readFile(s3: S3Client, path: string): Promise<Buffer> {
  const [, Bucket = "", Key = ""] = /^s3:\/\/([^/]+)\/(.+)$/.exec(path) ?? [];
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

type AvroType =
  | "int"
  | "long"
  | "string"
  | { readonly fields: readonly { readonly name: string; readonly type: AvroType }[] };

type Value = Readonly<Record<string, unknown>>;

const recordOf = (value: unknown): Value =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};

/** Records of ints, longs, strings and records, in one block. */
function readAvro(file: Buffer): readonly Value[] {
  const input = new AvroInput(file);
  assert(input.take(4).toString("latin1") === "Obj\u0001", "an Avro file says so");
  let schema: AvroType = "int";
  for (let left = input.long(); left !== 0; left = input.long()) {
    for (; left > 0; left -= 1) {
      const [name, value] = [input.text(), input.text()];
      if (name === "avro.schema") schema = JSON.parse(value);
    }
  }
  input.take(16);
  if (input.isAtEnd) return [];
  const count = input.long();
  input.long();
  return Array.from({ length: count }, () => recordOf(input.value(schema)));
}

class AvroInput {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.byteLength;
  }

  take(size: number): Buffer {
    const taken = this.#bytes.subarray(this.#at, this.#at + size);
    this.#at += size;
    return taken;
  }

  long(): number {
    let [value, shift, byte] = [0n, 0n, 0x80];
    for (; byte >= 0x80; shift += 7n) {
      byte = this.take(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
    }
    return Number((value >> 1n) ^ -(value & 1n));
  }

  text(): string {
    return this.take(this.long()).toString("utf8");
  }

  value(type: AvroType): unknown {
    if (type === "string") return this.text();
    if (typeof type === "string") return this.long();
    return Object.fromEntries(type.fields.map((field) => [field.name, this.value(field.type)]));
  }
}
