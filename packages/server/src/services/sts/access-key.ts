/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html */
import { accountOfAccessKeyId } from "../../kernel/ids.ts";
import { accessKeyInvalid } from "./errors.ts";
import { operation } from "./kit.ts";
import { requireOwnKeysOrRole } from "./session-rights.ts";

/** A key id carries its account, so the key need not be there any more. */
export const getAccessKeyInfo = operation("GetAccessKeyInfo", {
  authorize(_input, context) {
    requireOwnKeysOrRole(context, "GetAccessKeyInfo");
    return { action: "sts:GetAccessKeyInfo", resource: "*" };
  },

  async handle({ AccessKeyId }) {
    const account = accountOfAccessKeyId(AccessKeyId);
    if (account === undefined) throw accessKeyInvalid(AccessKeyId);
    return { Account: account };
  },
});
