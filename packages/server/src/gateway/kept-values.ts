/**
 * What a record may keep of what was asked for and answered: nothing secret, and no bytes, which events leave out.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html (`Plaintext`)
 */
import type { Member, Shape, StructureShape, UnionShape } from "../model/shape.ts";

/** As CloudTrail has it. Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-cloudtrail-logs.html */
const HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";

/** What is kept of a value; `undefined`: the value as it is. */
type Keep = ((value: unknown) => unknown) | undefined;

const keeps = new WeakMap<Shape, { readonly keep: Keep }>();

/** `value` in plain JSON, in the model's words. */
export function keptValues(value: object, shape: StructureShape): object | undefined {
  const keep = keepOf(shape);
  const kept = keep === undefined ? value : keep(value);
  if (typeof kept !== "object" || kept === null) return undefined;
  return Object.keys(kept).length === 0 ? undefined : kept;
}

function keepOf(shape: Shape): Keep {
  const known = keeps.get(shape);
  if (known !== undefined) return known.keep;
  // of a shape that holds itself nothing is known yet: it is looked at each time
  keeps.set(shape, { keep: (value) => keepOf(shape)?.(value) ?? value });
  const keep = makeKeep(shape);
  keeps.set(shape, { keep });
  return keep;
}

function makeKeep(shape: Shape): Keep {
  if (shape.kind === "blob") return () => undefined;
  if (shape.traits.sensitive !== undefined) return () => HIDDEN;
  switch (shape.kind) {
    case "timestamp":
      return (value) => (value instanceof Date ? value.toISOString() : value);
    case "list":
      return keepList(keepMember(shape.member));
    case "map":
      return keepMap(keepMember(shape.value));
    case "structure":
    case "union":
      return keepStructure(shape);
    case "string":
    case "number":
    case "boolean":
    case "document":
      return undefined;
  }
}

const keepMember = ({ shape, traits }: Pick<Member, "shape" | "traits">): Keep =>
  traits.sensitive === undefined || shape.kind === "blob" ? keepOf(shape) : () => HIDDEN;

const keepList = (keep: Keep): Keep =>
  keep && ((value) => (Array.isArray(value) ? value.map((one: unknown) => keep(one)) : value));

const keepMap = (keep: Keep): Keep =>
  keep &&
  ((value) =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, keep(one)]))
      : value);

function keepStructure({ members }: StructureShape | UnionShape): Keep {
  const changed = members.flatMap((member) => {
    const keep = keepMember(member);
    return keep === undefined ? [] : [[member.name, keep] as const];
  });
  if (changed.length === 0) return undefined;
  return (value) => {
    if (typeof value !== "object" || value === null) return value;
    const kept: Record<string, unknown> = { ...value };
    for (const [name, keep] of changed) if (kept[name] !== undefined) kept[name] = keep(kept[name]);
    return kept;
  };
}
