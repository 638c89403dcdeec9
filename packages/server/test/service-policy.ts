/** Policies that let AWS's services in: `sns` is `sns.amazonaws.com`. */
import { policyText } from "./identities.ts";

type Services = string | readonly string[];

const principalOf = (services: Services) => ({ Service: [services].flat().map((name) => `${name}.amazonaws.com`) });

interface Leave {
  readonly service: Services;
  readonly may: string | readonly string[];
  /** ARNs; everything where left out. */
  readonly on?: string | readonly string[];
  readonly where?: object;
}

/** Of a resource that services do something with. */
export function servicePolicy({ service, may, on = "*", where }: Leave): string {
  const Condition = where !== undefined && { Condition: where };
  return policyText({
    Statement: [{ Effect: "Allow", Principal: principalOf(service), Action: may, Resource: on, ...Condition }],
  });
}

/** Of a role that services take on. */
export const serviceTrust = (service: Services): string =>
  policyText({ Statement: [{ Effect: "Allow", Principal: principalOf(service), Action: "sts:AssumeRole" }] });
