/**
 * Parts of the data as access grants name them: `s3://bucket/prefix*`.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-grant.html
 */

/** The scope of a grant: what `subPrefix` leaves of a location. */
export function joinScope(location: string, subPrefix: string | undefined): string {
  if (subPrefix === undefined) return location;
  const start = location.replace(/\*$/, "");
  return start.endsWith("/") ? start + subPrefix : `${start}/${subPrefix}`;
}

/** Whether all that `target` names is within `scope`. */
export function covers(scope: string, target: string): boolean {
  if (!scope.endsWith("*") && !scope.endsWith("/")) return scope === target;
  const start = scope.replace(/\*$/, "");
  return target.replace(/\*$/, "").startsWith(start);
}

export interface ScopeParts {
  readonly bucket: string;
  /** What keys begin with; empty: all. */
  readonly prefix: string;
  /** Whether one object is meant. */
  readonly isObject: boolean;
}

export function partsOf(scope: string): ScopeParts {
  const [, bucket = "", rest = ""] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(scope) ?? [];
  const prefix = rest.replace(/\*$/, "");
  return { bucket, prefix, isObject: prefix !== "" && !rest.endsWith("*") && !rest.endsWith("/") };
}
