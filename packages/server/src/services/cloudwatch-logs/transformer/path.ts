/** Fields of an event that is being transformed, by their paths: `user.address.city`, `tags[0]`. */
import { findOwn } from "../../../kernel/lookup.ts";

/** An event: it is changed in place. */
export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const stepsOf = (path: string): readonly string[] => path.split(/[.[\]]+/).filter((step) => step !== "");

export function fieldAt(root: Fields, path: string): unknown {
  // a name may have dots itself
  if (Object.hasOwn(root, path)) return root[path];
  return stepsOf(path).reduce<unknown>(memberOf, root);
}

function memberOf(value: unknown, step: string): unknown {
  if (Array.isArray(value)) return value[Number(step)];
  return isFields(value) ? findOwn(value, step) : undefined;
}

/** Whatever the name is, `__proto__` too. */
export const setOwn = (fields: Fields, name: string, value: unknown): void => {
  Object.defineProperty(fields, name, { value, writable: true, enumerable: true, configurable: true });
};

/** Objects on the way are made where there is nothing else. */
export function setField(root: Fields, path: string, value: unknown): void {
  const steps = stepsOf(path);
  const last = steps.at(-1) ?? path;
  let fields = root;
  for (const step of steps.slice(0, -1)) {
    const next = memberOf(fields, step);
    if (isFields(next)) {
      fields = next;
      continue;
    }
    const made: Fields = {};
    setOwn(fields, step, made);
    fields = made;
  }
  setOwn(fields, last, value);
}

export function deleteField(root: Fields, path: string): void {
  if (Object.hasOwn(root, path)) {
    delete root[path];
    return;
  }
  const steps = stepsOf(path);
  const last = steps.at(-1) ?? "";
  const parent = steps.slice(0, -1).reduce<unknown>(memberOf, root);
  if (isFields(parent)) delete parent[last];
}
