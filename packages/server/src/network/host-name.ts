/** Names of hosts that requests come to and that are none of AWS's. */

/** One with dots in it: neither an address, nor `localhost`, nor what containers call each other. */
const DOMAIN = /^((?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*)\.?(?::\d+)?$/i;

/** AWS's own, and what stands for them on this machine. */
const NOT_OWN =
  /(?:^|\.)(?:localhost|localhost\.localstack\.cloud|amazonaws\.com(?:\.cn)?|aws\.amazon\.com|api\.aws|on\.aws|amazoncognito\.com|awsapps\.com)$/;

/** The domain of somebody's own that a `Host` header names, in lower case; most requests name none. */
export function ownDomainOf(host: string | undefined): string | undefined {
  const name = host === undefined ? undefined : DOMAIN.exec(host)?.[1]?.toLowerCase();
  return name === undefined || NOT_OWN.test(name) ? undefined : name;
}

/**
 * What nobody can register, so that no stranger decides where such names lead.
 * Source: https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml
 */
const RESERVED = /\.(?:test|example|invalid|local|internal|home\.arpa|lan|intranet|corp|home)$/;

/** Whether strangers may own the domain: their pages could have it lead to this machine, and be of the same origin with it. */
export const isAnybodys = (domain: string): boolean => !RESERVED.test(domain);
