/** A context of which S3 knows more than the gateway does. */

/** `below` with some of its members covered: what is not covered still finds its own private state. */
export function overlaid<T extends object>(below: T, above: Readonly<Record<string, unknown>>): T {
  return new Proxy(below, {
    has: (target, name) => name in above || name in target,
    get(target, name) {
      if (typeof name === "string" && name in above) return above[name];
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const bound: unknown = value.bind(target);
      return bound;
    },
  });
}
