/** `a && (b || c)`: how conditions are joined in structured patterns. */
import { patternInvalid } from "./errors.ts";
import type { Scanner } from "./scanner.ts";

/** How deep parentheses may go. */
const DEPTH_MAX = 100;

export type Test<Subject> = (subject: Subject) => boolean;

/** @throws {AwsError} `InvalidParameterException` */
export function readJoined<Subject>(scanner: Scanner, condition: () => Test<Subject>, depth = 0): Test<Subject> {
  const one = (): Test<Subject> => {
    if (!scanner.take("(")) return condition();
    if (depth === DEPTH_MAX) throw patternInvalid();
    const inside = readJoined(scanner, condition, depth + 1);
    scanner.expect(")");
    return inside;
  };
  const both = (): Test<Subject> => {
    const tests = [one()];
    while (scanner.take("&&")) tests.push(one());
    return (subject) => tests.every((test) => test(subject));
  };
  const tests = [both()];
  while (scanner.take("||")) tests.push(both());
  return (subject) => tests.some((test) => test(subject));
}
