/** Policy texts, written short. */
export type Statement = Readonly<Record<string, unknown>>;

export const policy = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

export const allow = (
  actions: string | readonly string[],
  resource: string | readonly string[],
  more: Statement = {},
) => ({
  Effect: "Allow",
  Action: actions,
  Resource: resource,
  ...more,
});

/** A trust policy for those whom an identity provider vouches for. */
export const federatedTrust = (provider: string, action: string, condition: Statement): string =>
  policy({ Effect: "Allow", Principal: { Federated: provider }, Action: action, Condition: condition });

/** A trust policy for one AWS principal. */
export const trust = (principal: string, more: Statement = {}): string =>
  policy({ Effect: "Allow", Principal: { AWS: principal }, Action: "sts:AssumeRole", ...more });

/** A trust policy for a service: `lambda` is `lambda.amazonaws.com`. */
export const serviceTrust = (service: string): string =>
  policy({ Effect: "Allow", Principal: { Service: `${service}.amazonaws.com` }, Action: "sts:AssumeRole" });
