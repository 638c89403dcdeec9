import type { Soon } from "./soon.ts";

/** `make`, made on the first call and given again on every later one. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** The same, but no promise any more once it is made. */
export function onceThere<T>(make: () => Promise<T>): () => Soon<T> {
  let made: Soon<T> | undefined;
  const keep = (value: T): T => {
    made = value;
    return value;
  };
  return () => (made ??= make().then(keep));
}
