import { credentialsOf } from "../credentials.ts";
import type { Directory } from "../directory.ts";
import type { Actor, Lab, Teller } from "../lab.ts";
import { allow, policy, trust } from "../policy.ts";
import type { Person } from "../slapd.ts";
import { makeUser } from "./member-account.ts";

const succeeds = { outcome: "succeeds" } as const;
const denied = { outcome: "refused", code: "AccessDenied" } as const;
const byNobody = { ...denied, because: "because no session policy allows" } as const;

/** As LDAP says that a password is not somebody's. Source: https://www.rfc-editor.org/rfc/rfc4511#appendix-A.2 */
const INVALID_CREDENTIALS = { outcome: "refused", code: "LDAP error 49" } as const;
const UNWILLING_TO_PERFORM = { outcome: "refused", code: "LDAP error 53" } as const;

const ALICE: Person = { name: "alice", password: "wonderland-1865", awsRole: "role-alice" };
const BOB: Person = { name: "bob", password: "builder-1998", awsRole: "role-bob" };
const PEOPLE = [ALICE, BOB] as const;

export const s08: Lab = {
  id: "S08",
  title: "LDAP users reach their own S3 bucket",
  proves: ["fed-ldap-role-lookup", "fed-ldap-identity-broker", "fed-ldap-cannot-login-iam"],
  async run(teller) {
    const world = await prepare(teller);
    await using directory = await teller.directory("The company keeps its people in a directory.", PEOPLE);
    await lookUpRole(world, directory);
    await askBroker(world, directory);
    await limitFederation(world);
    await teller.step({
      does: "Her name and password of the directory are no keys of AWS.",
      as: teller.actor("alice", { accessKeyId: ALICE.name, secretAccessKey: ALICE.password }),
      call: ["sts", "GetCallerIdentity"],
      input: {},
      expect: { outcome: "refused", code: "InvalidClientTokenId" },
    });
    const { name: username, password } = ALICE;
    const form = { account: world.account, username, password };
    const browser = teller.browser();
    await teller.deed({
      does: "Nor do they open the console: its users are those of IAM.",
      as: "alice's browser",
      command: `curl -L ${browser.signIn}/console --data account=${world.account} --data username=${username} --data password=${password}`,
      act: () => browser.post("/console", form),
      expect: { outcome: "refused", code: "HTTP 400", because: "authentication information is incorrect" },
    });
  },
};

interface World {
  readonly teller: Teller;
  readonly account: string;
  /** The users that the application and the broker are. */
  readonly app: Actor;
  readonly broker: Actor;
  readonly bucketOf: (person: Person) => string;
}

async function prepare(teller: Teller): Promise<World> {
  const account = teller.account("A");
  const admin = teller.root(account);
  const bucketOf = ({ name }: Person) => `data-${name}-${teller.suffix}`;
  const app = await makeUser(teller, admin, "app");
  await permit(teller, admin, "app", "It may take the roles of people, and nothing else.", [
    allow("sts:AssumeRole", `arn:aws:iam::${account}:role/role-*`),
  ]);
  for (const person of PEOPLE) await makeBucketAndRole(teller, { account, admin, person, bucket: bucketOf(person) });
  const broker = await makeUser(teller, admin, "broker");
  await permit(teller, admin, "broker", "It may federate people, and whatever they may ever be given.", [
    allow("sts:GetFederationToken", `arn:aws:sts::${account}:federated-user/*`),
    allow("s3:*", ["arn:aws:s3:::data-*", "arn:aws:s3:::data-*/*"]),
  ]);
  return { teller, account, app, broker, bucketOf };
}

async function permit(
  teller: Teller,
  admin: Actor,
  UserName: string,
  does: string,
  statements: readonly ReturnType<typeof allow>[],
): Promise<void> {
  const PolicyDocument = policy(...statements);
  const input = { UserName, PolicyName: "work", PolicyDocument };
  await teller.step({ does, as: admin, call: ["iam", "PutUserPolicy"], input, expect: succeeds });
}

interface Own {
  readonly account: string;
  readonly admin: Actor;
  readonly person: Person;
  readonly bucket: string;
}

async function makeBucketAndRole(teller: Teller, { account, admin, person, bucket }: Own): Promise<void> {
  const RoleName = person.awsRole ?? "none";
  await teller.step({
    does: `A bucket for ${person.name}`,
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  await teller.step({
    does: "and a role, which the application may take on",
    as: admin,
    call: ["iam", "CreateRole"],
    input: { RoleName, AssumeRolePolicyDocument: trust(`arn:aws:iam::${account}:user/app`) },
    expect: succeeds,
  });
  await teller.step({
    does: "and which reaches this one bucket.",
    as: admin,
    call: ["iam", "PutRolePolicy"],
    input: { RoleName, PolicyName: "own-bucket", PolicyDocument: policy(allow("s3:*", reach(bucket))) },
    expect: succeeds,
  });
}

const reach = (bucket: string): readonly string[] => [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];

/** The first way: the directory knows the role, and the application takes it on. */
async function lookUpRole(world: World, directory: Directory | undefined): Promise<void> {
  const { teller, account, app, bucketOf } = world;
  if (directory === undefined) {
    teller.notRun("The application reads somebody's role from the directory, and takes it on.", "needs the directory");
    return;
  }
  const known = await signIn(world, directory, "Alice signs in to the application: the directory knows her role.");
  const { Credentials } = await teller.step({
    does: "The application takes it on.",
    as: app,
    call: ["sts", "AssumeRole"],
    input: { RoleArn: `arn:aws:iam::${account}:role/${known}`, RoleSessionName: ALICE.name },
    expect: succeeds,
  });
  const session = teller.actor("alice in the application", credentialsOf(Credentials));
  await list(teller, session, bucketOf(ALICE), "With it her bucket can be listed,", succeeds);
  await list(teller, session, bucketOf(BOB), "Bob's cannot.", denied);
  await turnAway(world, directory);
}

/** Gives the name of the role that the directory has for Alice. */
async function signIn({ teller }: World, directory: Directory, does: string): Promise<string> {
  const known = await teller.deed({
    does,
    as: "the application",
    command: directory.commandFor(ALICE.name, ALICE.password),
    act: () => directory.signIn(ALICE.name, ALICE.password),
    expect: {
      outcome: "succeeds",
      check: ({ awsRole }) => (awsRole === ALICE.awsRole ? undefined : `the role ${ALICE.awsRole}`),
    },
  });
  return known?.awsRole ?? "none";
}

async function turnAway({ teller, account }: World, directory: Directory): Promise<void> {
  const attempts = [
    {
      does: "With a wrong password the directory turns somebody away,",
      password: "guess",
      expect: INVALID_CREDENTIALS,
    },
    { does: "and with none at all.", password: "", expect: UNWILLING_TO_PERFORM },
  ];
  for (const { does, password, expect } of attempts) {
    await teller.deed({
      does,
      as: "the application",
      command: directory.commandFor(ALICE.name, password === "" ? "''" : password),
      act: () => directory.signIn(ALICE.name, password),
      expect,
    });
  }
  await teller.deed({
    does: "AWS heard nothing of that: the one role taken is the one from before.",
    as: "the auditor",
    command: "kumobako decisions --action sts:AssumeRole --principal user/app",
    act: () => teller.recordedCalls("sts:AssumeRole", `:${account}:user/app`),
    expect: {
      outcome: "succeeds",
      check: ({ length }) => (length === 1 ? undefined : "one call"),
    },
  });
}

/** The second way: a broker checks the password, and has a session of the person's own made. */
async function askBroker(world: World, directory: Directory | undefined): Promise<void> {
  const { teller, broker, bucketOf } = world;
  if (directory === undefined) {
    teller.notRun("A broker asks the directory for the password, and federates somebody.", "needs the directory");
    return;
  }
  await signIn(world, directory, "The second way: the application asks a broker, and that asks the directory.");
  const { Credentials } = await teller.step({
    does: "The broker has a session made that reaches her bucket and lasts an hour.",
    as: broker,
    call: ["sts", "GetFederationToken"],
    input: { Name: ALICE.name, Policy: policy(allow("s3:*", reach(bucketOf(ALICE)))), DurationSeconds: 3600 },
    expect: {
      outcome: "succeeds",
      check: ({ FederatedUser }) =>
        FederatedUser?.Arn?.endsWith(`:federated-user/${ALICE.name}`) === true ? undefined : "federated-user/alice",
    },
  });
  const session = teller.actor("federated alice", credentialsOf(Credentials));
  await list(teller, session, bucketOf(ALICE), "It lists her bucket,", succeeds);
  await list(teller, session, bucketOf(BOB), "not Bob's, though the broker could,", byNobody);
  await teller.step({
    does: "and to IAM it is nobody.",
    as: session,
    call: ["iam", "ListUsers"],
    input: {},
    // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html (no IAM operations)
    expect: { outcome: "refused", code: "InvalidClientTokenId" },
  });
}

async function limitFederation({ teller, broker, bucketOf }: World): Promise<void> {
  const { Credentials } = await teller.step({
    does: "Without a policy of its own",
    as: broker,
    call: ["sts", "GetFederationToken"],
    input: { Name: ALICE.name, DurationSeconds: 3600 },
    expect: succeeds,
  });
  const powerless = teller.actor("alice without a policy", credentialsOf(Credentials));
  await list(teller, powerless, bucketOf(ALICE), "such a session reaches nothing.", denied);
  await teller.step({
    does: "It lasts thirty-six hours at most.",
    as: broker,
    call: ["sts", "GetFederationToken"],
    input: { Name: ALICE.name, DurationSeconds: 129_601 },
    expect: { outcome: "refused", code: "ValidationError" },
  });
  const { Credentials: brief } = await teller.step({
    does: "One of an hour",
    as: broker,
    call: ["sts", "GetFederationToken"],
    input: { Name: ALICE.name, Policy: policy(allow("s3:*", reach(bucketOf(ALICE)))), DurationSeconds: 3600 },
    expect: succeeds,
  });
  const session = teller.actor("alice for an hour", credentialsOf(brief));
  await list(teller, session, bucketOf(ALICE), "works", succeeds);
  await teller.wait("until the hour is over,", 3601);
  await list(teller, session, bucketOf(ALICE), "and then no more.", { outcome: "refused", code: "ExpiredToken" });
}

async function list(
  teller: Teller,
  as: Actor,
  Bucket: string,
  does: string,
  expect: typeof succeeds | { readonly outcome: "refused"; readonly code: string; readonly because?: string },
): Promise<void> {
  await teller.step({ does, as, call: ["s3", "ListObjectsV2"], input: { Bucket }, expect });
}
