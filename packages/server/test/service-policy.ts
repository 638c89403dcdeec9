/** The policy of a resource that lets one of AWS's services do something with it. */
import { policyText } from "./identities.ts";

interface Leave {
  /** `sns`, or several. */
  readonly service: string | readonly string[];
  readonly may: string | readonly string[];
  /** ARNs; everything where left out. */
  readonly on?: string | readonly string[];
  readonly where?: object;
}

export function servicePolicy({ service, may, on = "*", where }: Leave): string {
  const Service = [service].flat().map((name) => `${name}.amazonaws.com`);
  const Condition = where !== undefined && { Condition: where };
  return policyText({
    Statement: [{ Effect: "Allow", Principal: { Service }, Action: may, Resource: on, ...Condition }],
  });
}
