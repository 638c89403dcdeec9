/**
 * Mistakes in authorization that clouds on one's own machine have made, each with the cases and tests that show that it
 * is not made here.
 */

/** By file: `scp/levels.json` and its like below this folder, or a test file of the repository. */
type Shown = Readonly<Record<string, readonly string[]>>;

const STS = "packages/server/src/services/sts";
const IAM = "packages/server/src/services/iam";
const ATTACKS = "packages/server/test/attacks";

/** The rule that was broken, and what shows it. */
export const TRAPS: Readonly<Record<string, Shown>> = {
  "a resource's policy does not get past an SCP, an RCP or a boundary": {
    "scp/levels.json": [
      "an SCP bounds where a resource policy allows",
      "an implicit deny of an SCP bounds where a resource policy names the user",
    ],
    "trust/assume-role.json": ["an SCP bounds who assumes roles"],
    "layers/same-account.json": ["an SCP can lock the root user out of the bucket policy"],
    "rcp/levels.json": ["an RCP bounds where the resource policy names the user", "an RCP bounds the root user"],
    "cross-account/both-sides.json": [
      "the caller's SCP bounds across accounts",
      "the owner's RCP bounds across accounts",
      "the caller's boundary bounds across accounts",
    ],
    "packages/server/src/services/organizations/policy/enforcement.test.ts": [
      "an RCP limits a bucket that its own account and others may use",
    ],
  },
  "the SCPs of one level are alternatives, the levels are all asked, and the level that fails is named": {
    "scp/levels.json": [
      "the policies of one level are alternatives",
      "a level without an allow bounds",
      "a level without any policy bounds",
      "the levels are all asked: each has a part",
      "the levels are all asked: all have the same part",
      "the failing level nearest to the root is named first",
    ],
    "packages/server/src/services/organizations/policy/enforcement.test.ts": [
      "the SCPs of one level are a union",
      "the levels are an intersection",
      "the level at which an SCP denies stands in the decision",
    ],
  },
  "the management account and service-linked roles are exempt from SCPs, a role on an instance is not": {
    "scp/levels.json": [
      "the management account is not bounded: no SCPs apply to it",
      "a service-linked role is not bounded: no SCPs apply to it",
      "an SCP bounds a role on an instance",
    ],
    "rcp/levels.json": ["an RCP does not bound service-linked roles"],
    "packages/server/src/services/organizations/policy/enforcement.test.ts": [
      "the management account is exempt, wherever it lies",
    ],
  },
  "what a resource's policy names, the user, the role, the session or the federated user, decides what limits it": {
    "layers/same-account.json": [
      "a user's ARN in the resource policy is not limited by the boundary",
      "a role's ARN in the resource policy needs no identity policy",
      "a role's ARN in the resource policy is limited by the boundary",
      "a role's ARN in the resource policy is limited by the session policy",
      "a session's ARN in the resource policy is limited by neither",
      "a federated user's ARN in the resource policy is limited by neither",
      "the ARN of the user who federated is limited by the session policy",
      "the ARN of the user who federated is limited by the boundary",
      "a star with aws:PrincipalArn of the role is limited by neither",
    ],
    [`${ATTACKS}/sessions.test.ts`]: [
      "a bucket's policy goes past a boundary only where it names the session or the user itself",
    ],
  },
  "an explicit deny wins, wherever it stands": {
    "layers/same-account.json": [
      "a deny in one identity policy beats an allow in another",
      "a deny in the resource policy beats the identity policy",
      "a deny in the identity policy beats the resource policy",
      "a deny in the boundary beats everything",
      "a session's ARN in the resource policy does not survive a deny in the session policy",
      "a session's ARN in the resource policy does not survive a deny in the boundary",
    ],
    "scp/levels.json": ["a deny at the root holds for all below", "a deny at the account holds"],
    "rcp/levels.json": ["a deny at any level holds"],
    "endpoint/policies.json": ["an endpoint policy that denies beats everything"],
    "kms/keys.json": ["a deny in the key policy beats everything", "a deny in the identity policy beats a grant"],
  },
  "session policies intersect with what the role may, and their denies count": {
    "sessions/sessions.json": [
      "session policies intersect with the role's",
      "a session policy alone grants nothing",
      "a deny in a session policy is collected too",
      "identity, boundary and session policy all have to allow",
      "a federated user without session policies may do nothing of itself",
      "a federated user has what its user and its session policy share",
    ],
    [`${STS}/assumed-role.test.ts`]: ["session policies bound the role's rights, and take room"],
    [`${ATTACKS}/sessions.test.ts`]: [
      "what a session policy takes away, a further role does not give to the session itself",
    ],
  },
  "a boundary limits, and grants nothing": {
    "layers/same-account.json": [
      "an allow in the boundary alone grants nothing",
      "a boundary that does not allow bounds the identity policy",
      "a boundary that allows lets the identity policy count",
    ],
  },
  "a key's own policy has to allow, or to leave it to the account": {
    "kms/keys.json": [
      "the key policy leaves it to the account, and an identity policy allows",
      "the key policy leaves it to the account, and no identity policy allows",
      "a key policy that does not name the account makes identity policies worth nothing",
      "the root user has no right to a key that does not name it",
    ],
  },
  "grants of a key are allows with their constraints, and say by way of which service": {
    "kms/keys.json": [
      "a grant is an allow",
      "a deny in the key policy beats a grant",
      "an SCP bounds a grant",
      "a grant to another account is a resource's side",
      "kms:ViaService names the service that uses the key",
      "a direct call has no kms:ViaService",
      "an encryption context may be demanded, and matches",
      "an encryption context may be demanded, and differs",
      "grants may be left to services",
      "a grant that is not for a service is refused",
    ],
  },
  "across accounts both sides have to allow": {
    "cross-account/both-sides.json": [
      "the caller's side alone is not enough",
      "the resource's side alone is not enough",
      "both sides allow: the user is named",
      "a session's ARN is no exception across accounts",
      "a grant of an access control list is not both sides",
    ],
    "trust/assume-role.json": [
      "another account's user is trusted and allowed",
      "another account's user is trusted by name and not allowed at home",
      "another account's user is allowed at home and not trusted",
    ],
    [`${STS}/assumed-role.test.ts`]: ["across accounts both sides have to allow it"],
  },
  "a trust policy that names the very user of its account is enough, one that names the account is not": {
    "trust/assume-role.json": [
      "a trust policy that names the user needs no identity policy",
      "a trust policy that names the account needs an identity policy",
      "a trust policy that names the account, and an identity policy",
    ],
    [`${STS}/assumed-role.test.ts`]: [
      "where the trust policy names the user itself, the user's own policies need not allow it",
    ],
  },
  "a role that nobody has answers as one that does not trust": {
    "trust/assume-role.json": ["an unknown role answers as one that does not trust"],
    [`${STS}/assumed-role.test.ts`]: ["a role that trusts another, and one that nobody has, answer the same"],
  },
  "a trust policy sees all of the request: who, how, with what, on whose behalf": {
    "trust/assume-role.json": [
      "an external id that is demanded and left out",
      "an external id that is demanded and wrong",
      "a session name that has to be the user's",
      "a source identity that is demanded",
      "a second factor that is demanded and not shown",
      "a second factor shown with the very call",
      "passing tags is a question of its own",
      "tags that go on may be limited",
      "tags inherited from the session before count as the principal's",
      "a trust policy may ask where the call comes from",
      "a trust policy may ask for an endpoint",
      "a web identity is let in by its provider and claims",
      "a SAML assertion is asked for its audience",
    ],
    "sessions/sessions.json": [
      "a second factor grows too old with virtual time",
      "a claim of the identity provider stays with the session",
    ],
  },
  "a chain of roles lasts an hour, and carries transitive tags and the source identity on": {
    [`${STS}/assumed-role.test.ts`]: ["a chain of roles lasts an hour at most"],
    [`${STS}/session-tag.test.ts`]: [
      "transitive tags go on along a chain, others do not",
      "the source identity stays along a chain and cannot change",
    ],
    [`${ATTACKS}/sessions.test.ts`]: ["a chain does not outlast its hour by starting over from itself"],
  },
  "who is deleted and made again under the same name is somebody else": {
    "principals/principals.json": [
      "a unique id of one that was deleted is nobody",
      "a unique id of a role that was deleted and made again is not the new one",
    ],
    [`${IAM}/role/trust.test.ts`]: [
      "a user that is made anew under the name is not trusted, until the policy is written again",
    ],
    [`${ATTACKS}/credentials.test.ts`]: [
      "a session of a deleted role has no rights, also where another role gets the name",
    ],
  },
  "a condition on an absent key fails, unless it is negated or says IfExists": {
    "conditions/operators.json": [
      "StringEquals: an absent key is not met",
      "StringNotEquals: an absent key is met, since it is negated",
      "NotIpAddress: an absent key is met, since it is negated",
      "Null true: a absent key is met",
      "Null false: a absent key is not met",
    ],
    "conditions/if-exists.json": [
      "StringEqualsIfExists: an absent key is met",
      "StringEqualsIfExists: a present key still has to match",
      "a deny with StringNotEqualsIfExists holds where the key is absent",
    ],
  },
  "of an absent key ForAllValues holds, ForAnyValue does not": {
    "conditions/sets.json": [
      "ForAllValues: an absent key is met",
      "ForAnyValue: an absent key is not met",
      "ForAllValues in a deny holds for a request without the key",
    ],
  },
  "several values are alternatives, but for negated operators; several keys and operators are all asked": {
    "conditions/multiple.json": [
      "several values of one key are alternatives",
      "a negated operator fails where one of several values matches",
      "a negated operator holds where none of several values matches",
      "several keys of one operator are all asked",
      "one of several keys of one operator is not met",
      "several operators are all asked",
      "one of several operators is not met",
    ],
  },
  "what cannot be read as a number, a date or an address matches nothing": {
    "conditions/unreadable.json": [
      "a text is not equal to a number",
      "a text in the policy is equal to no number, not even to itself",
      "a text is not equal to a number, so it differs from it",
      "an empty text is not less than a number",
      "half an exponent is no number",
      "an exponent is read",
      "a number may begin with its point",
      "a hexadecimal number is none",
      "a word is not before a date",
      "a word is not equal to a date, so it differs from it",
      "a day that no month has is equal to nothing",
      "a host name is in no range",
      "a host name is outside of every range",
      "a range with too long a prefix holds nothing",
      "an address with too large a byte is none",
      "a boolean is true or false and nothing else",
      "text that is not base64 is equal to nothing",
      "what is no ARN is like no ARN",
      "what is no ARN is unlike every ARN",
    ],
  },
  "an operator that does not exist is refused when the policy is stored; its case does not count": {
    "packages/server/src/identity/policy/validate.test.ts": ["with an unknown operator is refused"],
    "conditions/operators.json": [
      "the name of an operator may be written in any case",
      "the name of a condition key may be written in any case",
      "StringEquals: Blue against blue is not met",
    ],
    "conditions/sets.json": ["the name of a set operator may be written in any case"],
  },
  "variables are put in by version 2012-10-17 alone, with their defaults and escapes": {
    "variables/variables.json": [
      "the user's name is put into a resource",
      "a tag of the principal is put in",
      "a default stands in for a missing tag",
      "a tag that is missing matches nothing",
      "${*} is a star",
      "${?} is a question mark and no wildcard",
      "${$} is a dollar sign",
      "version 2008-10-17 takes a variable for text",
      "a policy without a version is of 2008-10-17",
      "a star in a value is a star and no wildcard",
    ],
  },
  "wildcards of actions, resources and principals each have their own rules": {
    "wildcards/actions.json": ["names of actions have no case", "a star may stand inside of a name"],
    "wildcards/resources.json": [
      "a star reaches over slashes",
      "a star for the region does not reach over its colon",
      "a bucket is not its objects",
    ],
    "principals/principals.json": [
      "a part of a name is no wildcard",
      "a star for all users is no wildcard",
      "a session's ARN with a star is no wildcard",
    ],
  },
  "an action that nothing is known of is denied by a named reason": {
    "packages/server/src/identity/explain.test.ts": ["an operation without an action is denied by a named reason"],
    "packages/server/test/gateway/unknown.test.ts": ["what is not built is a 501 that names it, in %s: %s"],
  },
  "the resource that is asked for is the real one": {
    "wildcards/resources.json": [
      "a table is not its index",
      "a function is not its alias",
      "a secret's name needs the six characters behind it",
    ],
    "kms/keys.json": [
      "an identity policy with an alias's ARN does not allow its key",
      "an identity policy may ask for the alias instead",
    ],
    [`${IAM}/role-and-policy-access.test.ts`]: ["each operation asks for its action on the real resource"],
  },
  "calls that services make are calls, with their principal and their source": {
    "layers/same-account.json": [
      "a service needs a resource policy",
      "a service is let in by name",
      "a service is let in for one source only: its own",
      "a service is not let in for another's source",
      "passing a role is a question of its own",
      "passing a role to another service is refused",
    ],
    "rcp/levels.json": ["an RCP against confused deputies stops a service that comes from outside"],
    "cross-account/both-sides.json": ["a service that calls for another account needs the resource's policy only"],
    "packages/server/test/gateway/inner-call.test.ts": [
      "the caller's own rights are asked, and conditions see by way of whom",
    ],
    [`${IAM}/role-and-policy-access.test.ts`]: [
      "handing a role to an instance profile needs the right to pass it to EC2",
    ],
  },
  "nobody can be kept from asking who they are": {
    [`${STS}/caller-identity.test.ts`]: ["no policy can keep a caller from knowing itself"],
  },
  "a refusal says why, in AWS's words": {
    "layers/same-account.json": [
      "of several denies the organization's gives the words",
      "an identity policy that is missing is told before a boundary that is missing",
      "the statement that nearly allowed is shown with the condition that failed",
    ],
    "packages/server/src/identity/explain.test.ts": [
      "the ARN of a policy that denies is named",
      "an explanation shows layer, policy, statement, conditions and remedy",
    ],
  },
};
