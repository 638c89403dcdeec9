/** Policies and requests at random, of few names so that they meet. */
import type { Caller } from "../src/identity/policy/caller.ts";
import { compilePolicy } from "../src/identity/policy/compile.ts";
import { evaluate, makeRequest } from "../src/identity/policy/evaluate.ts";
import { Seeded } from "./store/seeded.ts";

const ACTIONS = [
  "s3:GetObject",
  "s3:PutObject",
  "s3:Get*",
  "s3:*",
  "*",
  "s3:?etObject",
  "sqs:SendMessage",
  "s*:*e*",
] as const;
const RESOURCES = [
  "*",
  "arn:aws:s3:::b/*",
  "arn:aws:s3:::b/a*",
  "arn:aws:s3:::b/${aws:username}/*",
  "arn:aws:s3:::*/a",
  "arn:aws:sqs:*:111111111111:q?",
  "arn:aws:s3:::b/a",
] as const;
const CONDITIONS: readonly [object, ...object[]] = [
  { StringEquals: { "aws:PrincipalOrgID": ["o-1"] } },
  { StringEquals: { "aws:PrincipalOrgID": ["o-1", "o-2"] } },
  { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } },
  { StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-2" } },
  { StringLike: { "aws:PrincipalOrgID": "o-*" } },
  { StringEqualsIgnoreCase: { "aws:PrincipalOrgID": "O-1" } },
  { "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } },
  { "ForAnyValue:StringEquals": { "aws:TagKeys": "a" } },
  { "ForAnyValue:StringNotLike": { "aws:TagKeys": "a*" } },
  { StringEquals: { "aws:TagKeys": "a" } },
  { Null: { "aws:TagKeys": "true" } },
  { Null: { "aws:PrincipalOrgID": "false" } },
  { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } },
  { NotIpAddress: { "aws:SourceIp": ["10.1.0.0/16", "192.168.0.0/16"] } },
  { IpAddress: { "aws:SourceIp": "10.1.2.0/24" } },
  { Bool: { "aws:SecureTransport": "true" } },
  { Bool: { "aws:SecureTransport": "false" } },
  { BoolIfExists: { "aws:SecureTransport": "false" } },
  { NumericLessThan: { "s3:max-keys": "10" } },
  { NumericLessThanEquals: { "s3:max-keys": "5" } },
  { NumericNotEquals: { "s3:max-keys": "5" } },
  { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/a*" } },
  { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::111111111111:role/*" } },
  { StringEquals: { "aws:PrincipalOrgID": "${aws:PrincipalTag/org}" } },
  { StringNotEquals: { "aws:PrincipalOrgID": "${aws:PrincipalTag/org}" } },
];
const USER = "arn:aws:iam::111111111111:user/u";
const ROLE = "arn:aws:iam::222222222222:role/r";
const SESSION = "arn:aws:sts::222222222222:assumed-role/r/s";
const PRINCIPALS: readonly [unknown, ...unknown[]] = [
  "*",
  { AWS: "*" },
  { AWS: "111111111111" },
  { AWS: "arn:aws:iam::222222222222:root" },
  { AWS: USER },
  { AWS: [USER, "AROAXXXXXXXXXXXXXXXXX"] },
  { AWS: ROLE },
  { AWS: [SESSION, ROLE] },
  { Service: "sns.amazonaws.com" },
  { Federated: "accounts.google.com", AWS: "222222222222" },
  { CanonicalUser: "c".repeat(64) },
];

/** Whether policies name principals. */
export type Mode = "named" | "none";

export function statement(chance: Seeded, mode: Mode): object {
  const effect = chance.below(3) === 0 ? "Deny" : "Allow";
  const some = <T>(choices: readonly [T, ...T[]]): T[] =>
    Array.from({ length: 1 + chance.below(2) }, () => chance.pick(choices));
  const conditions = Array.from({ length: [0, 0, 1, 1, 2][chance.below(5)] ?? 0 }, () => chance.pick(CONDITIONS));
  return {
    Effect: effect,
    [chance.below(5) === 0 ? "NotAction" : "Action"]: some(ACTIONS),
    [chance.below(5) === 0 ? "NotResource" : "Resource"]: some(RESOURCES),
    ...(mode === "named" && { [chance.below(6) === 0 ? "NotPrincipal" : "Principal"]: chance.pick(PRINCIPALS) }),
    ...(conditions.length > 0 && { Condition: Object.assign({}, ...conditions) }),
  };
}

export const policy = (chance: Seeded, mode: Mode): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: Array.from({ length: 1 + chance.below(3) }, () => statement(chance, mode)),
  });

const KEYS: Readonly<Record<string, readonly (readonly string[] | undefined)[]>> = {
  "aws:principalorgid": [undefined, ["o-1"], ["o-2"], ["O-1"], ["x"], [""]],
  "aws:tagkeys": [undefined, ["a"], ["a", "b"], ["c", "ab"], [""], ["", "a"], []],
  "aws:sourceip": [undefined, ["10.1.2.3"], ["10.1.9.9"], ["10.200.0.1"], ["8.8.8.8"], ["192.168.1.1"], ["::1"]],
  "aws:securetransport": [undefined, ["true"], ["false"], ["True"]],
  "s3:max-keys": [undefined, ["3"], ["5"], ["7"], ["12"], ["x"], ["3", "12"]],
  "aws:principalarn": [undefined, ["arn:aws:iam::111111111111:role/ab"], ["arn:aws:iam::222222222222:role/b"], ["x"]],
  "aws:principaltag/org": [undefined, ["o-1"], ["o-2"]],
  "aws:username": [undefined, ["a"], ["u"]],
};

export const NOBODY: Caller = {
  account: undefined,
  isRoot: false,
  own: [],
  behind: [],
  service: undefined,
  federatedProvider: undefined,
  canonicalUser: undefined,
};
const CALLERS: readonly [Caller, ...Caller[]] = [
  NOBODY,
  { ...NOBODY, account: "111111111111", own: [USER, "AIDAXXXXXXXXXXXXXXXXX"] },
  { ...NOBODY, account: "111111111111", own: ["arn:aws:iam::111111111111:user/v", "AIDAYYYYYYYYYYYYYYYYY"] },
  { ...NOBODY, account: "111111111111", isRoot: true, own: ["arn:aws:iam::111111111111:root"] },
  { ...NOBODY, account: "222222222222", own: [SESSION], behind: [ROLE, "AROAXXXXXXXXXXXXXXXXX"] },
  { ...NOBODY, account: "222222222222", own: [`${SESSION}2`], behind: [ROLE, "AROAYYYYYYYYYYYYYYYYY"] },
  { ...NOBODY, account: "333333333333", own: ["arn:aws:iam::333333333333:user/w"], canonicalUser: "c".repeat(64) },
  { ...NOBODY, account: "111111111111", own: ["arn:aws:sts::111111111111:federated-user/f"], behind: [USER] },
  { ...NOBODY, service: "sns.amazonaws.com" },
  { ...NOBODY, service: "sqs.amazonaws.com" },
  { ...NOBODY, federatedProvider: "accounts.google.com" },
];

export const ASKED_ACTIONS = [
  "s3:GetObject",
  "s3:PutObject",
  "s3:SetObject",
  "s3:GetBucketAcl",
  "sqs:SendMessage",
  "iam:x",
] as const;
const ASKED_RESOURCES = [
  "arn:aws:s3:::b/a",
  "arn:aws:s3:::b/u/x",
  "arn:aws:s3:::b/c",
  "arn:aws:s3:::c/a",
  "arn:aws:sqs:us-east-1:111111111111:q1",
  "*",
] as const;

export function request(chance: Seeded, mode: Mode) {
  const keys = new Map(Object.entries(KEYS).map(([key, values]) => [key, values[chance.below(values.length)]]));
  const action = chance.pick(ASKED_ACTIONS);
  const resource = chance.pick(ASKED_RESOURCES);
  const asked = makeRequest(action, resource, { get: (key) => keys.get(key) });
  return { action, resource, asked, caller: mode === "named" ? chance.pick(CALLERS) : undefined, keys };
}

/** Whether the evaluator lets it pass. */
export function allows(text: string, { asked, caller }: Pick<ReturnType<typeof request>, "asked" | "caller">): boolean {
  const { allow, deny } = evaluate(compilePolicy(text), asked, caller);
  return allow !== undefined && deny === undefined;
}
