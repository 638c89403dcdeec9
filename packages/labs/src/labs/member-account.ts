/** Accounts and users of an organization, as several labs need them. */
import { credentialsOf } from "../credentials.ts";
import type { Actor, Teller } from "../lab.ts";

const succeeds = { outcome: "succeeds" } as const;

/** An account that the organization makes, and when it is ready. */
export async function makeAccount(teller: Teller, manager: Actor, name: string): Promise<string> {
  const begun = await teller.step({
    does: `An account ${name} is made. That takes its time,`,
    as: manager,
    call: ["organizations", "CreateAccount"],
    input: { AccountName: name, Email: `${name}-${teller.suffix}@example.com` },
    expect: {
      outcome: "succeeds",
      check: ({ CreateAccountStatus }) => (CreateAccountStatus?.State === "IN_PROGRESS" ? undefined : "IN_PROGRESS"),
    },
  });
  await teller.wait("a minute passes,", 60);
  const done = await teller.step({
    does: "and it is there.",
    as: manager,
    call: ["organizations", "DescribeCreateAccountStatus"],
    input: { CreateAccountRequestId: begun.CreateAccountStatus?.Id },
    expect: {
      outcome: "succeeds",
      check: ({ CreateAccountStatus }) => (CreateAccountStatus?.State === "SUCCEEDED" ? undefined : "SUCCEEDED"),
    },
  });
  return done.CreateAccountStatus?.AccountId ?? "none";
}

/** A user with an access key, and the managed policy if one is named. */
export async function makeUser(teller: Teller, admin: Actor, UserName: string, PolicyArn?: string): Promise<Actor> {
  await teller.step({
    does: `A user ${UserName}`,
    as: admin,
    call: ["iam", "CreateUser"],
    input: { UserName },
    expect: succeeds,
  });
  if (PolicyArn !== undefined) {
    await teller.step({
      does: `with ${PolicyArn.slice(PolicyArn.indexOf("/") + 1)}`,
      as: admin,
      call: ["iam", "AttachUserPolicy"],
      input: { UserName, PolicyArn },
      expect: succeeds,
    });
  }
  const { AccessKey } = await teller.step({
    does: "and an access key.",
    as: admin,
    call: ["iam", "CreateAccessKey"],
    input: { UserName },
    expect: succeeds,
  });
  return teller.actor(UserName, credentialsOf(AccessKey));
}
