/** What one looks at before a guardrail is hung: who used what, and what it would have refused. */
import { makeUser } from "./member-account.ts";
import type { Member, Story } from "./s05-guardrails.ts";

const succeeds = { outcome: "succeeds" } as const;
const S3_FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
const SQS_FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonSQSFullAccess";

/** Who used what, of what they may? */
export async function lookFirst(story: Story, { account, root }: Member): Promise<void> {
  const { teller } = story;
  const dev = await makeUser(teller, root, "dev", S3_FULL_ACCESS);
  await teller.step({
    does: "and AmazonSQSFullAccess.",
    as: root,
    call: ["iam", "AttachUserPolicy"],
    input: { UserName: "dev", PolicyArn: SQS_FULL_ACCESS },
    expect: succeeds,
  });
  await teller.step({
    does: "Before anything is restricted: the developer uses S3",
    as: dev,
    call: ["s3", "ListBuckets"],
    input: {},
    expect: succeeds,
  });
  await teller.step({ does: "and SQS.", as: dev, call: ["sqs", "ListQueues"], input: {}, expect: succeeds });
  const { JobId } = await teller.step({
    does: "What was used, of what may be?",
    as: root,
    call: ["iam", "GenerateServiceLastAccessedDetails"],
    input: { Arn: `arn:aws:iam::${account}:user/dev` },
    expect: succeeds,
  });
  await teller.step({
    does: "S3 and SQS were, and nothing else.",
    as: root,
    call: ["iam", "GetServiceLastAccessedDetails"],
    input: { JobId },
    expect: {
      outcome: "succeeds",
      check({ ServicesLastAccessed = [] }) {
        const used = ServicesLastAccessed.filter(({ LastAuthenticated }) => LastAuthenticated !== undefined);
        const names = used.map(({ ServiceNamespace = "" }) => ServiceNamespace).toSorted();
        return names.join() === "s3,sqs" ? undefined : "s3 and sqs, used";
      },
    },
  });
  await lookEverywhere(story);
}

/** The same of all accounts of the organization. */
async function lookEverywhere({ teller, management, organizationId, rootId }: Story): Promise<void> {
  const { JobId } = await teller.step({
    does: "And in all accounts together?",
    as: management,
    call: ["iam", "GenerateOrganizationsAccessReport"],
    input: { EntityPath: `${organizationId}/${rootId}` },
    expect: succeeds,
  });
  await teller.step({
    does: "Two of them used S3.",
    as: management,
    call: ["iam", "GetOrganizationsAccessReport"],
    input: { JobId, SortKey: "LAST_AUTHENTICATED_TIME_DESCENDING" },
    expect: {
      outcome: "succeeds",
      check: ({ AccessDetails = [] }) =>
        AccessDetails.some(
          ({ ServiceNamespace, TotalAuthenticatedEntities }) =>
            ServiceNamespace === "s3" && TotalAuthenticatedEntities === 2,
        )
          ? undefined
          : "s3, used by two accounts",
    },
  });
}

/** Takes what was called already again, as if the guardrail had hung above all accounts. */
export async function foresee(
  { teller, rootId }: Story,
  { member, guardrail }: { readonly member: Member; readonly guardrail: string },
): Promise<void> {
  const principal = `arn:aws:iam::${member.account}:root`;
  await teller.deed({
    does: "What would it refuse, if it hung above all accounts? Of what was called so far, one call.",
    as: "the auditor",
    command: `kumobako replay --with guardrail.json --target ${rootId}`,
    act: () => teller.replay({ as: "scp", target: rootId, policy: guardrail }),
    expect: {
      outcome: "succeeds",
      check: ([first, another]) =>
        first?.principal === principal && first.action === "s3:DeleteBucket" && another === undefined
          ? undefined
          : `${principal} deleting a bucket, and nothing else`,
    },
  });
}
