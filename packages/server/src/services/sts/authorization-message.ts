/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html */
import { decodeRefusal } from "../../kernel/encoded-refusal.ts";
import { messageInvalid } from "./errors.ts";
import { operation } from "./kit.ts";
import { requireOwnKeysOrRole } from "./session-rights.ts";

export const decodeAuthorizationMessage = operation("DecodeAuthorizationMessage", {
  authorize(_input, context) {
    requireOwnKeysOrRole(context, "DecodeAuthorizationMessage");
    return { action: "sts:DecodeAuthorizationMessage", resource: "*" };
  },

  async handle({ EncodedMessage }, { keys }) {
    const message = decodeRefusal(keys, EncodedMessage);
    if (message === undefined) throw messageInvalid();
    return { DecodedMessage: message };
  },
});
