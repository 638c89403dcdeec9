/**
 * Files in Avro's form, as Iceberg's manifests have it: records of one schema, uncompressed, in one block.
 * Source: https://avro.apache.org/docs/1.11.1/specification/#object-container-files
 */

type AvroPrimitive = "int" | "long" | "string";

export interface AvroRecord {
  readonly type: "record";
  readonly name: string;
  readonly fields: readonly AvroField[];
}

interface AvroField {
  readonly name: string;
  readonly type: AvroPrimitive | AvroRecord;
  /** By which Iceberg knows the field. */
  readonly "field-id": number;
}

/** Plain values, by the names of fields. */
export interface AvroValue {
  readonly [field: string]: string | number | AvroValue;
}

export interface AvroFile {
  readonly schema: AvroRecord;
  /** What the file says beside its schema. */
  readonly facts: Readonly<Record<string, string>>;
  readonly rows: readonly AvroValue[];
  /** 16 bytes that end each block. */
  readonly sync: Uint8Array;
}

const MAGIC = Buffer.from("Obj\u0001", "latin1");

export function writeAvro({ schema, facts, rows, sync }: AvroFile): Uint8Array {
  const said = Object.entries({ "avro.schema": JSON.stringify(schema), "avro.codec": "null", ...facts });
  const header = [
    MAGIC,
    long(said.length),
    ...said.flatMap(([name, value]) => [text(name), text(value)]),
    long(0),
    sync,
  ];
  const block = Buffer.concat(rows.flatMap((row) => record(schema, row)));
  const blocks = rows.length === 0 ? [] : [long(rows.length), long(block.byteLength), block, sync];
  return Buffer.concat([...header, ...blocks]);
}

const record = ({ fields }: AvroRecord, row: AvroValue): Buffer[] =>
  fields.flatMap(({ name, type }) => encode(type, row[name]));

function encode(type: AvroField["type"], value: AvroValue[string] | undefined): Buffer[] {
  if (typeof type === "object") return record(type, typeof value === "object" ? value : {});
  return [type === "string" ? text(typeof value === "string" ? value : "") : long(Number(value))];
}

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([long(bytes.byteLength), bytes]);
};

const CONTINUED = 0x80n;
const SEVEN_BITS = 0x7fn;

/** Signs go last, seven bits a byte, the lowest first. */
function long(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value) >= 0n ? BigInt(value) << 1n : (-BigInt(value) << 1n) - 1n;
  for (; rest > SEVEN_BITS; rest >>= 7n) bytes.push(Number((rest & SEVEN_BITS) | CONTINUED));
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
