/**
 * Whether a form is what its policy was signed for.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
import type { Clock } from "../../clock/clock.ts";
import type { ByteStream } from "../../kernel/bytes.ts";
import { policyDenies, uploadTooLarge, uploadTooSmall } from "./errors.ts";
import type { FormFields } from "./form-claim.ts";
import type { FormCondition, FormPolicy } from "./form-policy.ts";
import { isOver } from "./freshness.ts";

export interface SignedForm {
  readonly fields: FormFields;
  readonly bucket: string;
}

/** How large the file may be. */
export interface FileBounds {
  readonly min: number;
  readonly max: number;
}

/**
 * Gives the bounds of the file, which is yet to come.
 * @throws {AuthenticationError} `AccessDenied`
 */
export function checkPolicy(
  { expiresAtMs, conditions }: FormPolicy,
  form: SignedForm & { readonly signedAtMs: number | undefined },
  clock: Clock,
): FileBounds {
  if (isOver(expiresAtMs, form.signedAtMs, clock)) throw policyDenies("Policy expired.");
  // the bucket is a field that the address fills in
  const fields = new Map([...form.fields, ["bucket", form.bucket] as const]);
  const failed = conditions.find((condition) => !holds(condition, fields));
  if (failed !== undefined) throw policyDenies(`Policy Condition failed: ${failed.text}`);
  const named = new Set(conditions.map(({ arguments: [name] }) => name.slice(1).toLowerCase()));
  const extra = [...fields.keys()].filter((name) => !named.has(name) && !isExempt(name));
  if (extra.length > 0) throw policyDenies(`Extra input fields: ${extra.join(", ")}`);
  return boundsOf(conditions);
}

/** Fields that need no condition. */
const EXEMPT: ReadonlySet<string> = new Set(["x-amz-signature", "signature", "awsaccesskeyid", "policy", "file"]);

const isExempt = (name: string): boolean => EXEMPT.has(name) || name.startsWith("x-ignore-");

function holds({ kind, arguments: [first, second] }: FormCondition, fields: FormFields): boolean {
  if (kind === "content-length-range") return [first, second].every((bound) => /^\d+$/.test(bound));
  const field = first.slice(1).toLowerCase();
  const value = fields.get(field) ?? "";
  if (kind === "eq") return value === second;
  // several types are each held to the beginning
  const values = field === "content-type" ? value.split(",").map((type) => type.trim()) : [value];
  return values.every((one) => one.startsWith(second));
}

function boundsOf(conditions: readonly FormCondition[]): FileBounds {
  const ranges = conditions.filter(({ kind }) => kind === "content-length-range");
  return {
    min: Math.max(0, ...ranges.map(({ arguments: [min] }) => Number(min))),
    max: Math.min(Number.MAX_SAFE_INTEGER, ...ranges.map(({ arguments: [, max] }) => Number(max))),
  };
}

/** The file, which throws as soon as it is too large and at its end where it is too small. */
export async function* heldTo({ min, max }: FileBounds, file: ByteStream): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of file) {
    size += piece.byteLength;
    if (size > max) throw uploadTooLarge({ size, max });
    yield piece;
  }
  if (size < min) throw uploadTooSmall({ size, min });
}
