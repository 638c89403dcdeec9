import { expect, test } from "vitest";
import { newUuid } from "../../../kernel/ids.ts";
import { NOWHERE, type Transaction } from "../../../kernel/table.ts";
import { openMemory } from "../../../store/drivers/open.ts";
import { annotations, giveAnnotations, type Annotation } from "../annotation/row.ts";
import type { Bucket } from "../bucket/row.ts";
import { CURRENT, findVersion, objects, type StoredObject } from "../object/object.ts";
import { endCurrent, endVersion, makeRoom } from "./succession.ts";
import { NULL_VERSION } from "./id.ts";
import type { StoredVersion } from "./row.ts";
import { walkVersions } from "./walk.ts";

const VERSIONS = 1000;

const BUCKET = { name: "b", versioning: { status: "Enabled" } } as const;

const EMPTY: StoredObject = {
  bucket: BUCKET.name,
  key: "k",
  order: CURRENT,
  size: 0,
  etag: "",
  modifiedAtMs: 0,
  checksum: { algorithm: "CRC32", type: "FULL_OBJECT", value: "" },
  body: { kind: "here", blob: { kind: "inline", sealed: "", size: 0 } },
  headers: { contentType: "text/plain" },
  userMetadata: {},
  tags: {},
};

interface Count {
  gets: number;
  rows: number;
}

/** What is read in a transaction, row by row. */
const counting = (tx: Transaction, count: Count): Transaction => ({
  ...tx,
  get: (from, ...key) => {
    count.gets++;
    return tx.get(from, ...key);
  },
  put: (into, row) => tx.put(into, row),
  delete: (from, ...key) => tx.delete(from, ...key),
  clear: (from, range) => tx.clear(from, range),
  in: (scope) => tx.in(scope),
  changed: tx.changed,
  async scan(from, range) {
    const found = await tx.scan(from, range);
    count.rows += found.length;
    return found;
  },
});

async function versionedKey() {
  const { store, blobStore } = await openMemory();
  const nowMs = 1_700_000_000_000;
  const run = async <T>(work: (effects: Parameters<typeof makeRoom>[1]) => Promise<T>) => {
    const count: Count = { gets: 0, rows: 0 };
    const given = await store.transact(NOWHERE, (tx) =>
      work({
        tx: counting(tx, count),
        blobs: blobStore.bind(tx),
        now: () => new Date(nowMs),
        newId: newUuid,
      }),
    );
    return { given, count };
  };
  const place = { key: "k", bucket: BUCKET };
  return {
    run,
    put: () =>
      run(async (effects) => {
        const current = await effects.tx.get(objects, BUCKET.name, "k", CURRENT);
        const object: StoredObject = { ...EMPTY, ...(await makeRoom({ ...place, current }, effects)) };
        effects.tx.put(objects, { ...object, modifiedAtMs: nowMs });
        return object.versionId ?? NULL_VERSION;
      }),
    remove: () =>
      run(async (effects) =>
        endCurrent({ ...place, current: await effects.tx.get(objects, BUCKET.name, "k", CURRENT) }, effects),
      ),
    find: (VersionId: string) =>
      run((effects) => findVersion({ Bucket: BUCKET.name, Key: "k", VersionId }, BUCKET, effects)),
    list: (limit: number, versionId?: string) =>
      run(({ tx }) => {
        const marker = versionId === undefined ? undefined : { key: "k", versionId };
        return walkVersions(tx, { bucket: BUCKET.name, prefix: "", delimiter: undefined, marker, limit });
      }),
  };
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html (any number of versions)
test("whatever is done to a key costs the same with a thousand versions of it as with a few", async () => {
  const key = await versionedKey();
  const costs: Record<string, readonly number[]> = {};
  const note = (what: string, ...counts: readonly Count[]) => {
    costs[what] = [...(costs[what] ?? []), Math.max(...counts.map(({ gets, rows }) => gets + rows))];
  };
  const ids: string[] = [];
  const grow = async (to: number) => {
    while (ids.length < to) ids.push((await key.put()).given);
  };
  const measure = async () => {
    const put = await key.put();
    const marker = await key.remove();
    const again = await key.put();
    note("put", put.count, again.count);
    note("delete", marker.count);
    const oldest = await key.find(ids[0] ?? "");
    expect(oldest.given).toMatchObject({ versionId: ids[0] });
    note("read", oldest.count, (await key.find(ids[1] ?? "")).count);
    const page = await key.list(3, ids[1]);
    expect(page.given.entries).toHaveLength(1);
    note("list", page.count, (await key.list(3)).count);
    const removed = await key.run(async (effects) =>
      endVersion(found(again.given, await key.find(again.given)), effects),
    );
    note("remove", removed.count);
  };
  await grow(5);
  await measure();
  await grow(VERSIONS);
  await measure();
  for (const [few, many] of Object.values(costs)) expect(many).toBe(few);
  expect(Object.keys(costs)).toHaveLength(5);
});

const found = (id: string, { given }: { readonly given: StoredVersion | undefined }): StoredVersion => {
  if (given === undefined) throw new Error(`${id} is gone`);
  return given;
};

test("versions made in one second keep their order", async () => {
  const key = await versionedKey();
  const made: string[] = [];
  for (let index = 0; index < 50; index++) made.unshift((await key.put()).given);
  const { given } = await key.list(100);
  const listed = given.entries.flatMap((entry) => (entry.kind === "row" ? [entry.row.version.versionId] : []));
  expect(listed).toEqual(made);
});

const TEXT: Annotation = {
  anchor: "",
  name: "a",
  size: 0,
  etag: "",
  modifiedAtMs: 0,
  checksum: { algorithm: "CRC32", value: "" },
  blob: { kind: "inline", sealed: "", size: 0 },
};

test("annotations end with their version, whichever way it ends", async () => {
  const { run } = await versionedKey();
  const put = (bucket: Pick<Bucket, "name" | "versioning">) =>
    run(async (effects) => {
      const current = await effects.tx.get(objects, bucket.name, "k", CURRENT);
      const made = { ...EMPTY, ...(await makeRoom({ key: "k", bucket, current }, effects)) };
      const object: StoredObject = { ...made, ...giveAnnotations([TEXT], effects) };
      effects.tx.put(objects, object);
      return object;
    });
  const left = async () => (await run(({ tx }) => tx.scan(annotations, { prefix: [], limit: 10 }))).given.length;
  const plain = { name: BUCKET.name };
  await put(plain);
  await put(plain);
  expect(await left()).toBe(1);
  const { given: first } = await put(BUCKET);
  expect(await left()).toBe(2);
  const suspended = { ...plain, versioning: { status: "Suspended" } } as const;
  await put(suspended);
  await put(suspended);
  expect(await left()).toBe(2);
  const { given: old } = await run((effects) =>
    findVersion({ Bucket: BUCKET.name, Key: "k", VersionId: first.versionId }, suspended, effects),
  );
  if (old) await run((effects) => endVersion(old, effects));
  expect(await left()).toBe(1);
  await run(async (effects) =>
    endCurrent({ key: "k", bucket: suspended, current: await effects.tx.get(objects, "b", "k", CURRENT) }, effects),
  );
  expect(await left()).toBe(0);
});
