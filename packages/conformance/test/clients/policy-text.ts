/** Policies, written short. */
type Statement = Readonly<Record<string, unknown>>;

export const policy = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

export const trust = (principal: string): string =>
  policy({ Effect: "Allow", Principal: { AWS: principal }, Action: "sts:AssumeRole" });
