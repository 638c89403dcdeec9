/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html */
import type { FederatedUser } from "../../identity/principal.ts";
import type { Access } from "../../service/access.ts";
import { issue, newTemporaryKeyId, sessionOf } from "./issued-session.ts";
import { arn, operation } from "./kit.ts";
import { packedPercent, requireSessionPolicies } from "./session-policy.ts";
import { requireTags } from "./session-tag.ts";
import { requireLongTerm, userSessionSeconds } from "./session-token.ts";

/** The session has the rights that its policies and the calling user's have in common: none without session policies. */
export const getFederationToken = operation("GetFederationToken", {
  authorize({ Name, Tags = [] }, context) {
    requireLongTerm(context, "GetFederationToken");
    const resource = arn(context, `federated-user/${Name}`);
    const requestTags = Tags.length === 0 ? undefined : requireTags(Tags);
    const questions: Access[] = [{ action: "sts:GetFederationToken", resource, requestTags }];
    if (requestTags !== undefined) questions.push({ action: "sts:TagSession", resource, requestTags });
    return questions;
  },

  async handle(input, context) {
    const issuer = requireLongTerm(context, "GetFederationToken");
    const { account } = issuer;
    const tags = requireTags(input.Tags ?? []);
    const policies = await requireSessionPolicies(input, account, context);
    const percent = packedPercent(policies, tags);
    const seconds = userSessionSeconds(issuer, input.DurationSeconds);
    const principal: FederatedUser = {
      type: "federated-user",
      account,
      arn: arn({ partition: context.partition, account }, `federated-user/${input.Name}`),
      userId: `${account}:${input.Name}`,
      name: input.Name,
      issuer: {
        arn: issuer.arn,
        userId: issuer.userId,
        userName: issuer.type === "user" ? issuer.userName : undefined,
      },
      accessKeyId: newTemporaryKeyId(account),
      session: sessionOf(context, seconds, { ...policies, tags }),
    };
    return {
      ...issue(context, principal, input.MinimumSessionTokenSize),
      FederatedUser: { FederatedUserId: principal.userId, Arn: principal.arn },
      PackedPolicySize: percent,
    };
  },
});
