/** What a host name says: which service, and for S3 which bucket. */
import { serviceIndex } from "../model/models.ts";

export interface Address {
  /** A host prefix of the index: `monitoring`. */
  readonly host: string;
  /** What stands before it: for S3 the bucket. */
  readonly before: string | undefined;
}

/** Where AWS lives, and what names for this machine end in. */
const SUFFIXES = [
  ".amazonaws.com",
  ".amazonaws.com.cn",
  ".api.aws",
  ".localhost",
  ".localhost.localstack.cloud",
] as const;

const S3_HOSTS = [
  "s3-accelerate",
  "s3-website",
  "s3-accesspoint",
  "s3-object-lambda",
  "s3-outposts",
  "s3express",
  "s3express-control",
] as const;

let hosts: ReadonlySet<string> | undefined;

/** All hosts of the index, and the further names of S3's. */
const knownHosts = (): ReadonlySet<string> =>
  (hosts ??= new Set([...serviceIndex().flatMap((summary) => summary.hosts), ...S3_HOSTS]));

/** `undefined` where the host names no service: an address, a bare `localhost`, another domain. */
export function parseHost(host: string): Address | undefined {
  const name = host.replace(/:\d*$/, "").toLowerCase();
  const suffix = SUFFIXES.find((one) => name.endsWith(one));
  if (suffix === undefined) return undefined;
  const labels = name.slice(0, -suffix.length).split(".");
  // From the right: a bucket may be called like a service, or have dots.
  for (let at = labels.length - 1; at >= 0; at--) {
    const before = at === 0 ? undefined : labels.slice(0, at).join(".");
    const known = hostAt(labels, at);
    if (known !== undefined && isPlace(labels.slice(at + known.split(".").length))) return withoutPair(known, before);
  }
  // `bucket.localhost`: nothing but a bucket stands before the name of this machine alone.
  return suffix.startsWith(".localhost") ? { host: "s3", before: labels.join(".") } : undefined;
}

/** The region in a name of AWS's own: `eu-west-1` of `sqs.eu-west-1.amazonaws.com`. */
export const regionInHost = (host: string): string | undefined =>
  /\.([a-z]{2}(?:-[a-z]+)+-\d+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)(?::\d+)?$/i.exec(host)?.[1]?.toLowerCase();

/** The known host that begins at `labels[at]`: also with a region after a hyphen, as S3's older names. */
function hostAt(labels: readonly string[], at: number): string | undefined {
  const one = labels[at] ?? "";
  const two = `${one}.${labels[at + 1] ?? ""}`;
  const candidates = [two, one, one.replace(/-fips$/, ""), one.replace(/-[a-z]{2}(?:-[a-z]+)+-\d$/, "")];
  return candidates.find((candidate) => knownHosts().has(candidate));
}

/** What may follow a service: `us-east-1`, `dualstack.eu-west-1`, nothing. */
const isPlace = (labels: readonly string[]): boolean =>
  labels.every((label) => label === "dualstack" || label === "global" || /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/.test(label));

/** `api` of `api.ecr` is no bucket. */
function withoutPair(host: string, before: string | undefined): Address {
  const paired = before === undefined ? undefined : `${before}.${host}`;
  return paired !== undefined && knownHosts().has(paired) ? { host: paired, before: undefined } : { host, before };
}
