import type { Actor, Lab, Teller } from "../lab.ts";

const succeeds = { outcome: "succeeds" } as const;

/** Ids of versions say nothing. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html */
const OPAQUE = /^[\w.]{32}$/;

export const s11: Lab = {
  id: "S11",
  title: "Versions of objects: null ids, random ids, and getting things back",
  proves: ["s3-versioning-purpose", "s3-null-version", "s3-version-id-random"],
  async run(teller) {
    const account = teller.account("A");
    const story = { teller, admin: teller.root(account), bucket: `versions-${teller.suffix}` };
    const before = await beforeVersioning(story);
    await enable(story);
    await newVersions(story);
    await readBack(story, before);
    await deleteAndUndo(story);
    await bringBack(story, before);
    await suspend(story);
  },
};

interface Story {
  readonly teller: Teller;
  readonly admin: Actor;
  readonly bucket: string;
}

/** Gives the tag of the object that was there first. */
async function beforeVersioning({ teller, admin, bucket }: Story): Promise<string | undefined> {
  await teller.step({
    does: "A bucket, as it is made: it keeps one version of each object.",
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  const { ETag } = await teller.step({
    does: "What is put into it gets no version id.",
    as: admin,
    call: ["s3", "PutObject"],
    input: { Bucket: bucket, Key: "a", Body: "first" },
    expect: {
      outcome: "succeeds",
      check: ({ VersionId }) => (VersionId === undefined ? undefined : "no version id"),
    },
  });
  return ETag;
}

async function enable({ teller, admin, bucket }: Story): Promise<void> {
  await teller.step({
    does: "Versioning is enabled.",
    as: admin,
    call: ["s3", "PutBucketVersioning"],
    input: { Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } },
    expect: succeeds,
  });
  await teller.step({
    does: "What was there before is now the version null of its key.",
    as: admin,
    call: ["s3", "ListObjectVersions"],
    input: { Bucket: bucket },
    expect: {
      outcome: "succeeds",
      check: ({ Versions = [] }) => sameAs(Versions.map(nameOf), ["a null latest"]),
    },
  });
}

interface Listed {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly IsLatest?: boolean | undefined;
}

/** `a null latest`; an opaque id is `new`. */
function nameOf({ Key = "", VersionId = "", IsLatest }: Listed): string {
  return `${Key} ${OPAQUE.test(VersionId) ? "new" : VersionId}${IsLatest === true ? " latest" : ""}`;
}

/** What was expected instead. */
const sameAs = (is: readonly string[], expected: readonly string[]): string | undefined =>
  is.join("; ") === expected.join("; ") ? undefined : expected.join("; ");

async function newVersions({ teller, admin, bucket }: Story): Promise<void> {
  const ids = new Set<string | undefined>();
  for (const [Key, Body] of [
    ["a", "second"],
    ["b", "other"],
  ] as const) {
    await teller.step({
      does: `A new version of ${Key} has an id that says nothing, and that no other has.`,
      as: admin,
      call: ["s3", "PutObject"],
      input: { Bucket: bucket, Key, Body },
      expect: {
        outcome: "succeeds",
        check: ({ VersionId = "" }) =>
          OPAQUE.test(VersionId) && isNew(VersionId, ids) ? undefined : "a new opaque id",
      },
    });
  }
  await teller.step({
    does: "Both versions of a are there, the newest first.",
    as: admin,
    call: ["s3", "ListObjectVersions"],
    input: { Bucket: bucket },
    expect: {
      outcome: "succeeds",
      check: ({ Versions = [] }) => sameAs(Versions.map(nameOf), ["a new latest", "a null", "b new latest"]),
    },
  });
}

function isNew(id: string, ids: Set<string | undefined>): boolean {
  const size = ids.size;
  return ids.add(id).size > size;
}

const hasTag =
  (tag: string | undefined) =>
  ({ ETag }: { readonly ETag?: string | undefined }): string | undefined =>
    ETag === tag ? undefined : `the body with the tag ${tag}`;

async function readBack({ teller, admin, bucket }: Story, before: string | undefined): Promise<void> {
  await teller.step({
    does: "The version null is still the first body.",
    as: admin,
    call: ["s3", "GetObject"],
    input: { Bucket: bucket, Key: "a", VersionId: "null" },
    expect: { outcome: "succeeds", check: hasTag(before) },
  });
}

async function deleteAndUndo({ teller, admin, bucket }: Story): Promise<void> {
  const { VersionId: marker } = await teller.step({
    does: "Somebody deletes a, by mistake: a delete marker covers it.",
    as: admin,
    call: ["s3", "DeleteObject"],
    input: { Bucket: bucket, Key: "a" },
    expect: {
      outcome: "succeeds",
      check: ({ DeleteMarker }) => (DeleteMarker === true ? undefined : "a delete marker"),
    },
  });
  await teller.step({
    does: "For who asks for the object it is gone.",
    as: admin,
    call: ["s3", "GetObject"],
    input: { Bucket: bucket, Key: "a" },
    expect: { outcome: "refused", code: "NoSuchKey" },
  });
  await teller.step({
    does: "The delete marker itself is nothing that can be read.",
    as: admin,
    call: ["s3", "GetObject"],
    input: { Bucket: bucket, Key: "a", VersionId: marker },
    expect: { outcome: "refused", code: "MethodNotAllowed" },
  });
  await teller.step({
    does: "Deleting the delete marker",
    as: admin,
    call: ["s3", "DeleteObject"],
    input: { Bucket: bucket, Key: "a", VersionId: marker },
    expect: succeeds,
  });
  await teller.step({
    does: "brings the object back.",
    as: admin,
    call: ["s3", "GetObject"],
    input: { Bucket: bucket, Key: "a" },
    expect: succeeds,
  });
}

async function bringBack({ teller, admin, bucket }: Story, before: string | undefined): Promise<void> {
  await teller.step({
    does: "An application has written nonsense: the version null is copied over it,",
    as: admin,
    call: ["s3", "CopyObject"],
    input: { Bucket: bucket, Key: "a", CopySource: `${bucket}/a?versionId=null` },
    expect: succeeds,
  });
  await teller.step({
    does: "and is the newest version from now on.",
    as: admin,
    call: ["s3", "HeadObject"],
    input: { Bucket: bucket, Key: "a" },
    expect: { outcome: "succeeds", check: hasTag(before) },
  });
}

async function suspend({ teller, admin, bucket }: Story): Promise<void> {
  await teller.step({
    does: "Versioning is suspended; it cannot be taken away.",
    as: admin,
    call: ["s3", "PutBucketVersioning"],
    input: { Bucket: bucket, VersioningConfiguration: { Status: "Suspended" } },
    expect: succeeds,
  });
  await teller.step({
    does: "What is put now is the version null again,",
    as: admin,
    call: ["s3", "PutObject"],
    input: { Bucket: bucket, Key: "a", Body: "third" },
    expect: succeeds,
  });
  await teller.step({
    does: "in the place of the one before; the other versions stay.",
    as: admin,
    call: ["s3", "ListObjectVersions"],
    input: { Bucket: bucket, Prefix: "a" },
    expect: {
      outcome: "succeeds",
      check: ({ Versions = [] }) => sameAs(Versions.map(nameOf), ["a null latest", "a new", "a new"]),
    },
  });
}
